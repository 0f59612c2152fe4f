/** The sidebar's tree of sessions. */

import {
  type CancellationToken,
  commands,
  Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  type TreeDataProvider,
  type TreeDragAndDropController,
  type TreeItem,
  type TreeView,
  window,
  workspace,
} from "vscode";
import type { Agents } from "../common/agents";
import { editorWords, HOME } from "../common/editor_words";
import { LiveRows } from "../live/live_rows";
import { DrawnTree } from "../live/redraw";
import type { SessionRow } from "../protocol/calls";
import { messageOf } from "../protocol/errors";
import { isDown, type Sidecar, type SidecarState } from "../sidecar";
import { ProblemBadges } from "./badges";
import { describeFilter, type Filter, type FilterNames } from "./filter";
import { hoverFacts } from "./hover";
import { type Drawing, itemOf, tooltipOf } from "./items";
import type { MoreNode, Node } from "./nodes";
import { SessionList } from "./session_list";
import { viewMessage } from "./view_message";
import { openFolders } from "./workspace_groups";

/** Milliseconds after which the ages of rows are drawn anew when somebody looks at them again. */
const AGES_AFTER = 60_000;

/** The id of the view, as the manifest has it. */
export const VIEW = "forkpoint.sessions";

/**
 * The sessions by workspace folder, page by page.
 *
 * The tree only draws what its list has loaded. Sets the context keys `forkpoint.filtered` and `forkpoint.listFailed`.
 */
export class SessionTree implements TreeDataProvider<Node>, Disposable {
  readonly view: TreeView<Node>;
  private readonly words = editorWords();
  private readonly changed = new EventEmitter<Node[] | undefined>();
  private readonly refreshed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  /** After each refresh that somebody waited for and that was not overtaken, whether or not it succeeded. */
  readonly onDidRefresh = this.refreshed.event;

  private readonly list: SessionList;
  private readonly drawn = new DrawnTree();
  private drawnAt = 0;
  private readonly live = new LiveRows(
    {
      isSeen: () => this.view.visible && !isDown(this.sidecar.state),
      isFocused: () => window.state.focused,
      placeOf: (sessionId) => this.list.placeOf(sessionId),
      missed: () => void this.list.freshness.whenSeen(false),
      follow: (wish) => this.list.follow(wish),
    },
    Date.now,
  );
  private readonly disposables: Disposable[];
  constructor(
    context: ExtensionContext,
    private readonly sidecar: Sidecar,
    private readonly log: LogOutputChannel,
    dropping: TreeDragAndDropController<Node>,
  ) {
    this.list = new SessionList(context, sidecar, log, {
      view: VIEW,
      loaded: (wished) => this.loaded(wished),
      changed: () => this.redraw(),
    });
    this.view = window.createTreeView<Node>(VIEW, {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: true,
      dragAndDropController: dropping,
    });
    this.disposables = [
      this.view,
      this.changed,
      this.refreshed,
      this.live,
      this.list,
      window.registerFileDecorationProvider(new ProblemBadges(this.words)),
      ...this.reasonsToRefresh(),
    ];
    this.show();
  }

  dispose(): void {
    Disposable.from(...this.disposables).dispose();
  }

  /** Load everything that is shown anew. Never rejects: what goes wrong is shown in the view and written to the log. */
  refresh(): Promise<void> {
    return this.list.freshness.refresh();
  }

  /** Something was changed by us: load it, and draw only what is another than before. Never rejects. */
  followOwnChange(): Promise<void> {
    return this.list.freshness.refresh(false);
  }

  /** Select a session's row, loading the list anew when it is not in it yet. */
  async reveal(sessionId: string): Promise<void> {
    if (this.list.listing.row(sessionId) === undefined) {
      await this.refresh();
    }
    const node = this.list.listing.sessionNode(sessionId);
    if (node !== undefined) {
      await this.view.reveal(this.drawn.keep(node), { select: true, focus: false });
    }
  }

  /** The agents whose sessions it shows. */
  get agents(): Agents {
    return this.list.agents;
  }

  /** What the tree is narrowed to. */
  get filter(): Filter {
    return this.list.filter;
  }

  /** The names that filters are described with. */
  names(): FilterNames {
    return { t: this.words.t, agentTitle: (id) => this.agents.title(id), home: HOME };
  }

  /** Narrow the tree, or show all again; kept for this workspace. */
  setFilter(filter: Filter): Promise<void> {
    return this.list.setFilter(filter);
  }

