/** The view of what was deleted and can be brought back. */

import {
  Disposable,
  type Event,
  EventEmitter,
  type LogOutputChannel,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  type TreeView,
  window,
} from "vscode";
import { Agents } from "../common/agents";
import { editorWords, HOME } from "../common/editor_words";
import { failureText } from "../common/failure_text";
import { isCancelled, messageOf } from "../protocol/errors";
import { Freshness } from "../sessions/freshness";
import { isDown, type Sidecar, type SidecarState, SidecarUnavailable } from "../sidecar";
import { type TrashNode, trashDescription, trashNodes, trashSentence, trashTitle, trashTooltip } from "./trash_rows";

/** The id of the view, as the manifest has it. */
export const TRASH_VIEW = "forkpoint.trash";

/** The trash, the newest first. It is asked for when somebody looks, and again when sessions have changed. */
export class TrashView implements TreeDataProvider<TrashNode>, Disposable {
  readonly view: TreeView<TrashNode>;
  private readonly words = editorWords();
  private readonly agents: Agents;
  private readonly changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly freshness = new Freshness(
    () => this.load(),
    () => this.draw(),
    Date.now,
  );
  private readonly disposables: Disposable[];
  private nodes: readonly TrashNode[] = [];
  private drawn = "";

  /** `refreshed` says that the sessions may have changed. */
  constructor(
    private readonly sidecar: Sidecar,
    refreshed: Event<void>,
    private readonly log: LogOutputChannel,
  ) {
    this.agents = new Agents(() => sidecar.calls);
    this.view = window.createTreeView<TrashNode>(TRASH_VIEW, {
      treeDataProvider: this,
      showCollapseAll: false,
      canSelectMany: true,
    });
    this.disposables = [
      this.view,
      this.changed,
      refreshed(() => this.follow()),
      sidecar.notices.on("sessions/changed", ({ changes }) => {
        if (changes.some(({ kind }) => kind !== "changed" && kind !== "created")) {
          this.follow();
        }
      }),
      sidecar.onDidChangeState((state) => this.serverChanged(state)),
      this.view.onDidChangeVisibility(({ visible }) => visible && void this.freshness.looked()),
    ];
  }

  dispose(): void {
    Disposable.from(...this.disposables).dispose();
  }

  /** Load what is shown anew. Never rejects: what goes wrong is the line above the rows. */
  refresh(): Promise<void> {
    return this.freshness.refresh();
  }

  /** The trash may be another than before: load it, or when somebody looks. */
  follow(): void {
    void this.freshness.whenSeen(this.view.visible);
  }

  /** The rows that are seen to be selected. */
  selected(): readonly TrashNode[] {
    return this.view.visible ? this.view.selection : [];
  }

  async getChildren(node?: TrashNode): Promise<TrashNode[]> {
    if (node !== undefined || isDown(this.sidecar.state)) {
      return [];
    }
    await this.freshness.first();
    return [...this.nodes];
  }

  getTreeItem(node: TrashNode): TreeItem {
    const { words, agents } = this;
    const now = Date.now();
    const agent = node.agent === undefined ? "" : agents.title(node.agent);
    const item = new TreeItem(trashTitle(node, words));
    item.id = node.trashId;
    item.description = trashDescription(node, now, words);
    item.iconPath = new ThemeIcon(agents.icon(node.agent ?? ""));
    item.contextValue = "deleted";
    item.tooltip = new MarkdownString(trashTooltip(node, agent, HOME, now, words));
    item.accessibilityInformation = { label: trashSentence(node, agent, now, words) };
    return item;
  }

  private async load(): Promise<boolean> {
    try {
      await window.withProgress({ location: { viewId: TRASH_VIEW } }, async () => {
        const { calls } = this.sidecar;
        const named = this.agents.load().catch(() => undefined);
        this.nodes = trashNodes((await calls.listGenerations()).items);
        await named;
      });
      this.view.message = "";
    } catch (error) {
      // Without a server the other view says so; what was shown is right again when it is back.
      if (!(error instanceof SidecarUnavailable) && !isCancelled(error)) {
        this.log.warn(`sessions/generations: ${messageOf(error)}`);
        this.nodes = [];
        this.view.message = failureText(error, this.words.t);
      }
    }
    return true;
  }

  /** Only what is another than before: while rows are drawn the editor cannot tell which one is meant. */
  private draw(): void {
    const text = JSON.stringify(this.nodes);
    if (text !== this.drawn) {
      this.drawn = text;
      this.changed.fire(undefined);
    }
  }

  private serverChanged(state: SidecarState): void {
    if (state.kind === "running") {
      this.follow();
    } else {
      this.agents.forget();
      this.changed.fire(undefined);
    }
  }
}
