/** Asking for titles, labels and groups. */

import { l10n, type QuickPickItem, window } from "vscode";
import { editorWords } from "../common/editor_words";
import { titleText } from "../common/labels";
import type { SessionRow } from "../protocol/calls";
import { groupChoices, LONGEST_NAME, LONGEST_TITLE, meantText, textFault } from "./choices";

/** Ask for a title. Null: the agent's own; undefined: leave it. */
export async function askTitle(row: SessionRow): Promise<string | null | undefined> {
  const now = row.titleSource === "none" ? undefined : row.title;
  const typed = await askText({
    title: l10n.t("Rename Session"),
    prompt: l10n.t("Leave it empty to have the agent's own title back."),
    value: now ?? "",
    longest: LONGEST_TITLE,
  });
  return meantText(typed, now);
}

/** Ask for a label. Null: none; undefined: leave it. */
export async function askLabel(row: SessionRow): Promise<string | null | undefined> {
  const typed = await askText({
    title: l10n.t("Label of “{0}”", titleText(row, editorWords().t)),
    prompt: l10n.t("A name that no other session has. Leave it empty for none."),
    value: row.label ?? "",
    longest: LONGEST_NAME,
  });
  return meantText(typed, row.label);
}

/** Ask for another name of a group; undefined: leave it. */
export async function askGroupName(name: string): Promise<string | undefined> {
  const prompt = l10n.t("A name that another group has puts the two together.");
  const typed = await askText({ title: l10n.t("Rename Group"), prompt, value: name, longest: LONGEST_NAME });
  return meantText(typed, name) ?? undefined;
}

/** Ask for a title that may be left out; undefined when the question was given up. */
export async function askNewTitle(): Promise<string | undefined> {
  return await askText({
    title: l10n.t("New Session"),
    prompt: l10n.t("A title; leave it empty to let the first message be it."),
    value: "",
    longest: LONGEST_TITLE,
  });
}

interface Question {
  readonly title: string;
  readonly prompt: string;
  readonly value: string;
  readonly longest: number;
}

async function askText({ longest, ...shown }: Question): Promise<string | undefined> {
  return await window.showInputBox({
    ...shown,
    validateInput: (text) => textFault(text, longest, editorWords().t),
  });
}

interface GroupItem extends QuickPickItem {
  readonly group: string | null;
}

/** Ask for one of the groups there are, or a new one. Null: none; undefined when nothing was chosen. */
export async function askGroup(
  known: readonly string[],
  rows: readonly SessionRow[],
): Promise<string | null | undefined> {
  const pick = window.createQuickPick<GroupItem>();
  pick.title = l10n.t("Move to Group");
  pick.placeholder = l10n.t("Choose a group, or type the name of a new one");
  const draw = () => {
    pick.items = groupChoices(known, pick.value, rows, editorWords().t).filter(
      ({ group }) => textFault(group ?? "", LONGEST_NAME, editorWords().t) === undefined,
    );
  };
  draw();
  pick.onDidChangeValue(draw);
  const chosen = new Promise<string | null | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.activeItems[0]?.group));
    pick.onDidHide(() => resolve(undefined));
  });
  pick.show();
  try {
    return await chosen;
  } finally {
    pick.dispose();
  }
}