  /** Load the next page of a group, and go to the first row of it. Never rejects, as `refresh`. */
  async loadMore({ group }: MoreNode): Promise<void> {
    const sessions = () => this.list.listing.children(group).filter(({ kind }) => kind === "session");
    const before = sessions().length;
    await this.list.loadMore(group);
    this.show();
    const first = sessions()[before];
    const [selected] = this.view.selection;
    if (first?.kind === "session" && selected?.kind === "more" && selected.group.id === group.id) {
      // A refresh meanwhile may have taken the row away; then there is nothing to go to.
      await this.view.reveal(first, { select: true, focus: true }).then(undefined, (error: unknown) => {
        this.log.debug(messageOf(error));
      });
    }
  }

  /** The row that is seen to be selected, as it was loaded last; the first of several. */
  selected(): SessionRow | undefined {
    const [node] = this.view.visible ? this.view.selection : [];
    return node?.kind === "session" ? this.selectedRows()[0] : undefined;
  }

  /** The rows that are seen to be selected, as they were loaded last. */
  selectedRows(): SessionRow[] {
    const nodes = this.view.visible ? this.view.selection : [];
    return nodes.flatMap((node) =>
      node.kind === "session" ? (this.list.listing.row(node.row.sessionId) ?? node.row) : [],
    );
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined && !isDown(this.sidecar.state)) {
      await this.list.freshness.first();
    }
    return this.below(node).map((child) => this.drawn.keep(child));
  }

  getParent(node: Node): Node | undefined {
    const parent = this.list.listing.parentOf(node);
    return parent === undefined ? undefined : this.drawn.keep(parent);
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
      this.sidecar.notices.on("sessions/changed", ({ changes }) => this.live.take(changes)),
      this.sidecar.notices.on("git/changed", ({ folder }) => this.drawParts(this.drawn.inFolder(folder))),
      this.view.onDidChangeVisibility(() => this.looked()),
      window.onDidChangeWindowState(({ focused }) => focused && this.looked()),
      workspace.onDidChangeWorkspaceFolders(() => this.refreshWhenSeen()),
      workspace.onDidGrantWorkspaceTrust(() => this.refreshWhenSeen()),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("forkpoint.pageSize")) {
          this.list.listing.clear();
          this.refreshWhenSeen();
        }
      }),
    ];
  }

  private serverChanged(state: SidecarState): void {
    if (state.kind !== "running") {
      this.agents.forget();
      this.show();
    } else {
      this.list.serverBegan(this.view.visible);
    }
  }

  private looked(): void {
    if (this.view.visible && !isDown(this.sidecar.state)) {
      void this.list.looked();
      if (this.list.freshness.loaded && Date.now() - this.drawnAt > AGES_AFTER) {
        this.show();
      }
    }
  }

  private refreshWhenSeen(): void {
    void this.list.freshness.whenSeen(this.view.visible);
  }

  private loaded(wished: boolean): void {
    if (wished) {
      this.show();
      this.refreshed.fire();
    } else {
      this.redraw();
    }
  }

  /** Draw what is loaded, with the texts and keys around it. */
  private show(): void {
    this.showAround();
    this.drawn.drawAll((node) => this.below(node));
    this.drawnAt = Date.now();
    this.changed.fire(undefined);
  }

  /** Draw what is another than before, and leave all else alone. */
  private redraw(): void {
    this.showAround();
    const parts = this.drawn.update((node) => this.below(node));
    if (parts === "all") {
      this.changed.fire(undefined);
    } else {
      this.drawParts(parts);
    }
  }

  private drawParts(parts: readonly Node[]): void {
    if (parts.length > 0) {
      this.changed.fire([...parts]);
    }
  }

  private showAround(): void {
    void commands.executeCommand("setContext", "forkpoint.filtered", this.list.isFiltered);
    void commands.executeCommand("setContext", "forkpoint.listFailed", this.list.failed);
    const filter = describeFilter(this.filter, this.names());
    const facts = {
      down: isDown(this.sidecar.state),
      loaded: this.list.freshness.loaded,
      empty: this.roots().length === 0,
      restricted: !workspace.isTrusted,
      filter,
      problems: this.list.listing.problems,
    };
    this.view.description = filter;
    this.view.message = viewMessage(facts, this.words);
  }

  private below(node?: Node): Node[] {
    return node === undefined ? this.roots() : this.list.listing.below(node);
  }

  private roots(): Node[] {
    return isDown(this.sidecar.state) || this.list.hasNoGroups ? [] : this.list.listing.roots();
  }

  private drawing(): Drawing {
    const { words, agents } = this;
    return { words, agents, anyFolderOpen: openFolders().length > 0, filtered: this.list.isFiltered };
  }
}
