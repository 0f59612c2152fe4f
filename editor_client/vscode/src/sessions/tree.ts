/** The sidebar's tree of sessions. */

import {
  type CancellationToken,
  CancellationTokenSource,
  commands,
  Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
  window,
  workspace,
} from "vscode";
import { Agents } from "../common/agents";
import { editorWords, HOME } from "../common/editor_words";
import { displayText } from "../common/labels";
import type { SessionRow } from "../protocol/calls";
import { isCancelled, messageOf } from "../protocol/errors";
import { type Sidecar, type SidecarState, SidecarUnavailable } from "../sidecar";
import { ProblemBadges } from "./badges";
import { describeFilter, type Filter, type FilterNames, filterParams } from "./filter";
import { FilterStore } from "./filter_store";
import { Freshness } from "./freshness";
import { MAX_PAGE } from "./group_rows";
import { type Group, narrowGroups } from "./groups";
import { hoverFacts } from "./hover";
import { type Drawing, itemOf, tooltipOf } from "./items";
import { Listing } from "./listing";
import type { GroupNode, MoreNode, Node } from "./nodes";
import { viewMessage } from "./view_message";
import { openFolders, workspaceGroups } from "./workspace_groups";

/** The id of the view, as the manifest has it. */
export const VIEW = "forkpoint.sessions";

/**
 * The sessions by workspace folder, page by page.
 *
 * What is shown comes from the last load that was not overtaken; the tree only draws it. A refresh runs once at a
 * time with one repeat queued. Sets the context keys `forkpoint.filtered` and `forkpoint.listFailed`.
 */
export class SessionTree implements TreeDataProvider<Node>, Disposable {
  readonly view: TreeView<Node>;
  readonly agents: Agents;

  private readonly words = editorWords();
  private readonly changed = new EventEmitter<undefined>();
  private readonly refreshed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  /** After each refresh that was not overtaken, whether or not it succeeded. */
  readonly onDidRefresh = this.refreshed.event;

