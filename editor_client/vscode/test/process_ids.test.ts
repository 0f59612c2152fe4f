import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { ProcessIds } from "../src/commands/process_ids";

/** A workspace's state that outlives the objects that use it. */
class State {
  private readonly values = new Map<string, string>();

  get<T>(key: string): T | undefined {
    return JSON.parse(this.values.get(key) ?? "null") ?? undefined;
  }

  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, JSON.stringify(value));
  }
}

const alive = () => true;

describe("the process ids of resumed sessions", () => {
  it("outlive a reload, also those of sessions that nobody asks for after it", async () => {
    const state = new State();
    const before = new ProcessIds(state, alive);
    await before.set("pi:a", 11);
    await before.set("pi:b", 12);

    const reloaded = new ProcessIds(state, alive);
    await reloaded.set("pi:c", 13);

    const again = new ProcessIds(state, alive);
    assert.deepEqual(
      ["pi:a", "pi:b", "pi:c"].map((id) => again.get(id)),
      [11, 12, 13],
    );
  });

  it("are forgotten with their terminal", async () => {
    const state = new State();
    const ids = new ProcessIds(state, alive);
    await ids.set("pi:a", 11);
    await ids.set("pi:a", undefined);
    assert.equal(ids.get("pi:a"), undefined);
    assert.equal(new ProcessIds(state, alive).get("pi:a"), undefined);
  });

  it("are those of processes that still run", async () => {
    const state = new State();
    const ended = spawnSync(process.execPath, ["--version"]).pid;
    const before = new ProcessIds(state);
    await before.set("pi:ended", ended);
    await before.set("pi:runs", process.pid);

    const reloaded = new ProcessIds(state);
    assert.equal(reloaded.get("pi:ended"), undefined);
    assert.equal(reloaded.get("pi:runs"), process.pid);
  });

  it("are not taken from what is no such thing", () => {
    for (const stored of [undefined, null, 5, "pi:a", { "pi:a": "11" }, { "pi:a": null }]) {
      const ids = new ProcessIds({ get: () => stored, update: async () => {} }, alive);
      assert.equal(ids.get("pi:a"), undefined);
    }
  });
});
