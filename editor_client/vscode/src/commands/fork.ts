/** Forking a session: a new one that begins with what was said in this one. */

import { commands, env, l10n, window } from "vscode";
import type { Changer } from "../changing/changer";
import { editorWords } from "../common/editor_words";
import { guarded } from "../common/guarded";
import { displayText, joined, noticeText, titleText } from "../common/labels";
import type { Documents } from "../documents/documents";
import { withProgress } from "../documents/progress";
import type { ForkSessionResult, SessionRow } from "../protocol/calls";
import type { Sidecar } from "../sidecar";
import { type Place, pickForkPlace } from "./fork_pick";

/** What forks are shown with. */
export interface ForkParts {
  readonly sidecar: Sidecar;
  readonly documents: Pick<Documents, "openSession" | "turnAtCursor">;
  readonly tree: { reveal(sessionId: string): Promise<void> };
  readonly changer: Pick<Changer, "made" | "undo">;
}

/** Ask where, and fork there. Errors: those of sessions/fork. */
export async function forkSession(row: SessionRow, parts: ForkParts): Promise<void> {
  const place = await pickForkPlace(parts.sidecar, row, parts.documents.turnAtCursor(row.sessionId));
  if (place !== undefined) {
    await forkAt(row, place, parts);
  }
}

/** Fork at a place; the fork is opened, and can be undone. Errors: those of sessions/fork. */
export async function forkAt(row: SessionRow, place: Place, parts: ForkParts): Promise<void> {
  const title = noticeText(titleText(row, editorWords().t));
  const params = { sessionId: row.sessionId, ...place };
  const forked = await withProgress(l10n.t("Forking “{0}”", title), "cancellable", (token) =>
    parts.sidecar.calls.forkSession(params, token),
  );
  const step = parts.changer.made(forked.session);
  await parts.documents.openSession(forked.session);
  await parts.tree.reveal(forked.session.sessionId);
  void tell(forked, () => parts.changer.undo(step));
}

/** Open the session that another was forked from. Errors: those of sessions/get. */
export async function openParent(row: SessionRow, parts: ForkParts): Promise<void> {
  if (row.parentSessionId === undefined) {
    void window.showInformationMessage(l10n.t("This session is no fork of another that is on this machine."));
    return;
  }
  const { session } = await parts.sidecar.calls.getSession({ sessionId: row.parentSessionId });
  await parts.documents.openSession(session);
  await parts.tree.reveal(session.sessionId);
}

async function tell(forked: ForkSessionResult, undone: () => Promise<void>): Promise<void> {
  const { session, prefill, closedToolCalls, problems } = forked;
  const words = editorWords();
  const undo = l10n.t("Undo");
  const copyPrompt = l10n.t("Copy Prompt");
  const resume = l10n.t("Resume in Terminal");
  const message = joined([
    l10n.t("Forked: “{0}”", noticeText(titleText(session, words.t))),
    closedToolCalls === 0 ? undefined : l10n.t("tool calls closed as interrupted: {0}", closedToolCalls),
    ...problems.map(({ reason }) => noticeText(displayText(reason))),
  ]);
  const buttons = [...(prefill ? [copyPrompt] : []), ...(session.resume === undefined ? [] : [resume]), undo];
  const choice = await window.showInformationMessage(message, ...buttons);
  if (choice === copyPrompt && prefill) {
    await env.clipboard.writeText(prefill);
  } else if (choice === resume) {
    await commands.executeCommand("forkpoint.resumeInTerminal", session.sessionId);
  } else if (choice === undo) {
    await guarded(undone);
  }
}
