/** Changing sessions, one or many at once, with a way back. */

import { commands, l10n, window } from "vscode";
import { editorWords } from "../common/editor_words";
import { failureText } from "../common/failure_text";
import { titleText } from "../common/labels";
import type { SessionRow, UpdateSessionParams, UpdateSessionResult } from "../protocol/calls";
import { errorKind } from "../protocol/errors";
import type { Sidecar } from "../sidecar";
import { doEach, type Outcome, together } from "./batch";
import { doneText, outcomeText, shortTitle, type Told, type Verb } from "./change_text";
import { withCourse } from "./course";
import { LeftAlone, type Reversal, reversalOf, takeBack } from "./reversal";
import { type Step, UndoStack } from "./undo";

/** The fields of a change; null clears. */
export type Fields = Omit<UpdateSessionParams, "sessionId" | "ifRevision">;

/** A session by what a change needs of it. */
export type Named = Pick<SessionRow, "sessionId" | "title">;

/** What the changer works with. */
export interface ChangerParts {
  readonly sidecar: Sidecar;
  /** Shows what was changed; never rejects. */
  refresh(): Promise<void>;
}

/** Milliseconds for which the status bar says what was changed. */
const STATUS = 5000;
/** Changes after which something is out of sight: they are told in a notification, with a way back. */
const TOLD: ReadonlySet<Verb> = new Set(["archive", "delete", "deleteForGood"]);

/** Changes sessions; what goes wrong is told. A session that it is at is left alone by a second call. */
export class Changer {
  private readonly words = editorWords();
  private readonly claimed = new Set<string>();
  private readonly undoable = new UndoStack((any) => {
    void commands.executeCommand("setContext", "forkpoint.canUndo", any);
  });

  constructor(private readonly parts: ChangerParts) {}

  /** Change fields of sessions. */
  async update(rows: readonly Named[], fields: Fields, verb: Verb): Promise<void> {
    const { calls } = this.parts.sidecar;
    const outcome = await this.each(rows, verb, ({ sessionId }) => calls.updateSession({ sessionId, ...fields }));
    this.tell(verb, toldOf(outcome), reversalsOf(outcome));
  }

  /** Give sessions titles made of their first words; those that a person named only after a question. */
  async generateTitles(rows: readonly Named[]): Promise<void> {
    const { calls } = this.parts.sidecar;
    const titled = (force: boolean) => async (row: Named) => {
      const result = await calls.generateSessionTitle({ sessionId: row.sessionId, force });
      if (result.reason === "noText") {
        throw new Error(l10n.t("Nothing was said yet that a title could be made of."));
      }
      return result;
    };
    let outcome = await this.each(rows, "rename", titled(false));
    const own = outcome.done.filter(({ result }) => result.reason === "customTitle").map(({ item }) => item);
    outcome = { ...outcome, done: outcome.done.filter(({ item }) => !own.includes(item)) };
    if (own.length > 0 && (await this.confirmOwnTitles(own))) {
      outcome = together(outcome, await this.each(own, "rename", titled(true)));
    }
    const done = outcome.done.map(({ item, result }) => ({ item: { ...item, title: result.session.title }, result }));
    this.tell("rename", toldOf({ ...outcome, done }), reversalsOf(outcome));
  }

  /** Move sessions to the trash; those that somebody works on only after a question. */
  async remove(rows: readonly Named[]): Promise<void> {
    const { calls } = this.parts.sidecar;
    const removed = (stop: boolean) => (row: Named) => calls.deleteSession({ sessionId: row.sessionId, stop });
    let outcome = await this.each(rows, "delete", removed(false));
    const busy = outcome.failed.filter(({ error }) => errorKind(error) === "sessionBusy");
    if (busy.length > 0) {
      outcome = { ...outcome, failed: outcome.failed.filter((failure) => !busy.includes(failure)) };
      if (await this.confirmBusy(busy)) {
        const items = busy.map(({ item }) => item);
        outcome = together(outcome, await this.each(items, "delete", removed(true)));
      }
    }
    const reversals = outcome.done.flatMap(({ item, result: { trashId } }): Reversal[] =>
      trashId === undefined ? [] : [{ kind: "restore", sessionId: item.sessionId, trashId }],
    );
    this.tell("delete", toldOf(outcome), reversals);
  }

  /** Take a step back, the last one without a name. What cannot be taken back now can be tried again. */
  async undo(wanted?: Step): Promise<void> {
    const step = this.undoable.take(wanted);
    if (step === undefined) {
      window.setStatusBarMessage(l10n.t("There is nothing to undo."), STATUS);
      return;
    }
    const { calls } = this.parts.sidecar;
    const reversals = [...step.reversals].reverse();
    const outcome = await this.each(reversals, "undo", (reversal) => takeBack(reversal, calls, this.words.t));
    const again = step.reversals.filter((each) => !outcome.done.some(({ item }) => item === each));
    this.undoable.push({ ...step, reversals: again.filter((each) => mayComeBack(each, outcome)) });
    const done = outcome.done.map(({ result }) => titleText(result, this.words.t));
    const verb = step.reversals.every(({ kind }) => kind === "remove") ? "delete" : "undo";
    this.tell(verb, { done, errors: outcome.failed.map(({ error }) => error) }, []);
  }

