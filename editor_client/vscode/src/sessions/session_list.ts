/** The sessions that the sidebar lists, and how they are kept up to date. */

import {
  type CancellationToken,
  CancellationTokenSource,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  window,
  workspace,
} from "vscode";
import { Agents } from "../common/agents";
import { displayText } from "../common/labels";
import { isListedAlike, type Place, type Wish } from "../live/row_changes";
import { isCancelled, messageOf } from "../protocol/errors";
import { type Sidecar, SidecarUnavailable } from "../sidecar";
import { type Filter, filterParams } from "./filter";
import { FilterStore } from "./filter_store";
import { Freshness } from "./freshness";
import { MAX_PAGE } from "./group_rows";
import { type Group, narrowGroups } from "./groups";
import { Listing } from "./listing";
import { workspaceGroups } from "./workspace_groups";

/** What shows the sessions. */
export interface Screen {
  /** The id of the view in which a load that somebody waits for is seen to go on. */
  readonly view: string;
  /** A load that was not overtaken is over. `wished`: somebody waits for it. */
  loaded(wished: boolean): void;
  /** Single rows are others. */
  changed(): void;
}

/**
 * What is listed comes from the last load that was not overtaken. A refresh runs once at a time with one repeat queued.
 */
export class SessionList implements Disposable {
  readonly listing: Listing;
  readonly agents: Agents;
  readonly freshness = new Freshness(
    (wished) => this.load(wished),
    (wished) => {
      this.report();
      this.screen.loaded(wished);
    },
    Date.now,
  );
  private readonly filters: FilterStore;
  /** Cancels the loads that a new filter makes pointless. */
  private loads = new CancellationTokenSource();
  /** Whether the load that goes on began by waiting for the server. */
  private waitsForServer = false;
  /** Why not even the groups could be found; undefined when they were. */
  private failure: string | undefined;
  private reported = "";

  constructor(
    context: ExtensionContext,
    private readonly sidecar: Sidecar,
    private readonly log: LogOutputChannel,
    private readonly screen: Screen,
  ) {
    this.filters = new FilterStore(context.workspaceState);
    this.agents = new Agents(() => sidecar.calls);
    this.listing = new Listing((params, cancel) => sidecar.calls.listSessions(params, cancel));
  }

  dispose(): void {
    this.loads.cancel();
    this.loads.dispose();
  }

  /** What the list is narrowed to. */
  get filter(): Filter {
    return this.filters.filter;
  }

  /** Whether it is narrowed. */
  get isFiltered(): boolean {
    return this.filters.active;
  }

  /** Whether nothing at all could be listed. */
  get failed(): boolean {
    return this.failure !== undefined || this.listing.failed;
  }

  /** Whether not even the groups could be found. */
  get hasNoGroups(): boolean {
    return this.failure !== undefined;
  }

  /** Narrow the list, or list all again; kept for this workspace. */
  async setFilter(filter: Filter): Promise<void> {
    const stored = this.filters.set(filter);
    this.loads.cancel();
    this.loads.dispose();
    this.loads = new CancellationTokenSource();
    await Promise.all([stored, this.freshness.refresh()]);
  }

  /** Load the next page of a group. Never rejects. */
  async loadMore(group: Group): Promise<void> {
    const { token } = this.loads;
    await window.withProgress({ location: { viewId: this.screen.view } }, () =>
      this.listing.loadMore(group, pageSize(), token),
    );
    this.report();
  }

  /** Somebody looks at the list: load it if it may be out of date. Never rejects. */
  looked(): Promise<void> {
    const isTold = workspace.getConfiguration("forkpoint").get("watch") !== "off";
    return this.freshness.looked(isTold);
  }

  /** A server runs: list what it has, if it is seen, unless a load waited for it. */
  serverBegan(isSeen: boolean): void {
    if (!this.waitsForServer) {
      void this.freshness.whenSeen(isSeen);
    }
  }

  /** Bring up to date what the server told of. Never rejects. */
  async follow(wish: Wish): Promise<void> {
    if (wish === "newest" && this.freshness.loaded && !this.failed) {
      await this.followNewest();
    } else if (typeof wish === "string" || !(await this.followRows(wish))) {
      await this.freshness.refresh(false);
    }
  }

  /** What the list shows of a session. */
  placeOf(sessionId: string): Place {
    const row = this.listing.row(sessionId);
    return row === undefined ? "none" : row.pinned || row.group !== undefined ? "apart" : "among others";
  }

  private async followNewest(): Promise<void> {
    const { token } = this.loads;
    await this.listing.loadRest(pageSize(), token);
    if (!token.isCancellationRequested) {
      this.report();
      this.screen.changed();
    }
  }

  /** Ask for single rows; false when only a list can tell where they belong now. */
  private async followRows(sessionIds: readonly string[]): Promise<boolean> {
    const asked = sessionIds.map((sessionId) => this.sidecar.calls.getSession({ sessionId }));
    const answers = await Promise.allSettled(asked);
    const rows = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value.session : []));
    const known = rows.filter((row) => {
      const before = this.listing.row(row.sessionId);
      return before !== undefined && isListedAlike(before, row);
    });
    if (known.length < sessionIds.length) {
      return false;
    }
    await Promise.all(rows.map((row) => this.listing.replace(row)));
    this.screen.changed();
    return true;
  }

  private async load(wished: boolean): Promise<boolean> {
    const { token } = this.loads;
    this.waitsForServer = this.sidecar.state.kind !== "running";
    let failure: unknown;
    try {
      const loading = () => this.loadAll(token);
      await (wished ? window.withProgress({ location: { viewId: this.screen.view } }, loading) : loading());
    } catch (error) {
      failure = error;
    }
    this.waitsForServer = false;
    if (token.isCancellationRequested) {
      return false;
    }
    // Without a server the view says so itself, and what was loaded before is right again when it is back.
    const meantForUs = failure !== undefined && !(failure instanceof SidecarUnavailable) && !isCancelled(failure);
    this.failure = meantForUs ? messageOf(failure) : undefined;
    return true;
  }

  private async loadAll(cancel: CancellationToken): Promise<void> {
    const { filter } = this.filters;
    const { calls } = this.sidecar;
    // Without the agents' names and icons the sessions are still worth seeing.
    const named = this.agents.load().catch((error: unknown) => this.log.warn(`agents/list: ${messageOf(error)}`));
    const groups: Group[] = narrowGroups(await workspaceGroups(calls, cancel), filter.folders ?? []);
    await Promise.all([this.listing.load(groups, filterParams(filter), pageSize(), cancel), named]);
  }

  /** Write to the log what could not be listed, when that has changed. */
  private report(): void {
    const problems = this.listing.problems.map(({ path, reason }) => displayText(`${path}: ${reason}`));
    const failures = this.failure === undefined ? this.listing.failures : [this.failure];
    const text = [...failures, ...problems].join("\n");
    if (text !== "" && text !== this.reported) {
      this.log.warn(`sessions/list: ${text}`);
    }
    this.reported = text;
  }
}

function pageSize(): number {
  const size = workspace.getConfiguration("forkpoint").get("pageSize");
  return typeof size === "number" && Number.isInteger(size) ? Math.min(MAX_PAGE, Math.max(1, size)) : 50;
}