  private readonly listing: Listing;
  private readonly filters: FilterStore;
  private readonly freshness = new Freshness(
    () => this.load(),
    () => this.loaded(),
    Date.now,
  );
  private readonly disposables: Disposable[];
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
  ) {
    this.filters = new FilterStore(context.workspaceState);
    this.agents = new Agents(() => sidecar.calls);
    this.listing = new Listing((params, cancel) => sidecar.calls.listSessions(params, cancel));
    this.view = window.createTreeView<Node>(VIEW, {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: false,
    });
    this.disposables = [
      this.view,
      this.changed,
      this.refreshed,
      window.registerFileDecorationProvider(new ProblemBadges(this.words)),
      ...this.reasonsToRefresh(),
    ];
    this.show();
  }

  dispose(): void {
    this.loads.cancel();
    this.loads.dispose();
    Disposable.from(...this.disposables).dispose();
  }

  /** Load everything that is shown anew. Never rejects: what goes wrong is shown in the view and written to the log. */
  refresh(): Promise<void> {
    return this.freshness.refresh();
  }

  /** What the tree is narrowed to. */
  get filter(): Filter {
    return this.filters.filter;
  }

  /** The names that filters are described with. */
  names(): FilterNames {
    return { t: this.words.t, agentTitle: (id) => this.agents.title(id), home: HOME };
  }

  /** Narrow the tree, or show all again; kept for this workspace. */
  async setFilter(filter: Filter): Promise<void> {
    const stored = this.filters.set(filter);
    this.loads.cancel();
    this.loads.dispose();
    this.loads = new CancellationTokenSource();
    await Promise.all([stored, this.refresh()]);
  }

  /** Load the next page of a group, and go to the first row of it. Never rejects, as `refresh`. */
  async loadMore({ group }: MoreNode): Promise<void> {
    const { token } = this.loads;
    const before = this.listing.children(group).filter(({ kind }) => kind === "session").length;
    await window.withProgress({ location: { viewId: VIEW } }, () => this.listing.loadMore(group, pageSize(), token));
    this.report();
    this.show();
    const first = this.listing.children(group)[before];
    const [selected] = this.view.selection;
    if (first?.kind === "session" && selected?.kind === "more" && selected.group.id === group.id) {
      // A refresh meanwhile may have taken the row away; then there is nothing to go to.
      await this.view.reveal(first, { select: true, focus: true }).then(undefined, (error: unknown) => {
        this.log.debug(messageOf(error));
      });
    }
  }

  /** The row that is seen to be selected, as it was loaded last. */
  selected(): SessionRow | undefined {
    const [node] = this.view.visible ? this.view.selection : [];
    return node?.kind === "session" ? (this.listing.row(node.row.sessionId) ?? node.row) : undefined;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node !== undefined) {
      return node.kind === "group" ? this.listing.children(node.group) : [];
    }
    if (!isDown(this.sidecar.state)) {
      await this.freshness.first();
    }
    return this.roots();
  }

  getParent(node: Node): GroupNode | undefined {
    return node.kind === "group" ? undefined : this.listing.groupNode(node.group);
  }

  getTreeItem(node: Node): TreeItem {
    return itemOf(node, this.drawing());
  }

  async resolveTreeItem(item: TreeItem, node: Node, cancel: CancellationToken): Promise<TreeItem> {
    if (node.kind === "session" && item.tooltip === undefined) {
      const { row, changes } = await hoverFacts(this.sidecar.calls, node.row, cancel);
      item.tooltip = tooltipOf(row, changes, this.drawing());
    }
    return item;
  }

  private reasonsToRefresh(): Disposable[] {
    return [
      this.sidecar.onDidChangeState((state) => this.serverChanged(state)),
      this.view.onDidChangeVisibility(() => this.looked()),
      window.onDidChangeWindowState(({ focused }) => focused && this.looked()),
      workspace.onDidChangeWorkspaceFolders(() => this.refreshWhenSeen()),
      workspace.onDidGrantWorkspaceTrust(() => this.refreshWhenSeen()),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("forkpoint.pageSize")) {
          this.listing.clear();
          this.refreshWhenSeen();
        }
      }),
    ];
  }

  private serverChanged(state: SidecarState): void {
    if (state.kind !== "running") {
      this.agents.forget();
      this.show();
    } else if (!this.waitsForServer) {
      this.refreshWhenSeen();
    }
  }

  private looked(): void {
    if (this.view.visible && !isDown(this.sidecar.state)) {
      void this.freshness.looked();
    }
  }

  private refreshWhenSeen(): void {
    void this.freshness.whenSeen(this.view.visible);
  }

  private async load(): Promise<boolean> {
    const { token } = this.loads;
    this.waitsForServer = this.sidecar.state.kind !== "running";
    let failure: unknown;
    try {
      await window.withProgress({ location: { viewId: VIEW } }, () => this.loadAll(token));
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

  private loaded(): void {
    this.report();
    this.show();
    this.refreshed.fire();
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

  /** Draw what is loaded, with the texts and keys around it. */
  private show(): void {
    const listFailed = this.failure !== undefined || this.listing.failed;
    void commands.executeCommand("setContext", "forkpoint.filtered", this.filters.active);
    void commands.executeCommand("setContext", "forkpoint.listFailed", listFailed);
    const filter = describeFilter(this.filter, this.names());
    const facts = {
      down: isDown(this.sidecar.state),
      loaded: this.freshness.loaded,
      empty: this.roots().length === 0,
      restricted: !workspace.isTrusted,
      filter,
      problems: this.listing.problems,
    };
    this.view.description = filter;
    this.view.message = viewMessage(facts, this.words);
    this.changed.fire(undefined);
  }

  private roots(): Node[] {
    return isDown(this.sidecar.state) || this.failure !== undefined ? [] : this.listing.roots();
  }

  private drawing(): Drawing {
    const { words, agents } = this;
    return { words, agents, anyFolderOpen: openFolders().length > 0, filtered: this.filters.active };
  }
}

/** Whether nothing runs until somebody does something about it. */
function isDown(state: SidecarState): boolean {
  return state.kind === "noPython" || state.kind === "failed";
}

function pageSize(): number {
  const size = workspace.getConfiguration("forkpoint").get("pageSize");
  return typeof size === "number" && Number.isInteger(size) ? Math.min(MAX_PAGE, Math.max(1, size)) : 50;
}
