"""What pygls answers to `initialize`. Generated: run `python3 dev.py generate` to write it anew."""

from forkpoint.lsp.early_reply import CapabilityTable

TABLE = CapabilityTable(
    result={
        "capabilities": {
            "positionEncoding": "utf-16",
            "textDocumentSync": {
                "openClose": False,
                "change": 0,
                "save": False,
            },
            "executeCommandProvider": {
                "commands": [
                    "forkpoint.server.agents.list",
                    "forkpoint.server.workDirs.list",
                    "forkpoint.server.workDirs.startup",
                    "forkpoint.server.workDirs.workspace",
                    "forkpoint.server.workDirs.relocate",
                    "forkpoint.server.sessions.list",
                    "forkpoint.server.sessions.get",
                    "forkpoint.server.sessions.diagnose",
                    "forkpoint.server.sessions.debug",
                    "forkpoint.server.sessions.subscribe",
                    "forkpoint.server.sessions.unsubscribe",
                    "forkpoint.server.sessions.create",
                    "forkpoint.server.sessions.update",
                    "forkpoint.server.sessions.fork",
                    "forkpoint.server.sessions.forkPlan",
                    "forkpoint.server.sessions.generateTitle",
                    "forkpoint.server.sessions.setExtension",
                    "forkpoint.server.sessions.delete",
                    "forkpoint.server.sessions.restore",
                    "forkpoint.server.sessions.generations",
                    "forkpoint.server.sessions.cleanup",
                    "forkpoint.server.history.read",
                    "forkpoint.server.history.turns",
                    "forkpoint.server.history.replay",
                    "forkpoint.server.messages.subscribe",
                    "forkpoint.server.messages.unsubscribe",
                    "forkpoint.server.git.diffStats",
                    "forkpoint.server.git.fileDiff",
                    "forkpoint.server.files.read",
                    "forkpoint.server.files.list",
                    "forkpoint.server.uploads.add",
                    "forkpoint.server.uploads.list",
                    "forkpoint.server.uploads.read",
                ],
            },
            "workspace": {
                "workspaceFolders": {
                    "supported": True,
                    "changeNotifications": True,
                },
                "fileOperations": {},
            },
            "experimental": {
                "forkpoint": {
                    "protocolVersion": 1,
                    "methods": [
                        "agents/list",
                        "workDirs/list",
                        "workDirs/startup",
                        "workDirs/workspace",
                        "workDirs/relocate",
                        "sessions/list",
                        "sessions/get",
                        "sessions/diagnose",
                        "sessions/debug",
                        "sessions/subscribe",
                        "sessions/unsubscribe",
                        "sessions/create",
                        "sessions/update",
                        "sessions/fork",
                        "sessions/forkPlan",
                        "sessions/generateTitle",
                        "sessions/setExtension",
                        "sessions/delete",
                        "sessions/restore",
                        "sessions/generations",
                        "sessions/cleanup",
                        "history/read",
                        "history/turns",
                        "history/replay",
                        "messages/subscribe",
                        "messages/unsubscribe",
                        "git/diffStats",
                        "git/fileDiff",
                        "files/read",
                        "files/list",
                        "uploads/add",
                        "uploads/list",
                        "uploads/read",
                    ],
                    "notifications": [
                        "history/chunk",
                        "sessions/changed",
                        "sessions/message",
                        "git/changed",
                    ],
                    "filters": [
                        "folders",
                        "excludeFolders",
                        "worktrees",
                        "agents",
                        "profiles",
                        "archived",
                        "text",
                        "activeWithinMs",
                        "parentSessionId",
                        "pinned",
                        "label",
                        "group",
                        "grouped",
                        "fresh",
                    ],
                },
            },
        },
        "serverInfo": {
            "name": "forkpoint",
            "version": "0.1.0",
        },
    },
    encodings=[
        "utf-8",
        "utf-16",
        "utf-32",
    ],
    switches=[
        (
            (
                "textDocument",
                "synchronization",
                "willSave",
            ),
            True,
            {
                "capabilities": {
                    "textDocumentSync": {
                        "willSave": False,
                    },
                },
            },
        ),
        (
            (
                "textDocument",
                "synchronization",
                "willSave",
            ),
            False,
            {
                "capabilities": {
                    "textDocumentSync": {
                        "willSave": False,
                    },
                },
            },
        ),
        (
            (
                "textDocument",
                "synchronization",
                "willSaveWaitUntil",
            ),
            True,
            {
                "capabilities": {
                    "textDocumentSync": {
                        "willSaveWaitUntil": False,
                    },
                },
            },
        ),
        (
            (
                "textDocument",
                "synchronization",
                "willSaveWaitUntil",
            ),
            False,
            {
                "capabilities": {
                    "textDocumentSync": {
                        "willSaveWaitUntil": False,
                    },
                },
            },
        ),
    ],
    shapes={
        "CallHierarchyClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "ChangeAnnotationsSupportOptions": {
            "groupsOnLabel?": "boolean",
        },
        "ClientCapabilities": {
            "workspace?": "@WorkspaceClientCapabilities",
            "textDocument?": "@TextDocumentClientCapabilities",
            "notebookDocument?": "@NotebookDocumentClientCapabilities",
            "window?": "@WindowClientCapabilities",
            "general?": "@GeneralClientCapabilities",
            "experimental?": "any",
        },
        "ClientCodeActionKindOptions": {
            "valueSet": (
                "list",
                "string",
            ),
        },
        "ClientCodeActionLiteralOptions": {
            "codeActionKind": "@ClientCodeActionKindOptions",
        },
        "ClientCodeActionResolveOptions": {
            "properties": (
                "list",
                "string",
            ),
        },
        "ClientCodeLensResolveOptions": {
            "properties": (
                "list",
                "string",
            ),
        },
        "ClientCompletionItemInsertTextModeOptions": {
            "valueSet": (
                "list",
                (
                    "enum",
                    1,
                    2,
                ),
            ),
        },
        "ClientCompletionItemOptions": {
            "snippetSupport?": "boolean",
            "commitCharactersSupport?": "boolean",
            "documentationFormat?": (
                "list",
                (
                    "enum",
                    "plaintext",
                    "markdown",
                ),
            ),
            "deprecatedSupport?": "boolean",
            "preselectSupport?": "boolean",
            "tagSupport?": "@CompletionItemTagOptions",
            "insertReplaceSupport?": "boolean",
            "resolveSupport?": "@ClientCompletionItemResolveOptions",
            "insertTextModeSupport?": "@ClientCompletionItemInsertTextModeOptions",
            "labelDetailsSupport?": "boolean",
        },
        "ClientCompletionItemOptionsKind": {
            "valueSet?": (
                "list",
                "integer",
            ),
        },
        "ClientCompletionItemResolveOptions": {
            "properties": (
                "list",
                "string",
            ),
        },
        "ClientDiagnosticsTagOptions": {
            "valueSet": (
                "list",
                (
                    "enum",
                    1,
                    2,
                ),
            ),
        },
        "ClientFoldingRangeKindOptions": {
            "valueSet?": (
                "list",
                "string",
            ),
        },
        "ClientFoldingRangeOptions": {
            "collapsedText?": "boolean",
        },
        "ClientInfo": {
            "name": "string",
            "version?": "string",
        },
        "ClientInlayHintResolveOptions": {
            "properties": (
                "list",
                "string",
            ),
        },
        "ClientSemanticTokensRequestFullDelta": {
            "delta?": "boolean",
        },
        "ClientSemanticTokensRequestOptions": {
            "range?": "any",
            "full?": (
                "one of",
                "boolean",
                "@ClientSemanticTokensRequestFullDelta",
            ),
        },
        "ClientShowMessageActionItemOptions": {
            "additionalPropertiesSupport?": "boolean",
        },
        "ClientSignatureInformationOptions": {
            "documentationFormat?": (
                "list",
                (
                    "enum",
                    "plaintext",
                    "markdown",
                ),
            ),
            "parameterInformation?": "@ClientSignatureParameterInformationOptions",
            "activeParameterSupport?": "boolean",
            "noActiveParameterSupport?": "boolean",
        },
        "ClientSignatureParameterInformationOptions": {
            "labelOffsetSupport?": "boolean",
        },
        "ClientSymbolKindOptions": {
            "valueSet?": (
                "list",
                (
                    "enum",
                    1,
                    2,
                    3,
                    4,
                    5,
                    6,
                    7,
                    8,
                    9,
                    10,
                    11,
                    12,
                    13,
                    14,
                    15,
                    16,
                    17,
                    18,
                    19,
                    20,
                    21,
                    22,
                    23,
                    24,
                    25,
                    26,
                ),
            ),
        },
        "ClientSymbolResolveOptions": {
            "properties": (
                "list",
                "string",
            ),
        },
        "ClientSymbolTagOptions": {
            "valueSet": (
                "list",
                (
                    "enum",
                    1,
                ),
            ),
        },
        "CodeActionClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "codeActionLiteralSupport?": "@ClientCodeActionLiteralOptions",
            "isPreferredSupport?": "boolean",
            "disabledSupport?": "boolean",
            "dataSupport?": "boolean",
            "resolveSupport?": "@ClientCodeActionResolveOptions",
            "honorsChangeAnnotations?": "boolean",
            "documentationSupport?": "boolean",
            "tagSupport?": "@CodeActionTagOptions",
        },
        "CodeActionTagOptions": {
            "valueSet": (
                "list",
                (
                    "enum",
                    1,
                ),
            ),
        },
        "CodeLensClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "resolveSupport?": "@ClientCodeLensResolveOptions",
        },
        "CodeLensWorkspaceClientCapabilities": {
            "refreshSupport?": "boolean",
        },
        "CompletionClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "completionItem?": "@ClientCompletionItemOptions",
            "completionItemKind?": "@ClientCompletionItemOptionsKind",
            "insertTextMode?": (
                "enum",
                1,
                2,
            ),
            "contextSupport?": "boolean",
            "completionList?": "@CompletionListCapabilities",
        },
        "CompletionItemTagOptions": {
            "valueSet": (
                "list",
                (
                    "enum",
                    1,
                ),
            ),
        },
        "CompletionListCapabilities": {
            "itemDefaults?": (
                "list",
                "string",
            ),
            "applyKindSupport?": "boolean",
        },
        "DeclarationClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "linkSupport?": "boolean",
        },
        "DefinitionClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "linkSupport?": "boolean",
        },
        "DiagnosticClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "relatedDocumentSupport?": "boolean",
            "relatedInformation?": "boolean",
            "tagSupport?": "@ClientDiagnosticsTagOptions",
            "codeDescriptionSupport?": "boolean",
            "dataSupport?": "boolean",
        },
        "DiagnosticWorkspaceClientCapabilities": {
            "refreshSupport?": "boolean",
        },
        "DidChangeConfigurationClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "DidChangeWatchedFilesClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "relativePatternSupport?": "boolean",
        },
        "DocumentColorClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "DocumentFormattingClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "DocumentHighlightClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "DocumentLinkClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "tooltipSupport?": "boolean",
        },
        "DocumentOnTypeFormattingClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "DocumentRangeFormattingClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "rangesSupport?": "boolean",
        },
        "DocumentSymbolClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "symbolKind?": "@ClientSymbolKindOptions",
            "hierarchicalDocumentSymbolSupport?": "boolean",
            "tagSupport?": "@ClientSymbolTagOptions",
            "labelSupport?": "boolean",
        },
        "ExecuteCommandClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "FileOperationClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "didCreate?": "boolean",
            "willCreate?": "boolean",
            "didRename?": "boolean",
            "willRename?": "boolean",
            "didDelete?": "boolean",
            "willDelete?": "boolean",
        },
        "FoldingRangeClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "rangeLimit?": "integer",
            "lineFoldingOnly?": "boolean",
            "foldingRangeKind?": "@ClientFoldingRangeKindOptions",
            "foldingRange?": "@ClientFoldingRangeOptions",
        },
        "FoldingRangeWorkspaceClientCapabilities": {
            "refreshSupport?": "boolean",
        },
        "GeneralClientCapabilities": {
            "staleRequestSupport?": "@StaleRequestSupportOptions",
            "regularExpressions?": "@RegularExpressionsClientCapabilities",
            "markdown?": "@MarkdownClientCapabilities",
            "positionEncodings?": (
                "list",
                "string",
            ),
        },
        "HoverClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "contentFormat?": (
                "list",
                (
                    "enum",
                    "plaintext",
                    "markdown",
                ),
            ),
        },
        "ImplementationClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "linkSupport?": "boolean",
        },
        "InitializeParams": {
            "capabilities": "@ClientCapabilities",
            "processId?": "integer",
            "clientInfo?": "@ClientInfo",
            "locale?": "string",
            "rootPath?": "string",
            "rootUri?": "string",
            "initializationOptions?": "any",
            "trace?": (
                "enum",
                "off",
                "messages",
                "verbose",
            ),
            "workDoneToken?": (
                "one of",
                "integer",
                "string",
            ),
            "workspaceFolders?": (
                "list",
                "@WorkspaceFolder",
            ),
        },
        "InlayHintClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "resolveSupport?": "@ClientInlayHintResolveOptions",
        },
        "InlayHintWorkspaceClientCapabilities": {
            "refreshSupport?": "boolean",
        },
        "InlineCompletionClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "InlineValueClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "InlineValueWorkspaceClientCapabilities": {
            "refreshSupport?": "boolean",
        },
        "LinkedEditingRangeClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "MarkdownClientCapabilities": {
            "parser": "string",
            "version?": "string",
            "allowedTags?": (
                "list",
                "string",
            ),
        },
        "MonikerClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "NotebookDocumentClientCapabilities": {
            "synchronization": "@NotebookDocumentSyncClientCapabilities",
        },
        "NotebookDocumentSyncClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "executionSummarySupport?": "boolean",
        },
        "PublishDiagnosticsClientCapabilities": {
            "versionSupport?": "boolean",
            "relatedInformation?": "boolean",
            "tagSupport?": "@ClientDiagnosticsTagOptions",
            "codeDescriptionSupport?": "boolean",
            "dataSupport?": "boolean",
        },
        "ReferenceClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "RegularExpressionsClientCapabilities": {
            "engine": "string",
            "version?": "string",
        },
        "RenameClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "prepareSupport?": "boolean",
            "prepareSupportDefaultBehavior?": (
                "enum",
                1,
            ),
            "honorsChangeAnnotations?": "boolean",
        },
        "SelectionRangeClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "SemanticTokensClientCapabilities": {
            "requests": "@ClientSemanticTokensRequestOptions",
            "tokenTypes": (
                "list",
                "string",
            ),
            "tokenModifiers": (
                "list",
                "string",
            ),
            "formats": (
                "list",
                (
                    "enum",
                    "relative",
                ),
            ),
            "dynamicRegistration?": "boolean",
            "overlappingTokenSupport?": "boolean",
            "multilineTokenSupport?": "boolean",
            "serverCancelSupport?": "boolean",
            "augmentsSyntaxTokens?": "boolean",
        },
        "SemanticTokensWorkspaceClientCapabilities": {
            "refreshSupport?": "boolean",
        },
        "ShowDocumentClientCapabilities": {
            "support": "boolean",
        },
        "ShowMessageRequestClientCapabilities": {
            "messageActionItem?": "@ClientShowMessageActionItemOptions",
        },
        "SignatureHelpClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "signatureInformation?": "@ClientSignatureInformationOptions",
            "contextSupport?": "boolean",
        },
        "StaleRequestSupportOptions": {
            "cancel": "boolean",
            "retryOnContentModified": (
                "list",
                "string",
            ),
        },
        "TextDocumentClientCapabilities": {
            "synchronization?": "@TextDocumentSyncClientCapabilities",
            "filters?": "@TextDocumentFilterClientCapabilities",
            "completion?": "@CompletionClientCapabilities",
            "hover?": "@HoverClientCapabilities",
            "signatureHelp?": "@SignatureHelpClientCapabilities",
            "declaration?": "@DeclarationClientCapabilities",
            "definition?": "@DefinitionClientCapabilities",
            "typeDefinition?": "@TypeDefinitionClientCapabilities",
            "implementation?": "@ImplementationClientCapabilities",
            "references?": "@ReferenceClientCapabilities",
            "documentHighlight?": "@DocumentHighlightClientCapabilities",
            "documentSymbol?": "@DocumentSymbolClientCapabilities",
            "codeAction?": "@CodeActionClientCapabilities",
            "codeLens?": "@CodeLensClientCapabilities",
            "documentLink?": "@DocumentLinkClientCapabilities",
            "colorProvider?": "@DocumentColorClientCapabilities",
            "formatting?": "@DocumentFormattingClientCapabilities",
            "rangeFormatting?": "@DocumentRangeFormattingClientCapabilities",
            "onTypeFormatting?": "@DocumentOnTypeFormattingClientCapabilities",
            "rename?": "@RenameClientCapabilities",
            "foldingRange?": "@FoldingRangeClientCapabilities",
            "selectionRange?": "@SelectionRangeClientCapabilities",
            "publishDiagnostics?": "@PublishDiagnosticsClientCapabilities",
            "callHierarchy?": "@CallHierarchyClientCapabilities",
            "semanticTokens?": "@SemanticTokensClientCapabilities",
            "linkedEditingRange?": "@LinkedEditingRangeClientCapabilities",
            "moniker?": "@MonikerClientCapabilities",
            "typeHierarchy?": "@TypeHierarchyClientCapabilities",
            "inlineValue?": "@InlineValueClientCapabilities",
            "inlayHint?": "@InlayHintClientCapabilities",
            "diagnostic?": "@DiagnosticClientCapabilities",
            "inlineCompletion?": "@InlineCompletionClientCapabilities",
        },
        "TextDocumentContentClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "TextDocumentFilterClientCapabilities": {
            "relativePatternSupport?": "boolean",
        },
        "TextDocumentSyncClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "willSave?": "boolean",
            "willSaveWaitUntil?": "boolean",
            "didSave?": "boolean",
        },
        "TypeDefinitionClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "linkSupport?": "boolean",
        },
        "TypeHierarchyClientCapabilities": {
            "dynamicRegistration?": "boolean",
        },
        "WindowClientCapabilities": {
            "workDoneProgress?": "boolean",
            "showMessage?": "@ShowMessageRequestClientCapabilities",
            "showDocument?": "@ShowDocumentClientCapabilities",
        },
        "WorkspaceClientCapabilities": {
            "applyEdit?": "boolean",
            "workspaceEdit?": "@WorkspaceEditClientCapabilities",
            "didChangeConfiguration?": "@DidChangeConfigurationClientCapabilities",
            "didChangeWatchedFiles?": "@DidChangeWatchedFilesClientCapabilities",
            "symbol?": "@WorkspaceSymbolClientCapabilities",
            "executeCommand?": "@ExecuteCommandClientCapabilities",
            "workspaceFolders?": "boolean",
            "configuration?": "boolean",
            "semanticTokens?": "@SemanticTokensWorkspaceClientCapabilities",
            "codeLens?": "@CodeLensWorkspaceClientCapabilities",
            "fileOperations?": "@FileOperationClientCapabilities",
            "inlineValue?": "@InlineValueWorkspaceClientCapabilities",
            "inlayHint?": "@InlayHintWorkspaceClientCapabilities",
            "diagnostics?": "@DiagnosticWorkspaceClientCapabilities",
            "foldingRange?": "@FoldingRangeWorkspaceClientCapabilities",
            "textDocumentContent?": "@TextDocumentContentClientCapabilities",
        },
        "WorkspaceEditClientCapabilities": {
            "documentChanges?": "boolean",
            "resourceOperations?": (
                "list",
                (
                    "enum",
                    "create",
                    "rename",
                    "delete",
                ),
            ),
            "failureHandling?": (
                "enum",
                "abort",
                "transactional",
                "textOnlyTransactional",
                "undo",
            ),
            "normalizesLineEndings?": "boolean",
            "changeAnnotationSupport?": "@ChangeAnnotationsSupportOptions",
            "metadataSupport?": "boolean",
            "snippetEditSupport?": "boolean",
        },
        "WorkspaceFolder": {
            "uri": "string",
            "name": "string",
        },
        "WorkspaceSymbolClientCapabilities": {
            "dynamicRegistration?": "boolean",
            "symbolKind?": "@ClientSymbolKindOptions",
            "tagSupport?": "@ClientSymbolTagOptions",
            "resolveSupport?": "@ClientSymbolResolveOptions",
        },
    },
)
