/** Our open documents, as the editor asks for them. */

import {
  CodeLens,
  type CodeLensProvider,
  Disposable,
  DocumentLink,
  type DocumentLinkProvider,
  EventEmitter,
  l10n,
  languages,
  Range,
  TabInputText,
  type TextDocument,
  type TextDocumentContentProvider,
  Uri,
  type ViewColumn,
  window,
  workspace,
} from "vscode";
import { SingleFlight } from "../common/single_flight";
import type { ShownDocument } from "./live_document";
import { type DocumentRef, parseUri, SCHEME, sameDocument, type UriParts } from "./uris";

/** Where a document is open. */
export interface OpenPlace {
  readonly uri: Uri;
  /** The group of editors with its tab; undefined when it has none. */
  readonly viewColumn: ViewColumn | undefined;
}

/** Gives the editor the texts of our documents, and forgets them when it closes them. */
export class DocumentStore implements TextDocumentContentProvider, CodeLensProvider, DocumentLinkProvider, Disposable {
  private readonly documents = new Map<string, ShownDocument>();
  private readonly contentChanged = new EventEmitter<Uri>();
  private readonly lensesChanged = new EventEmitter<void>();
  readonly onDidChange = this.contentChanged.event;
  readonly onDidChangeCodeLenses = this.lensesChanged.event;
  private readonly refreshing = new SingleFlight(() => this.updateAll());
  private readonly disposables: Disposable;

  /** `make` makes the document of an address; it calls `changed` when its text is another than before. */
  constructor(private readonly make: (ref: DocumentRef, changed: () => void) => ShownDocument) {
    this.disposables = Disposable.from(
      this.contentChanged,
      this.lensesChanged,
      workspace.registerTextDocumentContentProvider(SCHEME, this),
      languages.registerCodeLensProvider({ scheme: SCHEME }, this),
      languages.registerDocumentLinkProvider({ scheme: SCHEME }, this),
      workspace.onDidCloseTextDocument((document) => this.documents.delete(document.uri.toString())),
    );
  }

  dispose(): void {
    this.disposables.dispose();
    this.documents.clear();
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const document = this.at(uri);
    if (document === undefined) {
      return l10n.t("Nothing is known under this address.");
    }
    if (!document.isLoaded) {
      await document.update();
    }
    return document.rendering.text;
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    const line = this.documents.get(document.uri.toString())?.rendering.moreLine;
    if (line === undefined || line >= document.lineCount) {
      return [];
    }
    const command = {
      command: "forkpoint.showEarlier",
      title: l10n.t("Show earlier entries"),
      arguments: [document.uri.toString()],
    };
    return [new CodeLens(new Range(line, 0, line, 0), command)];
  }

  provideDocumentLinks(document: TextDocument): DocumentLink[] {
    const links = this.documents.get(document.uri.toString())?.rendering.links ?? [];
    return links.map(({ line, start, end, path, target }) => {
      return new DocumentLink(new Range(line, start, line, end), Uri.file(path).with({ fragment: `L${target}` }));
    });
  }

  /** The document of an address, made if it is not open; undefined for an address that is not ours. */
  at(uri: Uri): ShownDocument | undefined {
    const key = uri.toString();
    const known = this.documents.get(key);
    const ref = parseUri(uri);
    if (known !== undefined || ref === undefined) {
      return known;
    }
    const made = this.make(ref, () => {
      this.contentChanged.fire(uri);
      this.lensesChanged.fire();
    });
    this.documents.set(key, made);
    return made;
  }

  /** Where a document is open, under whatever name, else the address it gets. */
  place(ref: DocumentRef, otherwise: UriParts): OpenPlace {
    const shows = (uri: Uri) => {
      const other = parseUri(uri);
      return other !== undefined && sameDocument(ref, other);
    };
    for (const { tabs, viewColumn } of window.tabGroups.all) {
      for (const { input } of tabs) {
        if (input instanceof TabInputText && shows(input.uri)) {
          return { uri: input.uri, viewColumn };
        }
      }
    }
    const open = workspace.textDocuments.find((document) => shows(document.uri));
    return { uri: open?.uri ?? Uri.from(otherwise), viewColumn: undefined };
  }

  /** Bring every open document up to date; one round at a time, with one repeat queued. */
  refresh(): Promise<void> {
    return this.refreshing.run();
  }

  private async updateAll(): Promise<void> {
    const loaded = [...this.documents.values()].filter((document) => document.isLoaded);
    await Promise.all(loaded.map((document) => document.update()));
  }
}
