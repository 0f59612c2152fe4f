/** The documents about sessions: their histories, what is wrong with them, what changed in their folders. */

import {
  commands,
  Disposable,
  type Event,
  type LogOutputChannel,
  l10n,
  Range,
  TextEditorRevealType,
  Uri,
  window,
  workspace,
} from "vscode";
import { Agents } from "../common/agents";
import { editorWords } from "../common/editor_words";
import { titleText } from "../common/labels";
import type { SessionChange, SessionMessage, SessionRow } from "../protocol/calls";
import { messageOf } from "../protocol/errors";
import type { Sidecar } from "../sidecar";
import { openChanges } from "./changes";
import { DiagnosisDocument } from "./diagnosis_document";
import { DocumentStore, type OpenPlace } from "./document_store";
import type { ShownDocument } from "./live_document";
import { withProgress } from "./progress";
import { type Means, SessionDocument } from "./session_document";
import { SideContents } from "./side_contents";
import { SideDocument } from "./side_document";
import { type DocumentRef, diagnosisUri, parseUri, sessionUri } from "./uris";

/** How a document is opened. */
export interface OpenOptions {
  /** Leave the focus where it is, such as in the tree. */
  readonly preserveFocus?: boolean;
}

/** Opens documents about sessions, and keeps the open ones up to date. */
export class Documents implements Disposable {
  private readonly means: Means;
  private readonly sides: SideContents;
  private readonly store: DocumentStore;
  private readonly disposables: Disposable;

  /** `refreshed` says that the sessions may have changed. */
  constructor(
    private readonly sidecar: Sidecar,
    refreshed: Event<void>,
    private readonly log: LogOutputChannel,
  ) {
    const agents = new Agents(() => sidecar.calls);
    this.means = { calls: () => sidecar.calls, agents, words: editorWords() };
    this.sides = new SideContents(() => sidecar.calls);
    this.store = new DocumentStore((ref, changed) => this.make(ref, changed));
    this.disposables = Disposable.from(
      this.store,
      refreshed(() => this.refresh()),
      sidecar.onDidChangeState((state) => this.serverChanged(state.kind === "running")),
      sidecar.notices.on("sessions/changed", ({ changes }) => this.sessionsChanged(changes)),
      sidecar.notices.on("sessions/message", (message) => this.take(message)),
      sidecar.notices.on("git/changed", () => this.foldersChanged()),
      commands.registerCommand("forkpoint.showEarlier", (uri?: unknown) => this.showEarlier(uri)),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Open a session's history, or show it where it is open, brought up to date. */
  async openSession(row: SessionRow, options: OpenOptions = {}): Promise<void> {
    const ref: DocumentRef = { kind: "session", sessionId: row.sessionId };
    const place = this.store.place(ref, sessionUri(row.sessionId, row.title));
    const document = this.store.at(place.uri);
    if (document instanceof SessionDocument) {
      await withProgress(l10n.t("Reading the session…"), "whole", () => document.begin(row));
    }
    await show(place, options);
  }

  /** The number of the turn in which the cursor stands, when a session's document is looked at. */
  turnAtCursor(sessionId: string): number | undefined {
    const editor = window.activeTextEditor;
    const ref = editor && parseUri(editor.document.uri);
    const isShown = ref?.kind === "session" && ref.sessionId === sessionId;
    return editor && isShown ? this.store.turnAt(editor.document.uri, editor.selection.active.line) : undefined;
  }

  /** Compare a session's folder with the last commit. Errors: those of git/diffStats. */
  async openChanges(row: SessionRow): Promise<void> {
    this.sides.forget();
    await openChanges(this.sidecar, row);
    this.update();
  }

  /** Open what is wrong with a session's files, checked anew. */
  async openDiagnosis(row: SessionRow): Promise<void> {
    const ref: DocumentRef = { kind: "diagnosis", sessionId: row.sessionId };
    const name = l10n.t("Diagnosis of {0}", titleText(row, this.means.words.t));
    const place = this.store.place(ref, diagnosisUri(row.sessionId, name));
    const document = this.store.at(place.uri);
    if (document instanceof DiagnosisDocument) {
      await withProgress(l10n.t("Checking the session's files…"), "whole", () => document.renew());
    }
    await show(place, {});
  }

  private make(ref: DocumentRef, changed: (moved: number) => void): ShownDocument {
    switch (ref.kind) {
      case "session":
        return new SessionDocument(this.means, ref.sessionId, changed);
      case "diagnosis":
        return new DiagnosisDocument(this.means, ref.sessionId, changed);
      case "side":
        return new SideDocument(this.sides, ref, this.means.words.t, () => changed(0));
    }
  }

  private serverChanged(isRunning: boolean): void {
    this.means.agents.forget();
    for (const document of isRunning ? this.store.seen : []) {
      if (document instanceof SessionDocument) {
        void document.begun();
      }
    }
  }

  /** What is not seen is brought up to date when it is. */
  private sessionsChanged(changes: readonly SessionChange[]): void {
    const ids = new Set(changes.map(({ sessionId }) => sessionId));
    for (const document of this.store.seen) {
      const isMeant = document instanceof SessionDocument || document instanceof DiagnosisDocument;
      if (isMeant && (ids.has(document.sessionId) || ids.has(undefined))) {
        void document.update();
      }
    }
  }

  private take(message: SessionMessage): void {
    for (const document of this.store.seen) {
      if (document instanceof SessionDocument) {
        document.take(message);
      }
    }
  }

  private foldersChanged(): void {
    this.sides.forget();
    for (const document of this.store.seen) {
      if (document instanceof SideDocument) {
        void document.update();
      }
    }
  }

  private refresh(): void {
    this.sides.forget();
    this.update();
  }

  private update(): void {
    this.store.refresh().catch((error: unknown) => {
      this.log.error(`documents were not brought up to date: ${messageOf(error)}`);
    });
  }

  /** Show earlier entries in a document, by default in the one that is looked at. */
  private async showEarlier(argument: unknown): Promise<void> {
    const uri = typeof argument === "string" ? Uri.parse(argument) : window.activeTextEditor?.document.uri;
    const document = uri === undefined ? undefined : this.store.at(uri);
    if (uri === undefined || !(document instanceof SessionDocument)) {
      return;
    }
    const before = lineCount(document);
    const line = document.rendering.moreLine ?? 0;
    await withProgress(l10n.t("Reading earlier entries…"), "whole", () => document.showEarlier());
    revealAfterChange(uri, line, lineCount(document) - before);
  }
}

async function show(place: OpenPlace, options: OpenOptions): Promise<void> {
  const document = await workspace.openTextDocument(place.uri);
  await window.showTextDocument(document, {
    preview: true,
    preserveFocus: options.preserveFocus ?? false,
    ...(place.viewColumn === undefined ? {} : { viewColumn: place.viewColumn }),
  });
}

function lineCount(document: ShownDocument): number {
  return document.rendering.text.split("\n").length;
}

/** Once the editor has the new text, show what was at a line before lines were added there. */
function revealAfterChange(uri: Uri, line: number, added: number): void {
  if (added <= 0) {
    return;
  }
  const address = uri.toString();
  const listener = workspace.onDidChangeTextDocument(({ document }) => {
    if (document.uri.toString() === address) {
      listener.dispose();
      const editor = window.visibleTextEditors.find((item) => item.document === document);
      const moved = new Range(line + added, 0, line + added, 0);
      editor?.revealRange(moved, TextEditorRevealType.InCenter);
    }
  });
}
