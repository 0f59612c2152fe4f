import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ListSessionsParams, ListSessionsResult } from "../src/protocol/calls";
import { makeGroups } from "../src/sessions/groups";
import { Listing } from "../src/sessions/listing";
import { nodeId } from "../src/sessions/nodes";
import {
  HeldServer,
  isForRest,
  PagedServer,
  page,
  passes,
  sessionRow,
  settle,
  TestCanceller,
} from "./sessions_support";

const groups = makeGroups(
  [
    { name: "a", path: "/a" },
    { name: "b", path: "/b" },
  ],
  [],
);
const [groupA, groupB, others] = groups as [(typeof groups)[0], (typeof groups)[0], (typeof groups)[0]];

/** A list that answers by the first folder of the question; `-` for the other folders. */
function byFolder(answers: Record<string, ListSessionsResult | Error>) {
  return (params: ListSessionsParams): Promise<ListSessionsResult> => {
    const answer = answers[params.folders?.[0] ?? "-"] ?? page([]);
    if (answer instanceof Error) {
      return Promise.reject(answer);
    }
    return Promise.resolve({ ...answer, items: answer.items.filter((row) => passes(row, params)) });
  };
}

describe("the listing", () => {
  it("shows groups with their rows, and a note in one without", async () => {
    const listing = new Listing(byFolder({ "/a": page([sessionRow("s1")]) }));
    await listing.load(groups, { archived: false }, 50);
    assert.deepEqual(
      listing.roots().map(({ group, shown }) => [group.names[0], shown]),
      [
        ["a", 1],
        ["b", 0],
        [undefined, 0],
      ],
    );
    assert.deepEqual(
      listing.children(groupA).map(({ kind }) => kind),
      ["session"],
    );
    assert.deepEqual(listing.children(groupB), [{ kind: "note", group: groupB, failure: undefined }]);
    assert.equal(listing.row("s1")?.sessionId, "s1");
    assert.equal(listing.row("s2"), undefined);
  });

  it("has no roots when there is nothing at all, so that the view can welcome", async () => {
    const listing = new Listing(byFolder({}));
    await listing.load(groups, {}, 50);
    assert.deepEqual([listing.roots(), listing.failed], [[], false]);
  });

  it("says in its own place why a group could not be loaded", async () => {
    const listing = new Listing(byFolder({ "/a": new Error("no disk"), "/b": page([sessionRow("s1")]) }));
    await listing.load(groups, {}, 50);
    assert.equal(listing.roots().length, 3);
    assert.deepEqual(listing.children(groupA), [{ kind: "note", group: groupA, failure: "no disk" }]);
    assert.deepEqual([listing.failed, listing.failures], [false, ["no disk"]]);
  });

  it("shows a failed group even when the others are empty", async () => {
    const listing = new Listing(byFolder({ "/a": new Error("no disk") }));
    await listing.load(groups, {}, 50);
    assert.equal(listing.roots().length, 3);
  });

  it("has failed when all groups have", async () => {
    const down = new Error("down");
    const listing = new Listing(byFolder({ "/a": down, "/b": down, "-": down }));
    await listing.load(groups, {}, 50);
    assert.deepEqual([listing.failed, listing.roots(), listing.failures], [true, [], ["down"]]);
  });

  it("has not failed before anything was loaded", () => {
    const listing = new Listing(byFolder({}));
    assert.deepEqual([listing.failed, listing.roots()], [false, []]);
  });

  it("keeps the rows when their next page fails, and offers it again", async () => {
    const server = PagedServer.of(3);
    let broken = false;
    const listing = new Listing((params) => (broken ? Promise.reject(new Error("lost")) : server.list(params)));
    await listing.load([others], {}, 2);
    broken = true;
    await listing.loadMore(others, 2);
    assert.deepEqual(
      listing.children(others).map(({ kind }) => kind),
      ["session", "session", "note", "more"],
    );
    assert.equal(listing.failed, false);
  });

  it("shows as many rows as before after a refresh, and a page after another question", async () => {
    const server = PagedServer.of(100);
    const listing = new Listing(server.list);
    await listing.load([others], {}, 10);
    await listing.loadMore(others, 10);
    await listing.load([others], {}, 10);
    assert.equal(listing.children(others).length, 21);
    await listing.load([others], { text: "x" }, 10);
    assert.equal(listing.children(others).length, 11);
    assert.equal(server.asked.at(-1)?.text, "x");
  });

  it("keeps what names a row over refreshes", async () => {
    const listing = new Listing(PagedServer.of(3).list);
    const names = () => [...listing.roots(), ...listing.children(others)].map(nodeId);
    await listing.load([others], {}, 2);
    const before = names();
    await listing.load([others], {}, 2);
    assert.deepEqual(names(), before);
    assert.equal(new Set(before).size, 4);
  });

  it("is not changed by a load that a newer one has overtaken", async () => {
    const server = new HeldServer();
    const listing = new Listing(server.list);
    const slow = new TestCanceller();
    const older = listing.load([others], { text: "old" }, 10, slow.token);
    await settle();
    slow.cancel();
    const newer = listing.load([others], { text: "new" }, 10);
    await settle();
    const answer = (text: string) => {
      for (const call of server.asked.filter(({ params }) => params.text === text)) {
        call.answer(page(isForRest(call.params) ? [sessionRow(text)] : []));
      }
    };
    answer("new");
    await newer;
    answer("old");
    await older;
    assert.equal(listing.row("old"), undefined);
    assert.equal(listing.row("new")?.sessionId, "new");
  });

  it("asks for all groups at once, each with its own place and the filter", async () => {
    const server = new HeldServer();
    const listing = new Listing(server.list);
    const load = listing.load(groups, { text: "x" }, 7);
    await settle();
    assert.deepEqual(
      server.asked.map(({ params }) => params).filter(isForRest),
      groups.map(({ where }) => ({ text: "x", ...where, grouped: false, pinned: false, limit: 7 })),
    );
    server.asked.forEach(({ answer }) => void answer(page([])));
    await load;
  });

  it("asks for the rest alone when only agents were at work, and keeps what a person put somewhere", async () => {
    const server = new PagedServer([
      sessionRow("a"),
      sessionRow("b", { pinned: true }),
      sessionRow("c", { group: "g" }),
    ]);
    const listing = new Listing(server.list);
    await listing.load(groups, {}, 2);
    server.asked.length = 0;
    server.rows = [sessionRow("new"), ...server.rows];
    await listing.loadRest(2);
    assert.equal(server.asked.length, groups.length);
    assert.ok(server.asked.every(isForRest));
    assert.deepEqual(listing.children(others).map(nodeId), [
      "ownGroup other g",
      "session other b",
      "session other new",
      "session other a",
    ]);
  });

  it("shows the groups that a person made first, then what is pinned, then all else", async () => {
    const server = new PagedServer([
      sessionRow("new"),
      sessionRow("b", { group: "Release 10" }),
      sessionRow("c", { group: "Release 2", title: "c" }),
      ...Array.from({ length: 20 }, (_, number) => sessionRow(`s${number}`)),
      sessionRow("old-pinned", { pinned: true }),
      sessionRow("old-in-group", { pinned: true, group: "Release 2" }),
    ]);
    const listing = new Listing(server.list);
    await listing.load([others], {}, 2);
    const nodes = listing.children(others);
    assert.deepEqual(nodes.map(nodeId), [
      "ownGroup other Release 2",
      "ownGroup other Release 10",
      "session other old-pinned",
      "session other new",
      "session other s0",
      "more other",
    ]);
    const [first, , pinned] = nodes;
    assert.ok(first !== undefined && pinned !== undefined);
    const below = listing.below(first);
    assert.deepEqual(below.map(nodeId), ["session other old-in-group", "session other c"]);
    assert.deepEqual(
      below.map((node) => listing.parentOf(node)?.kind),
      ["ownGroup", "ownGroup"],
    );
    assert.equal(listing.parentOf(first)?.kind, "group");
    assert.equal(listing.parentOf(pinned)?.kind, "group");
    assert.equal(listing.groupNode(others)?.total, 25);
    assert.equal(listing.groupNode(others)?.shown, 6);
    assert.deepEqual(listing.below(pinned), []);
  });

  it("shows a session once that was put into a group between two questions", async () => {
    const twice = sessionRow("s", { group: "g" });
    const listing = new Listing((params) => Promise.resolve(page(isForRest(params) || params.grouped ? [twice] : [])));
    await listing.load([others], {}, 2);
    assert.deepEqual(listing.children(others).map(nodeId), ["ownGroup other g"]);
    assert.equal(listing.groupNode(others)?.shown, 1);
  });

  it("tells of a folder that could not be listed once, though every group hears of it", async () => {
    const problem = { kind: "unreadable", reason: "denied", path: "/x" };
    const listing = new Listing(() => Promise.resolve(page([], { problems: [problem] })));
    await listing.load(groups, {}, 7);
    assert.deepEqual(listing.problems, [problem]);
  });
});
