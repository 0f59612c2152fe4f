/** What became of a change, in words for a notification; pure. */

import { failureText } from "../common/failure_text";
import { noticeText } from "../common/labels";
import type { Words } from "../common/words";
import { errorKind } from "../protocol/errors";

/** What can be done to sessions. */
export type Verb =
  | "rename"
  | "pin"
  | "unpin"
  | "archive"
  | "unarchive"
  | "group"
  | "ungroup"
  | "label"
  | "delete"
  | "deleteForGood"
  | "restore"
  | "undo";

/** Sessions that were changed, and why others were not. */
export interface Told {
  /** Their titles. */
  readonly done: readonly string[];
  readonly errors: readonly unknown[];
}

const LONGEST_TITLE = 60;

/** What was done and what was not; a sentence for each kind of reason, not for each session. Empty for nothing. */
export function outcomeText(verb: Verb, { done, errors }: Told, words: Words): string {
  const parts = done.length === 0 ? [] : [doneText(verb, done, words)];
  const alone = done.length === 0 && errors.length === 1;
  for (const { count, reason } of kindsOf(errors, words)) {
    if (alone) {
      parts.push(reason);
    } else {
      parts.push(count === 1 ? words.t("1 was not: {0}", reason) : words.t("{0} were not: {1}", count, reason));
    }
  }
  return parts.join(" ");
}

/** What was done, as a sentence. */
export function doneText(verb: Verb, titles: readonly string[], words: Words): string {
  const one = titles.length === 1;
  const what = one ? words.t("“{0}”", shortTitle(titles[0] ?? "", words)) : words.number(titles.length);
  const [single, many] = SENTENCES[verb];
  return words.t(one ? single : many, what);
}

/** A title from outside, short enough for a notification. */
export function shortTitle(title: string, { t }: Words): string {
  const text = [...noticeText(title)];
  const cut = text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE - 1).join("")}…` : text.join("");
  return cut || t("Untitled");
}

const SENTENCES: Record<Verb, readonly [string, string]> = {
  rename: ["{0} has its new title.", "{0} sessions have their new titles."],
  pin: ["{0} is pinned.", "{0} sessions are pinned."],
  unpin: ["{0} is not pinned any more.", "{0} sessions are not pinned any more."],
  archive: ["{0} was archived.", "{0} sessions were archived."],
  unarchive: ["{0} was taken out of the archive.", "{0} sessions were taken out of the archive."],
  group: ["{0} was put into the group.", "{0} sessions were put into the group."],
  ungroup: ["{0} was taken out of its group.", "{0} sessions were taken out of their groups."],
  label: ["The label of {0} was set.", "The labels of {0} sessions were set."],
  delete: ["{0} was moved to the trash.", "{0} sessions were moved to the trash."],
  deleteForGood: ["{0} is gone for good.", "{0} sessions are gone for good."],
  restore: ["{0} is back.", "{0} sessions are back."],
  undo: ["{0} is as it was before.", "{0} sessions are as they were before."],
};

function kindsOf(errors: readonly unknown[], words: Words): { count: number; reason: string }[] {
  const kinds = new Map<string, { count: number; reason: string }>();
  for (const error of errors) {
    const reason = failureText(error, words.t);
    const kind = errorKind(error) ?? reason;
    kinds.set(kind, { count: (kinds.get(kind)?.count ?? 0) + 1, reason: kinds.get(kind)?.reason ?? reason });
  }
  return [...kinds.values()].sort((one, two) => two.count - one.count);
}
