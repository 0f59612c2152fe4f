/** Asking where a session is to be forked. */

import {
  CancellationTokenSource,
  l10n,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
  ThemeIcon,
  window,
} from "vscode";
import { editorWords } from "../common/editor_words";
import { failureText } from "../common/failure_text";
import { displayText, noticeText, titleText } from "../common/labels";
import type { ForkPoint, SessionRow } from "../protocol/calls";
import { errorKind, isCancelled } from "../protocol/errors";
import type { Sidecar } from "../sidecar";
import { planText, TurnPages, turnTexts } from "./fork_turns";

/** A place in a session; without `at` its end: everything comes along. */
export interface Place {
  readonly at?: ForkPoint;
}

interface Item extends QuickPickItem {
  /** What is chosen with it; undefined for a line that only says something. */
  readonly choice?: Place | "more";
  /** What is chosen with its button. */
  readonly before?: Place;
  /** Where a fork would be, as the end of the title; absent for all of the session. */
  readonly where?: string;
}

const BEFORE: QuickInputButton = {
  iconPath: new ThemeIcon("edit"),
  tooltip: l10n.t("Fork before this turn, to say it in other words"),
};

/**
 * Ask for a place of a session: its end, the end of a turn, or what stands before one.
 *
 * It begins at the turn with the number `turn`, if that is among the newest. The title says what a fork would be at the
 * line that is looked at: were that to stand in the line, the lines would be drawn anew, and the focus would go back to
 * where it was when that began. Undefined when nothing was chosen.
 */
export async function pickForkPlace(sidecar: Sidecar, row: SessionRow, turn?: number): Promise<Place | undefined> {
  return await new ForkPick(sidecar, row, turn).run();
}

class ForkPick {
  private readonly pick: QuickPick<Item> = window.createQuickPick<Item>();
  private readonly words = editorWords();
  private readonly pages: TurnPages;
  private readonly life = new CancellationTokenSource();
  /** What is known of forks, by place. */
  private readonly plans = new Map<string, string>();
  private readonly refused = new Set<string>();
  private readonly title: string;
  private failure: string | undefined;
  private end: (place: Place | undefined) => void = () => undefined;

  constructor(
    private readonly sidecar: Sidecar,
    private readonly row: SessionRow,
    private readonly turn: number | undefined,
  ) {
    this.pages = new TurnPages(() => sidecar.calls, row.sessionId);
    this.title = l10n.t("Fork “{0}”", noticeText(titleText(row, this.words.t)));
    this.pick.title = this.title;
    this.pick.placeholder = l10n.t("After which turn? All up to its end comes along.");
    this.pick.matchOnDescription = true;
  }

  async run(): Promise<Place | undefined> {
    const ended = new Promise<Place | undefined>((resolve) => {
      this.end = resolve;
    });
    this.pick.onDidAccept(() => this.accept(this.pick.activeItems[0]?.choice));
    this.pick.onDidTriggerItemButton(({ item }) => this.accept(item.before));
    this.pick.onDidChangeActive(([item]) => void this.plan(item));
    this.pick.onDidHide(() => this.end(undefined));
    this.draw();
    this.pick.show();
    void this.more();
    const place = await ended;
    this.life.cancel();
    this.life.dispose();
    this.pick.dispose();
    return place;
  }

  private accept(choice: Item["choice"]): void {
    if (choice === "more") {
      void this.more();
    } else if (choice !== undefined && !this.refused.has(keyOf(choice))) {
      this.end(choice);
    }
  }

  private async more(): Promise<void> {
    const shown = this.pages.turns.length;
    this.pick.busy = true;
    try {
      await this.pages.more(this.life.token);
      this.failure = undefined;
    } catch (error) {
      if (isCancelled(error) || this.life.token.isCancellationRequested) {
        return;
      }
      this.failure = failureText(error, this.words.t);
    }
    this.pick.busy = false;
    const meant = this.pages.turns.findIndex(({ turn }) => turn === this.turn);
    this.draw(shown > 0 ? shown + 1 : meant === -1 ? undefined : meant + 1);
  }

  /** Ask what a fork would be at the line that is looked at, and say it in the title. */
  private async plan(item: Item | undefined): Promise<void> {
    this.say(item);
    const place = item?.choice;
    if (place === undefined || place === "more" || this.plans.has(keyOf(place))) {
      return;
    }
    const key = keyOf(place);
    this.plans.set(key, "");
    try {
      const params = { sessionId: this.row.sessionId, ...place };
      this.plans.set(key, planText(await this.sidecar.calls.planFork(params, this.life.token), this.words));
    } catch (error) {
      if (isCancelled(error) || this.life.token.isCancellationRequested) {
        return;
      }
      if (errorKind(error) === "notSupported") {
        this.refused.add(key);
      }
      this.plans.set(key, l10n.t("cannot be forked here: {0}", failureText(error, this.words.t)));
    }
    this.say(this.pick.activeItems[0]);
  }

  /** Say in the title what is known of a line. */
  private say(item: Item | undefined): void {
    const place = item?.choice;
    const known = place === undefined || place === "more" ? undefined : this.plans.get(keyOf(place));
    const title = item?.where === undefined ? this.title : `${this.title} ${item.where}`;
    this.pick.title = known ? `${title}: ${known}` : title;
  }

  /** Draw the lines; the one with the number `active`, else the one that was looked at, has the focus. */
  private draw(active?: number): void {
    const before = this.pick.activeItems[0]?.choice;
    const items = this.items();
    const same = items.findIndex(({ choice }) => choice !== undefined && keyOf(choice) === (before && keyOf(before)));
    const item = items[active ?? Math.max(0, same)];
    this.pick.keepScrollPosition = true;
    this.pick.items = items;
    this.pick.activeItems = item === undefined ? [] : [item];
  }

  private items(): Item[] {
    const now = Date.now();
    const whole: Item = { label: `$(repo-forked) ${l10n.t("Whole session")}`, choice: {} };
    const turns = this.pages.turns.map((turn): Item => {
      const { label, description } = turnTexts(turn, now, this.words);
      const before: Place = { at: { entryId: turn.entryId, position: "before" } };
      return {
        label: `$(comment) ${label}`,
        description,
        choice: { at: { turn: turn.turn } },
        where: l10n.t("after turn {0}", this.words.number(turn.turn + 1)),
        buttons: [BEFORE],
        before,
      };
    });
    const items = [whole, ...turns];
    if (this.failure !== undefined) {
      items.push({ label: "$(warning)", description: displayText(this.failure), alwaysShow: true });
    } else if (this.pages.hasMore && this.pages.turns.length > 0) {
      const label = `$(ellipsis) ${l10n.t("Show earlier turns…")}`;
      items.push({ label, choice: "more", alwaysShow: true });
    }
    return items;
  }
}

function keyOf(place: Place | "more"): string {
  return JSON.stringify(place);
}
