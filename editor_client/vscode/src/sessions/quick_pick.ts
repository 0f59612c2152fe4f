/** Finding one session among all of them, while typing. */

import {
  CancellationTokenSource,
  commands,
  l10n,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
  ThemeIcon,
  window,
} from "vscode";
import { Agents } from "../common/agents";
import { editorWords } from "../common/editor_words";
import { displayText, folderName, hasLocalFolder, joined, titleText } from "../common/labels";
import type { SessionRow } from "../protocol/calls";
import type { Sidecar } from "../sidecar";
import { type Found, meantRow, NOTHING_FOUND, Search } from "./search";

/** Milliseconds after a keystroke in which the next one is waited for. */
const PAUSE = 60;
const PAGE_SIZE = 50;

/**
 * Ask for one of all sessions, archived ones too; the server searches titles and folders with each keystroke.
 *
 * Undefined when nothing was chosen. Never rejects: what goes wrong is a line of the list.
 */
export async function pickSession(sidecar: Sidecar, title: string): Promise<SessionRow | undefined> {
  return await new SessionPick(sidecar, title).run();
}

interface Item extends QuickPickItem {
  /** What it stands for; undefined for a line that only says something. */
  readonly choice?: SessionRow | "more";
}

interface CommandButton extends QuickInputButton {
  readonly command: string;
}

class SessionPick {
  private readonly pick: QuickPick<Item> = window.createQuickPick<Item>();
  private readonly words = editorWords();
  private readonly agents: Agents;
  private readonly search: Search;
  private found: Found = NOTHING_FOUND;
  /** The line that was accepted before the answer to the text was there. */
  private accepted: { readonly row: SessionRow | undefined } | undefined;
  private end: (row: SessionRow | undefined) => void = () => undefined;

  constructor(sidecar: Sidecar, title: string) {
    this.pick.title = title;
    this.pick.placeholder = l10n.t("Type a part of the title or the folder");
    this.agents = new Agents(() => sidecar.calls);
    this.search = new Search({
      list: (params, cancel) => sidecar.calls.listSessions(params, cancel),
      makeCanceller: () => new CancellationTokenSource(),
      pause: PAUSE,
      pageSize: PAGE_SIZE,
      show: (found) => this.show(found),
    });
  }

  async run(): Promise<SessionRow | undefined> {
    const ended = new Promise<SessionRow | undefined>((resolve) => {
      this.end = resolve;
    });
    this.pick.onDidChangeValue((text) => {
      this.accepted = undefined;
      this.search.type(text);
    });
    this.pick.onDidAccept(() => this.accept());
    this.pick.onDidTriggerItemButton(({ item, button }) => press(item, button));
    this.pick.onDidHide(() => this.end(undefined));
    this.pick.show();
    void this.search.ask("");
    void this.nameAgents();
    const row = await ended;
    this.search.close();
    this.pick.dispose();
    return row;
  }

  private accept(): void {
    const choice = this.pick.activeItems[0]?.choice;
    if (choice === "more") {
      void this.search.more();
    } else if (this.found.busy && this.found.first === 0) {
      this.accepted = { row: choice };
    } else if (choice !== undefined) {
      this.end(choice);
    }
  }

  private show(found: Found): void {
    const before = this.found;
    this.found = found;
    this.pick.busy = found.busy;
    if (this.accepted !== undefined && !found.busy) {
      const row = meantRow(found, this.accepted.row);
      this.accepted = undefined;
      if (row !== undefined) {
        this.end(row);
        return;
      }
    }
    if (found.rows !== before.rows || found.more !== before.more || found.failure !== before.failure) {
      this.draw(found.first);
    }
  }

  private draw(active: number): void {
    const items = this.items();
    this.pick.keepScrollPosition = active > 0;
    this.pick.items = items;
    const item = items[active];
    this.pick.activeItems = item === undefined ? [] : [item];
  }

  /** Icons come when they come: the sessions do not wait for them. */
  private async nameAgents(): Promise<void> {
    try {
      await this.agents.load();
    } catch {
      return;
    }
    const [active] = this.pick.activeItems;
    this.draw(Math.max(0, active === undefined ? 0 : this.pick.items.indexOf(active)));
  }

  private items(): Item[] {
    const { rows, more, failure, busy } = this.found;
    const now = Date.now();
    const items: Item[] = rows.map((row) => this.item(row, now));
    // The editor puts lines first whose label has the text that is typed: these two say theirs beside it.
    if (failure !== undefined) {
      const description = l10n.t("The sessions could not be listed");
      items.push({ label: "$(warning)", description, detail: displayText(failure), alwaysShow: true });
    } else if (rows.length === 0 && !busy) {
      items.push({ label: l10n.t("No session has this text in its title or folder"), alwaysShow: true });
    }
    if (more) {
      items.push({ label: "$(ellipsis)", description: l10n.t("Show more…"), choice: "more", alwaysShow: true });
    }
    return items;
  }

  private item(row: SessionRow, now: number): Item {
    const { words } = this;
    const folder = row.workDir === undefined ? undefined : folderName(row.workDir);
    const archived = row.archived ? words.t("archived") : undefined;
    const title = titleText(row, words.t);
    const preview = displayText(row.preview ?? "");
    return {
      label: `$(${this.agents.icon(row.agent)}) ${title}`,
      description: joined([folder, words.age(row.updatedAt, now), archived]),
      ...(preview === "" || preview === title ? {} : { detail: preview }),
      buttons: buttonsOf(row),
      // The server has matched it; the editor's own matching would hide what it finds by the folder.
      alwaysShow: true,
      choice: row,
    };
  }
}

function buttonsOf(row: SessionRow): CommandButton[] {
  const changes = {
    iconPath: new ThemeIcon("diff-multiple"),
    tooltip: l10n.t("Open Changes"),
    command: "forkpoint.openChanges",
  };
  const copy = { iconPath: new ThemeIcon("copy"), tooltip: l10n.t("Copy Session Id"), command: "forkpoint.copyId" };
  return hasLocalFolder(row) ? [changes, copy] : [copy];
}

function press({ choice }: Item, button: QuickInputButton): void {
  const pressed = choice === undefined || choice === "more" ? [] : buttonsOf(choice);
  const command = pressed.find(({ tooltip }) => tooltip === button.tooltip)?.command;
  if (command !== undefined && choice !== undefined && choice !== "more") {
    void commands.executeCommand(command, choice.sessionId);
  }
}
