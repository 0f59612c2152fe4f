import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Finders, findTarget, isRowLost } from "../src/commands/target";
import { Calls, type SessionRow } from "../src/protocol/calls";
import type { Node } from "../src/sessions/nodes";
import { serverError, sessionRow } from "./sessions_support";

const GROUP = { id: "other", names: [], folders: [], rank: 0, where: {} };

/** What is there to choose from; the server knows every session whose id begins with `pi:`. */
interface Window {
  readonly selected?: SessionRow;
  readonly shown?: string;
  readonly picked?: SessionRow;
}

function findersOf(window: Window): Finders & { readonly titles: string[] } {
  const titles: string[] = [];
  const calls = new Calls(async (method, params) => {
    const { sessionId } = params as { sessionId: string };
    if (method !== "sessions/get" || !sessionId.startsWith("pi:")) {
      throw serverError("sessionNotFound", `${method} ${sessionId}`);
    }
    return { session: sessionRow(sessionId, { title: "from the server" }) };
  });
  return {
    titles,
    sidecar: { calls },
    tree: { selected: () => window.selected },
    shown: () => window.shown,
    pick: async (title) => {
      titles.push(title);
      return window.picked;
    },
  };
}

async function targetOf(argument: unknown, window: Window): Promise<string | undefined> {
  return (await findTarget(argument, "Copy", findersOf(window)))?.sessionId;
}

describe("the session a command is about", () => {
  const selected = sessionRow("pi:selected");
  const picked = sessionRow("pi:picked");

  it("is the row it was called for, whatever else is there", async () => {
    const node: Node = { kind: "session", group: GROUP, row: sessionRow("pi:row") };
    assert.equal(await targetOf(node, { selected, shown: "pi:shown", picked }), "pi:row");
  });

  it("is the one whose id was given, as the server has it now", async () => {
    const row = await findTarget("pi:selected", "Copy", findersOf({ selected, shown: "pi:shown" }));
    assert.equal(row?.title, "from the server");
    await assert.rejects(targetOf("gone", { selected }), /sessions\/get gone/);
  });

  it("is the one that is looked at, not another one that is selected in the tree", async () => {
    assert.equal(await targetOf(undefined, { selected, shown: "pi:shown", picked }), "pi:shown");
  });

  it("is not asked for when the one that is looked at is selected, too", async () => {
    const row = await findTarget(undefined, "Copy", findersOf({ selected, shown: "pi:selected" }));
    assert.equal(row, selected);
  });

  it("is what is selected while nothing is looked at", async () => {
    assert.equal(await targetOf(undefined, { selected, picked }), "pi:selected");
    assert.equal(await targetOf(null, { selected, picked }), "pi:selected");
  });

  it("is picked under the command's title when there is nothing else", async () => {
    const finders = findersOf({ picked });
    assert.equal(await findTarget(undefined, "Copy", finders), picked);
    assert.deepEqual(finders.titles, ["Copy"]);
    assert.equal(await targetOf(undefined, {}), undefined);
  });

  it("is none for a row of the tree that is no session", async () => {
    for (const kind of ["group", "ownGroup", "more", "note"]) {
      const finders = findersOf({ selected, shown: "pi:shown", picked });
      assert.equal(await findTarget({ kind, group: GROUP }, "Copy", finders), undefined);
      assert.deepEqual(finders.titles, []);
    }
  });
});

describe("a row that the editor could not name any more", () => {
  const row = { kind: "session", group: GROUP, row: sessionRow("pi:a") };

  it("is told from a command of the palette, which has no arguments", () => {
    assert.equal(isRowLost([]), false);
    assert.equal(isRowLost([undefined]), true);
    assert.equal(isRowLost([null, undefined]), true);
  });

  it("is lost, too, when it is one of several", () => {
    assert.equal(isRowLost([row]), false);
    assert.equal(isRowLost(["pi:a"]), false);
    assert.equal(isRowLost([row, [row, row]]), false);
    assert.equal(isRowLost([row, [row, undefined]]), true);
  });
});
