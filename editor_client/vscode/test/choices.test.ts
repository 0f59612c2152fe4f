import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { creators, groupChoices, meantText, textFault } from "../src/changing/choices";
import { chosenRows } from "../src/changing/targets";
import { knownGroups } from "../src/sessions/known_groups";
import { page, sessionRow, translate } from "./sessions_support";

const GROUP = { id: "other", names: [], folders: [], rank: 0, where: {} };
const nodeOf = (sessionId: string) => ({ kind: "session", group: GROUP, row: sessionRow(sessionId) });

describe("a typed text", () => {
  it("changes, takes away, or leaves as it is", () => {
    assert.equal(meantText(" New ", "Old"), "New");
    assert.equal(meantText("  ", "Old"), null);
    assert.equal(meantText("Old", "Old"), undefined);
    assert.equal(meantText("", undefined), undefined);
    assert.equal(meantText(undefined, "Old"), undefined);
  });

  it("is counted in characters, not in halves of them", () => {
    assert.equal(textFault("😀".repeat(200), 200, translate), undefined);
    assert.equal(textFault("😀".repeat(201), 200, translate), "At most 200 characters; these are 201.");
    assert.equal(textFault(`  ${"a".repeat(200)}  `, 200, translate), undefined);
  });
});

describe("the choice of a group", () => {
  const names = (typed: string, rows: { group?: string }[]) =>
    groupChoices(["Ideas", "Release"], typed, rows, translate).map(({ group }) => group);

  it("has the groups there are, and none for what is in one", () => {
    assert.deepEqual(names("", [{}]), ["Ideas", "Release"]);
    assert.deepEqual(names("", [{ group: "Ideas" }, {}]), ["Ideas", "Release", null]);
  });

  it("offers to make the one that is typed, unless it is there", () => {
    assert.deepEqual(names(" Rel ", [{}]), ["Rel", "Ideas", "Release"]);
    assert.deepEqual(names("Release", [{}]), ["Ideas", "Release"]);
  });

  it("says where all of them are now", () => {
    const described = (rows: { group?: string }[]) =>
      groupChoices(["Ideas"], "", rows, translate).find(({ description }) => description === "where it is now")?.group;
    assert.equal(described([{ group: "Ideas" }, { group: "Ideas" }]), "Ideas");
    assert.equal(described([{ group: "Ideas" }, {}]), undefined);
  });

  it("knows the groups of every page, in the order of the alphabet", async () => {
    const pages = [
      page([sessionRow("a", { group: "b 10" }), sessionRow("b", { group: "b 9" })], { nextCursor: "1" }),
      page([sessionRow("c", { group: "a" }), sessionRow("d", { group: "b 9" })]),
    ];
    const listSessions = async () => pages.shift() ?? page([]);
    assert.deepEqual(await knownGroups({ listSessions }), ["a", "b 9", "b 10"]);
  });
});

describe("agents for new sessions", () => {
  it("are those that can make one: the embedded one, those with a home, the others", () => {
    const agent = (id: string, homes: string[], ...capabilities: string[]) => ({ id, homes, capabilities });
    const found = creators([
      agent("claude", ["/c"], "titles"),
      agent("fresh", [], "create"),
      agent("kimi", ["/k"], "create", "fork"),
      agent("forkpoint", [], "create"),
    ]);
    assert.deepEqual(
      found.map(({ id }) => id),
      ["forkpoint", "kimi", "fresh"],
    );
  });
});

describe("the sessions of a command", () => {
  const selected = ["a", "b"].map((id) => sessionRow(id));
  const ids = (...given: Parameters<typeof chosenRows>) => chosenRows(...given)?.map(({ sessionId }) => sessionId);

  it("are all that the menu hands over, but for rows that are no sessions", () => {
    const all = [nodeOf("a"), { kind: "group", group: GROUP }, nodeOf("c")];
    assert.deepEqual(ids(nodeOf("a"), all, selected, undefined), ["a", "c"]);
  });

  it("are the selected ones when a key is pressed on one of them", () => {
    assert.deepEqual(ids(nodeOf("a"), undefined, selected, "shown"), ["a", "b"]);
    assert.deepEqual(ids(nodeOf("c"), undefined, selected, "a"), ["c"]);
    assert.deepEqual(ids(nodeOf("a"), undefined, selected.slice(0, 1), undefined), ["a"]);
  });

  it("are the selected ones in the palette, unless another one is looked at", () => {
    assert.deepEqual(ids(undefined, undefined, selected, undefined), ["a", "b"]);
    assert.deepEqual(ids(undefined, undefined, selected, "b"), ["a", "b"]);
    assert.equal(ids(undefined, undefined, selected, "other"), undefined);
    assert.equal(ids(undefined, undefined, selected.slice(0, 1), undefined), undefined);
  });

  it("have to be found otherwise for an id, or for a row that is no session", () => {
    assert.equal(ids("pi:a", undefined, selected, undefined), undefined);
    assert.equal(ids({ kind: "group", group: GROUP }, [{ kind: "group", group: GROUP }], selected, "a"), undefined);
    assert.equal(ids({ kind: "group", group: GROUP }, undefined, selected, "a"), undefined);
  });
});