  /** Note that a session was made, so that this can be taken back; gives the step for it. */
  made({ sessionId, title, turnCount = 0 }: SessionRow): Step | undefined {
    return this.undoable.push({ title, reversals: [{ kind: "remove", sessionId, turns: turnCount }] });
  }

  /** Do something to many, each claimed for it, with one progress for all; then show what came of it. */
  async each<T extends { readonly sessionId: string }, R>(
    items: readonly T[],
    verb: Verb,
    work: (item: T) => Promise<R>,
  ): Promise<Outcome<T, R>> {
    const free = items.filter(({ sessionId }) => !this.claimed.has(sessionId));
    for (const { sessionId } of free) {
      this.claimed.add(sessionId);
    }
    try {
      return await withCourse(progressTitle(verb), (course) => doEach(free, work, course));
    } finally {
      for (const { sessionId } of free) {
        this.claimed.delete(sessionId);
      }
      void this.parts.refresh();
    }
  }

  /** Say what was done, with a way back where it is out of sight or was much. */
  tell(verb: Verb, told: Told, reversals: readonly Reversal[]): void {
    const text = outcomeText(verb, told, this.words);
    const title = told.done.length === 0 ? "" : doneText(verb, told.done, this.words);
    const step = this.undoable.push({ title, reversals });
    if (text === "") {
      return;
    }
    if (told.errors.length > 0) {
      const show = told.done.length > 0 ? window.showWarningMessage : window.showErrorMessage;
      void this.offer(show, text, step);
    } else if (TOLD.has(verb) || told.done.length > 1) {
      void this.offer(window.showInformationMessage, text, step);
    } else {
      window.setStatusBarMessage(text, STATUS);
    }
  }

  private async offer(
    show: (text: string, ...buttons: string[]) => Thenable<string | undefined>,
    text: string,
    step: Step | undefined,
  ): Promise<void> {
    const undo = l10n.t("Undo");
    const pressed = await show(text, ...(step === undefined ? [] : [undo]));
    if (pressed === undo && step !== undefined) {
      await this.undo(step);
    }
  }

  private async confirmOwnTitles(own: readonly Named[]): Promise<boolean> {
    const [first] = own;
    const question =
      own.length === 1 && first !== undefined
        ? l10n.t("Somebody named this session “{0}”. Replace that?", shortTitle(first.title, this.words))
        : l10n.t("Somebody named {0} of the sessions. Replace these titles?", own.length);
    const replace = l10n.t("Replace");
    return (await window.showWarningMessage(question, { modal: true }, replace)) === replace;
  }

  private async confirmBusy(busy: Outcome<Named, unknown>["failed"]): Promise<boolean> {
    const [first] = busy;
    const question =
      busy.length === 1 && first !== undefined
        ? l10n.t("“{0}” is being worked on. Delete it anyhow?", shortTitle(first.item.title, this.words))
        : l10n.t("{0} of the sessions are being worked on. Delete them anyhow?", busy.length);
    const detail = first === undefined ? "" : failureText(first.error, this.words.t);
    const anyhow = l10n.t("Delete Anyhow");
    const more = l10n.t("What is written to it from now on may be lost.");
    const options = { modal: true, detail: `${detail} ${more}` };
    return (await window.showWarningMessage(question, options, anyhow)) === anyhow;
  }
}

/** Only what passes is worth another try: what is gone stays gone. */
function mayComeBack(reversal: Reversal, { failed }: Outcome<Reversal, unknown>): boolean {
  const error = failed.find(({ item }) => item === reversal)?.error;
  const kind = error === undefined ? undefined : errorKind(error);
  return kind !== "sessionNotFound" && kind !== "trashNotFound" && !(error instanceof LeftAlone);
}

/** What undoes changes of fields. */
function reversalsOf({ done }: Outcome<Named, Pick<UpdateSessionResult, "previous" | "session">>): Reversal[] {
  return done.flatMap(({ item, result }) => reversalOf(item.sessionId, result.previous, result.session));
}

function toldOf({ done, failed }: Outcome<Named, unknown>): Told {
  return { done: done.map(({ item }) => item.title), errors: failed.map(({ error }) => error) };
}

function progressTitle(verb: Verb): string {
  switch (verb) {
    case "delete":
    case "deleteForGood":
      return l10n.t("Deleting sessions");
    case "restore":
    case "undo":
      return l10n.t("Bringing sessions back");
    default:
      return l10n.t("Changing sessions");
  }
}
