import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { GAP, GAP_BEHIND, LiveRows, WHOLE_AFTER } from "../src/live/live_rows";
import { DrawnTree } from "../src/live/redraw";
import { isListedAlike, MOST_ASKED, type Place, RowChanges, type Wish } from "../src/live/row_changes";
import type { SessionChange } from "../src/protocol/calls";
import type { Group } from "../src/sessions/groups";
import type { Node } from "../src/sessions/nodes";
import { withRow } from "../src/sessions/row_order";
import { sessionRow, settle } from "./sessions_support";

function changed(...sessionIds: string[]): SessionChange[] {
  return sessionIds.map((sessionId) => ({ sessionId, kind: "changed", reason: "disk" }));
}

const many = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);
const among = (): Place => "among others";

describe("changes of rows", () => {
  it("are asked for one by one as long as they are few and all of them are shown", () => {
    const changes = new RowChanges();
    changes.add(changed("a", "b", "a"));
    assert.deepEqual(changes.take(among), ["a", "b"]);
    assert.equal(changes.isEmpty, true);
    changes.add(changed("a", "elsewhere"));
    assert.equal(
      changes.take((id) => (id === "a" ? "among others" : "none")),
      "newest",
    );
  });

  it("need a list when something came or went, or everything may be another", () => {
    for (const kind of ["created", "deleted", "restored", "everything"] as const) {
      const changes = new RowChanges();
      changes.add([{ sessionId: "a", kind, reason: "restore" }]);
      assert.equal(changes.take(among), "list");
    }
    const changes = new RowChanges();
    changes.add([{ kind: "everything", reason: "disk" }]);
    assert.equal(changes.take(among), "list");
  });

  it("need a list of the newest alone when an agent made or removed a session that nobody put anywhere", () => {
    const changes = new RowChanges();
    for (const kind of ["created", "deleted"] as const) {
      changes.add([{ sessionId: "a", kind, reason: "disk" }]);
      assert.equal(changes.take(among), "newest");
    }
    changes.add([{ sessionId: "a", kind: "deleted", reason: "disk" }]);
    assert.equal(
      changes.take(() => "apart"),
      "list",
    );
  });

  it("need the whole list when one that is not shown was changed by a person", () => {
    const changes = new RowChanges();
    changes.add([{ sessionId: "a", kind: "changed", reason: "update" }]);
    assert.equal(
      changes.take(() => "none"),
      "list",
    );
    changes.add([{ sessionId: "a", kind: "changed", reason: "update" }, ...changed(...many(2 * MOST_ASKED))]);
    assert.equal(changes.take(among), "list");
  });

  it("stay small however many there are", () => {
    const changes = new RowChanges();
    changes.add(changed(...many(10_000)));
    assert.equal(changes.take(among), "newest");
    changes.add(changed(...many(MOST_ASKED)));
    assert.equal(changes.take(among).length, MOST_ASKED);
  });

  it("need a list when a filter may say otherwise now", () => {
    const before = sessionRow("a", { updatedAt: 5 });
    assert.ok(isListedAlike(before, { ...before, updatedAt: 9, turnCount: 4, status: "running" }));
    for (const now of [{ archived: true }, { title: "other" }, { group: "g" }, { pinned: true }, { updatedAt: 4 }]) {
      assert.ok(!isListedAlike(before, { ...before, ...now }));
    }
  });

  it("put a row where the server lists it", () => {
    const rows = ["d", "c", "b", "a"].map((id, index) => sessionRow(id, { updatedAt: 40 - 10 * index }));
    const ids = (updatedAt: number) => withRow(rows, sessionRow("a", { updatedAt })).map(({ sessionId }) => sessionId);
    assert.deepEqual(ids(50), ["a", "d", "c", "b"]);
    assert.deepEqual(ids(25), ["d", "c", "a", "b"]);
    assert.deepEqual(ids(30), ["d", "c", "a", "b"]);
    assert.deepEqual(ids(1), ["d", "c", "b", "a"]);
  });
});

/** Rows whose rounds end when the test says so. */
class HeldRows {
  seen = true;
  focused = true;
  missed = 0;
  place: Place = "among others";
  readonly wishes: Wish[] = [];
  private readonly ends: (() => void)[] = [];
  readonly live = new LiveRows(
    {
      isSeen: () => this.seen,
      isFocused: () => this.focused,
      placeOf: () => this.place,
      missed: () => {
        this.missed += 1;
      },
      follow: (wish) => {
        this.wishes.push(wish);
        return new Promise((end) => this.ends.push(end));
      },
    },
    Date.now,
  );

  async end(): Promise<void> {
    this.ends.shift()?.();
    await settle();
  }
}

