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
import { Announcements } from "./announcements";
import { PlaceKeeper, TAKEN_WHOLE } from "./keep_place";
import type { ShownDocument, TurnPlace } from "./live_document";
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
  private readonly places = new PlaceKeeper();
  private readonly announcements = new Announcements((address) => {
    this.contentChanged.fire(Uri.parse(address));
    this.lensesChanged.fire();
  });
  private readonly disposables: Disposable;

  /**
   * `make` makes the document of an address; it calls `changed` when its text is another than before, with how many
   * lines what one reads in it has moved down.
   */
  constructor(private readonly make: (ref: DocumentRef, changed: (moved: number) => void) => ShownDocument) {
    this.disposables = Disposable.from(
      this.contentChanged,
      this.lensesChanged,
      this.places,
      this.announcements,
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) {
          this.announcements.taken(document.uri.toString());
        }
      }),
      workspace.registerTextDocumentContentProvider(SCHEME, this),
      languages.registerCodeLensProvider({ scheme: SCHEME }, this),
      languages.registerDocumentLinkProvider({ scheme: SCHEME }, this),
      workspace.onDidCloseTextDocument((document) => this.forget(document.uri)),
      window.onDidChangeVisibleTextEditors(() => this.look()),
      workspace.onDidGrantWorkspaceTrust(() => this.lensesChanged.fire()),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("forkpoint.readOnly")) {
          this.lensesChanged.fire();
        }
      }),
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
    const shown = this.documents.get(document.uri.toString());
    if (shown === undefined) {
      return [];
    }
    const { moreLine, turns = [] } = shown.rendering;
    const isShort = shown.rendering.text.length < TAKEN_WHOLE; // the lenses of a text that is replaced come and go
    const isChangeable = workspace.isTrusted && workspace.getConfiguration("forkpoint").get("readOnly") !== true;
    const lenses = isShort && isChangeable ? turns.flatMap((turn) => forkLenses(turn, document.uri)) : [];
    if (moreLine !== undefined) {
      lenses.push(lens(moreLine, "forkpoint.showEarlier", l10n.t("Show earlier entries"), document.uri.toString()));
    }
    return lenses.filter(({ range }) => range.start.line < document.lineCount);
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
    const made = this.make(ref, (moved) => {
      this.places.expect(uri, moved);
      this.announcements.announce(key);
    });
    this.documents.set(key, made);
    made.setSeen?.(visibleUris().has(key));
    return made;
  }

  /** The number of the turn that stands on a line of a document; undefined when none does, or it is not known. */
  turnAt(uri: Uri, line: number): number | undefined {
    const turns = this.documents.get(uri.toString())?.rendering.turns ?? [];
    return turns.filter((turn) => turn.line <= line).at(-1)?.turn;
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

  /** The documents that somebody sees. */
  get seen(): readonly ShownDocument[] {
    return [...visibleUris()].flatMap((uri) => this.documents.get(uri) ?? []);
  }

  /** Bring every open document up to date; one round at a time, with one repeat queued. */
  refresh(): Promise<void> {
    return this.refreshing.run();
  }

  private look(): void {
    const visible = visibleUris();
    for (const [uri, document] of this.documents) {
      document.setSeen?.(visible.has(uri));
    }
  }

  private forget(uri: Uri): void {
    this.documents.get(uri.toString())?.setSeen?.(false);
    this.documents.delete(uri.toString());
    this.announcements.forget(uri.toString());
  }

  private async updateAll(): Promise<void> {
    const loaded = [...this.documents.values()].filter((document) => document.isLoaded);
    await Promise.all(loaded.map((document) => document.update()));
  }
}

function visibleUris(): ReadonlySet<string> {
  return new Set(window.visibleTextEditors.map(({ document }) => document.uri.toString()));
}

/** What can be done at the beginning of a turn. */
function forkLenses({ line, turn, entryId }: TurnPlace, uri: Uri): CodeLens[] {
  const address = uri.toString();
  const before = lens(line, "forkpoint.forkAt", l10n.t("Fork before this turn"), address, {
    entryId,
    position: "before",
  });
  return turn === undefined
    ? [before]
    : [lens(line, "forkpoint.forkAt", l10n.t("Fork after this turn"), address, { turn }), before];
}

function lens(line: number, command: string, title: string, ...args: unknown[]): CodeLens {
  return new CodeLens(new Range(line, 0, line, 0), { command, title, arguments: args });
}
