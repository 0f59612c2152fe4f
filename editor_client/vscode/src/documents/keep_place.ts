/** Keeping in sight what somebody reads while a document changes around it. */

import {
  Disposable,
  Position,
  Range,
  Selection,
  type TextDocumentChangeEvent,
  type TextEditor,
  TextEditorRevealType,
  type Uri,
  window,
  workspace,
} from "vscode";
import { EndInSight } from "./end_in_sight";
import { SCHEME } from "./uris";

/**
 * Characters from which on the editor does not look for what has changed, but takes a text for another one: what is in
 * sight stays, as long as nothing stands between the lines, and selections have to be made anew.
 */
export const TAKEN_WHOLE = 100_000;

/** Milliseconds in which the editor tells of what the reader did before the document grew: who left is not called back. */
const HEARD_BY = 100;

/** Where the end of a document of ours is in sight, it stays so when it grows; elsewhere the editor keeps the place. */
export class PlaceKeeper implements Disposable {
  private readonly ends = new WeakMap<TextEditor, EndInSight>();
  /** By how many lines what is read in a document moves down with its next change. */
  private readonly moves = new Map<string, number>();
  private readonly timers = new Map<TextEditor, NodeJS.Timeout>();
  private readonly listening = Disposable.from(
    workspace.onDidChangeTextDocument((change) => this.changed(change)),
    window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.scrolled(textEditor)),
  );

  dispose(): void {
    this.listening.dispose();
    for (const timer of this.timers.values()) {
      clearTimeout(timer);
    }
  }

  /** A document is about to change, and what stands in it to move down by so many lines. */
  expect(uri: Uri, moved: number): void {
    const address = uri.toString();
    const editors = window.visibleTextEditors.filter(({ document }) => document.uri.toString() === address);
    for (const editor of editors) {
      this.endIn(editor);
    }
    if (editors.length > 0) {
      this.moves.set(address, (this.moves.get(address) ?? 0) + moved);
    }
  }

  private changed({ document, contentChanges }: TextDocumentChangeEvent): void {
    if (document.uri.scheme !== SCHEME || contentChanges.length === 0) {
      return;
    }
    const address = document.uri.toString();
    const moved = this.moves.get(address) ?? 0;
    this.moves.delete(address);
    const isReplaced = contentChanges.some(({ rangeLength }) => rangeLength > TAKEN_WHOLE);
    for (const editor of window.visibleTextEditors.filter((one) => one.document === document)) {
      const end = this.ends.get(editor);
      end?.grown(document.lineCount, Date.now());
      if (end?.isFollowed === true && !this.timers.has(editor)) {
        this.timers.set(
          editor,
          setTimeout(() => this.showIfFollowed(editor), HEARD_BY),
        );
      }
      if (isReplaced) {
        select(editor, moved);
      }
    }
  }

  private showIfFollowed(editor: TextEditor): void {
    this.timers.delete(editor);
    if (this.ends.get(editor)?.isFollowed === true && window.visibleTextEditors.includes(editor)) {
      showEnd(editor);
    }
  }

  private scrolled(editor: TextEditor): void {
    if (editor.document.uri.scheme === SCHEME && this.endIn(editor).scrolled(lastSeen(editor), Date.now())) {
      showEnd(editor);
    }
  }

  private endIn(editor: TextEditor): EndInSight {
    const known = this.ends.get(editor) ?? new EndInSight(editor.document.lineCount, lastSeen(editor));
    this.ends.set(editor, known);
    return known;
  }
}

function lastSeen({ visibleRanges }: TextEditor): number {
  return visibleRanges.at(-1)?.end.line ?? 0;
}

function showEnd(editor: TextEditor): void {
  const line = editor.document.lineCount - 1;
  editor.revealRange(new Range(line, 0, line, 0), TextEditorRevealType.Default);
}

function select(editor: TextEditor, moved: number): void {
  const down = ({ line, character }: Position) => new Position(Math.max(0, line + moved), character);
  editor.selections = editor.selections.map(({ anchor, active }) => new Selection(down(anchor), down(active)));
}