describe("live rows", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
  afterEach(() => mock.timers.reset());

  it("follow at once, and then after a pause, with all that came meanwhile", async () => {
    const rows = new HeldRows();
    rows.live.take(changed("a"));
    mock.timers.tick(0);
    assert.deepEqual(rows.wishes, [["a"]]);
    rows.live.take(changed("b"));
    rows.live.take(changed("c"));
    mock.timers.tick(10 * GAP);
    assert.equal(rows.wishes.length, 1);
    await rows.end();
    mock.timers.tick(10 * GAP - 1);
    assert.equal(rows.wishes.length, 1); // a slow round is followed by a long pause
    mock.timers.tick(1);
    assert.deepEqual(rows.wishes, [["a"], ["b", "c"]]);
  });

  it("follow less often behind another window", async () => {
    const rows = new HeldRows();
    rows.focused = false;
    rows.live.take(changed("a"));
    mock.timers.tick(0);
    await rows.end();
    rows.live.take(changed("b"));
    mock.timers.tick(GAP_BEHIND - 1);
    assert.equal(rows.wishes.length, 1);
    mock.timers.tick(1);
    assert.equal(rows.wishes.length, 2);
  });

  it("list everything some time after only the newest were, once", async () => {
    const rows = new HeldRows();
    rows.place = "none";
    for (let passed = 0; passed < WHOLE_AFTER; passed += GAP) {
      rows.live.take(changed("a"));
      mock.timers.tick(GAP);
      await rows.end();
    }
    assert.ok(rows.wishes.length > 10 && rows.wishes.every((wish) => wish === "newest"), String(rows.wishes));
    const before = rows.wishes.length;
    mock.timers.tick(WHOLE_AFTER);
    await rows.end();
    mock.timers.tick(10 * WHOLE_AFTER);
    assert.deepEqual(rows.wishes.slice(before), ["list"]);
  });

  it("ask for nothing while nobody sees them", () => {
    const rows = new HeldRows();
    rows.seen = false;
    rows.live.take(changed("a"));
    mock.timers.tick(0);
    mock.timers.tick(10 * GAP);
    assert.deepEqual([rows.wishes.length, rows.missed], [0, 1]);
  });

  it("do nothing more once they are gone", () => {
    const rows = new HeldRows();
    rows.live.take(changed("a"));
    rows.live.dispose();
    mock.timers.tick(10 * GAP);
    assert.equal(rows.wishes.length, 0);
  });
});

describe("a drawn tree", () => {
  const group: Group = { id: "g", names: [], folders: [], rank: 0, where: {} };
  const tree = (more: number, ...rows: { id: string; title?: string }[]) => {
    const top: Node = { kind: "group", group, shown: more, total: more, more: false };
    const below: Node[] = rows.map(({ id, title = id }) => ({
      kind: "session",
      group,
      row: sessionRow(id, { title }),
    }));
    return (node?: Node) => (node === undefined ? [top] : node.kind === "group" ? below : []);
  };
  const kinds = (parts: "all" | readonly Node[]) => (parts === "all" ? parts : parts.map(({ kind }) => kind));

  it("is left alone where nothing is another", () => {
    const drawn = new DrawnTree();
    assert.equal(drawn.update(tree(2, { id: "a" }, { id: "b" })), "all");
    assert.deepEqual(drawn.update(tree(2, { id: "a" }, { id: "b" })), []);
  });

  it("draws single rows anew, which stay the objects they are", () => {
    const drawn = new DrawnTree();
    drawn.drawAll(tree(2, { id: "a" }, { id: "b" }));
    const known = drawn.keep({ kind: "session", group, row: sessionRow("b") });
    const parts = drawn.update(tree(2, { id: "a" }, { id: "b", title: "other" }));
    assert.deepEqual(parts, [known]);
    assert.equal(known.row.title, "other");
  });

  it("draws a group anew when its rows are others, or stand otherwise", () => {
    const drawn = new DrawnTree();
    drawn.drawAll(tree(2, { id: "a" }, { id: "b" }));
    assert.deepEqual(kinds(drawn.update(tree(2, { id: "b" }, { id: "a" }))), ["group"]);
    assert.deepEqual(kinds(drawn.update(tree(3, { id: "b" }, { id: "a" }, { id: "c" }))), ["group"]);
  });

  it("knows the rows of a folder", () => {
    const drawn = new DrawnTree();
    const row = sessionRow("a", { workDir: "/srv/app" });
    drawn.drawAll((node) => (node === undefined ? [{ kind: "session", group, row }] : []));
    assert.equal(drawn.inFolder("/srv/app").length, 1);
    assert.equal(drawn.inFolder("/srv").length, 0);
  });
});
