import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GroupRows } from "../src/sessions/group_rows";
import { SidecarUnavailable } from "../src/sidecar";
import { HeldServer, PagedServer, page, serverError, sessionRow, settle, TestCanceller } from "./sessions_support";

function ids(rows: GroupRows): string[] {
  return rows.loaded.rows.map(({ sessionId }) => sessionId);
}

describe("the rows of a group", () => {
  it("grow page by page to the end", async () => {
    const server = PagedServer.of(5);
    const rows = new GroupRows(server.list, { archived: "all", folders: ["/a"] });
    await rows.reload(2);
    assert.deepEqual(ids(rows), ["s0", "s1"]);
    await rows.more(2);
    await rows.more(2);
    assert.deepEqual(ids(rows), ["s0", "s1", "s2", "s3", "s4"]);
    assert.equal(rows.loaded.nextCursor, undefined);
    assert.equal(rows.loaded.total, 5);
    await rows.more(2);
    assert.equal(server.asked.length, 3);
    assert.deepEqual(server.asked[2], { archived: "all", folders: ["/a"], limit: 2, cursor: "4" });
  });

  it("come back as many as were shown, in pages of at most 500", async () => {
    const server = PagedServer.of(1300);
    const rows = new GroupRows(server.list, {});
    await rows.reload(500);
    await rows.more(500);
    await rows.more(100);
    server.asked.length = 0;
    server.rows = [sessionRow("new"), ...server.rows];
    await rows.reload(500);
    assert.equal(rows.loaded.rows.length, 1100);
    assert.equal(ids(rows)[0], "new");
    assert.deepEqual(
      server.asked.map(({ limit, cursor }) => [limit, cursor]),
      [
        [500, undefined],
        [500, "500"],
        [100, "1000"],
      ],
    );
  });

  it("have every session once when it moves between two pages", async () => {
    const server = PagedServer.of(6);
    const rows = new GroupRows(server.list, {});
    await rows.reload(3);
    server.rows = [sessionRow("new"), ...server.rows];
    await rows.more(3);
    assert.deepEqual(ids(rows), ["s0", "s1", "s2", "s3", "s4", "s5"]);
  });

  it("begin anew at the size that is shown when the cursor has expired", async () => {
    const server = PagedServer.of(10);
    const rows = new GroupRows(server.list, {});
    await rows.reload(4);
    server.expired.add("4");
    await rows.more(4);
    assert.equal(rows.failure, undefined);
    assert.equal(rows.loaded.rows.length, 8);
  });

  it("begin anew once when a cursor expires in the middle of a reload", async () => {
    const server = PagedServer.of(1200);
    const rows = new GroupRows(server.list, {});
    await rows.reload(500);
    await rows.more(500);
    server.expired.add("500");
    await rows.reload(500);
    assert.equal(rows.failure, undefined);
    assert.equal(rows.loaded.rows.length, 1000);
  });

  it("tell why they are missing, and come back as many as before", async () => {
    const server = PagedServer.of(10);
    let broken = false;
    const rows = new GroupRows((params) => {
      return broken ? Promise.reject(serverError("unreadable", "no disk")) : server.list(params);
    }, {});
    await rows.reload(3);
    await rows.more(3);
    broken = true;
    await rows.reload(3);
    assert.deepEqual([ids(rows), rows.failure], [[], "no disk"]);
    broken = false;
    await rows.reload(3);
    assert.deepEqual([ids(rows).length, rows.failure], [6, undefined]);
  });

  it("stay when only the next page fails, which can be asked for again", async () => {
    const server = PagedServer.of(4);
    let broken = false;
    const rows = new GroupRows((params) => (broken ? Promise.reject(new Error("lost")) : server.list(params)), {});
    await rows.reload(2);
    broken = true;
    await rows.more(2);
    assert.deepEqual([ids(rows), rows.failure, rows.loaded.nextCursor], [["s0", "s1"], "lost", "2"]);
    broken = false;
    await rows.more(2);
    assert.deepEqual([ids(rows).length, rows.failure], [4, undefined]);
  });

  it("are not touched by a load that was cancelled, whether it answers or fails", async () => {
    const server = new HeldServer();
    const rows = new GroupRows(server.list, {});
    const first = rows.reload(2);
    await settle();
    server.call(0).answer(page([sessionRow("old")]));
    await first;
    for (const [number, end] of [
      [1, (n: number) => server.call(n).answer(page([sessionRow("late")]))],
      [2, (n: number) => server.call(n).fail(new Error("late"))],
    ] as const) {
      const canceller = new TestCanceller();
      const load = rows.reload(2, canceller.token);
      await settle();
      canceller.cancel();
      end(number);
      await load;
      assert.deepEqual([ids(rows), rows.failure], [["old"], undefined]);
    }
  });

  it("outlive a server that ends or gives up before it answers", async () => {
    const server = new HeldServer();
    const rows = new GroupRows(server.list, {});
    const first = rows.reload(2);
    await settle();
    server.call(0).answer(page([sessionRow("old")]));
    await first;
    for (const error of [new SidecarUnavailable("ended"), serverError("cancelled", "shutting down")]) {
      const load = rows.reload(2);
      await settle();
      server.asked.at(-1)?.fail(error);
      await load;
      assert.deepEqual([ids(rows), rows.failure], [["old"], undefined]);
    }
  });

  it("run their loads one after another, and a page that is asked for twice once", async () => {
    const server = new HeldServer();
    const rows = new GroupRows(server.list, {});
    const first = rows.reload(1);
    await settle();
    const more = rows.more(1);
    assert.equal(rows.more(1), more);
    await settle();
    assert.equal(server.asked.length, 1);
    server.call(0).answer(page([sessionRow("a")], { nextCursor: "x" }));
    await first;
    await settle();
    assert.equal(server.call(1).params.cursor, "x");
    server.call(1).answer(page([sessionRow("b")]));
    await more;
    assert.deepEqual(ids(rows), ["a", "b"]);
    assert.equal(server.asked.length, 2);
  });

  it("keep the problems of all their pages, each once", async () => {
    const problem = { kind: "unreadable", reason: "denied", path: "/x" };
    const pages = [
      page([sessionRow("a")], { nextCursor: "1", problems: [problem] }),
      page([], { problems: [problem] }),
    ];
    const rows = new GroupRows(() => Promise.resolve(pages.shift() ?? page([])), {});
    await rows.reload(1);
    await rows.more(1);
    assert.deepEqual(rows.loaded.problems, [problem]);
  });
});
