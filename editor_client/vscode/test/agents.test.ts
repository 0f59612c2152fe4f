import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Agents } from "../src/common/agents";
import type { Agent } from "../src/protocol/calls";

function agent(id: string, more: Partial<Agent> = {}): Agent {
  return {
    id,
    title: id.toUpperCase(),
    icon: "sparkle",
    homes: [],
    profiles: [],
    capabilities: [],
    fields: [],
    ...more,
  };
}

describe("the agents", () => {
  it("are asked for once, until they are forgotten", async () => {
    let asked = 0;
    const agents = new Agents(() => ({
      listAgents: () => {
        asked += 1;
        return Promise.resolve({ agents: [agent("pi", { title: `pi ${asked}` })] });
      },
    }));
    await Promise.all([agents.load(), agents.load()]);
    await agents.load();
    assert.deepEqual([asked, agents.title("pi")], [1, "pi 1"]);
    agents.forget();
    assert.equal(agents.title("pi"), "pi 1");
    await agents.load();
    assert.deepEqual([asked, agents.title("pi")], [2, "pi 2"]);
  });

  it("have a name and an icon even when nobody knows them", async () => {
    const agents = new Agents(() => ({
      listAgents: () => Promise.resolve({ agents: [agent("pi", { icon: "x) $(evil" })] }),
    }));
    assert.deepEqual([agents.title("new"), agents.icon("new")], ["new", "comment-discussion"]);
    await agents.load();
    assert.deepEqual([agents.title("pi"), agents.icon("pi")], ["PI", "comment-discussion"]);
  });

  it("can be asked for again after a failure", async () => {
    let broken = true;
    const agents = new Agents(() => ({
      listAgents: () => (broken ? Promise.reject(new Error("down")) : Promise.resolve({ agents: [agent("pi")] })),
    }));
    await assert.rejects(agents.load(), /down/);
    broken = false;
    await agents.load();
    assert.deepEqual(
      agents.all.map(({ id }) => id),
      ["pi"],
    );
  });
});
