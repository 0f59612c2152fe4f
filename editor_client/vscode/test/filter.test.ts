import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeFilter, type Filter, filterParams, isFiltered, NO_FILTER, readFilter } from "../src/sessions/filter";
import { translate } from "./sessions_support";

const names = { t: translate, agentTitle: (id: string) => (id === "kimi" ? "Kimi CLI" : id), home: "/home/ana" };

describe("a filter", () => {
  it("hides nothing at first", () => {
    assert.equal(isFiltered(NO_FILTER), false);
    assert.deepEqual(filterParams(NO_FILTER), { archived: false });
    assert.equal(describeFilter(NO_FILTER, names), "");
  });

  it("becomes params, without what means nothing", () => {
    const filter: Filter = { text: " price ", agents: ["pi"], folders: [{ path: "/a" }], archived: "all" };
    assert.deepEqual(filterParams(filter), { text: "price", agents: ["pi"], archived: "all" });
    assert.equal(isFiltered({ text: " \t", agents: [], folders: [], archived: false }), false);
    assert.equal(isFiltered({ archived: true }), true);
  });

  it("is described on one line", () => {
    const filter: Filter = {
      text: "foo\nbar",
      agents: ["kimi", "pi"],
      folders: [{ path: "/home/ana/shop" }],
      archived: true,
    };
    assert.equal(describeFilter(filter, names), "text “foo bar” · Kimi CLI, pi · ~/shop · archived");
    assert.equal(
      describeFilter({ folders: [{ path: "/a" }, { path: "/b" }], archived: "all" }, names),
      "2 folders · live and archived",
    );
  });

  it("comes back from where it was stored", () => {
    const filter: Filter = {
      text: "price",
      agents: ["pi"],
      folders: [{ path: "/a" }, { path: "/b", repository: "/b/.git" }],
      archived: "all",
    };
    assert.deepEqual(readFilter(JSON.parse(JSON.stringify(filter))), filter);
  });

  it("is what can be understood of what was stored", () => {
    for (const stored of [undefined, null, 1, "x", [], {}, { text: 5, agents: "pi", folders: {}, archived: "yes" }]) {
      assert.deepEqual(readFilter(stored), NO_FILTER);
    }
    const stored = {
      text: "  ",
      agents: ["pi", 5, null],
      folders: [{ path: "relative" }, { path: 1 }, "/a", { path: "/b", repository: 2 }],
      archived: true,
    };
    assert.deepEqual(readFilter(stored), { agents: ["pi"], folders: [{ path: "/b" }], archived: true });
  });
});
