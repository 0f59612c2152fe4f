import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Freshness, STALE_AFTER } from "../src/sessions/freshness";
import { settle } from "./sessions_support";

/** Loads that end when the test says so. */
class HeldLoads {
  now = 1_000_000;
  begun = 0;
  drawn = 0;
  private readonly ends: ((ended: boolean) => void)[] = [];
  readonly freshness = new Freshness(
    () =>
      new Promise((resolve) => {
        this.begun += 1;
        this.ends.push(resolve);
      }),
    () => {
      this.drawn += 1;
    },
    () => this.now,
  );

  async end(cameToItsEnd = true): Promise<void> {
    await settle();
    this.ends.shift()?.(cameToItsEnd);
    await settle();
  }
}

describe("the tree's loads", () => {
  it("are one at a time, and however many are asked for meanwhile one more", async () => {
    const loads = new HeldLoads();
    const asked = [1, 2, 3, 4].map(() => loads.freshness.refresh());
    await loads.end();
    assert.equal(loads.begun, 2);
    await loads.end();
    await Promise.all(asked);
    await settle();
    assert.deepEqual([loads.begun, loads.drawn], [2, 2]);
  });

  it("are not repeated by those who only want the first", async () => {
    const loads = new HeldLoads();
    const asked = [loads.freshness.refresh(), loads.freshness.first(), loads.freshness.first()];
    await loads.end();
    await Promise.all(asked);
    await loads.freshness.first();
    assert.equal(loads.begun, 1);
  });

  it("do not count when they were overtaken", async () => {
    const loads = new HeldLoads();
    const run = loads.freshness.refresh();
    await loads.end(false);
    await run;
    assert.deepEqual([loads.freshness.loaded, loads.drawn], [false, 0]);
  });

  it("wait for somebody to look when nobody sees the view", async () => {
    const loads = new HeldLoads();
    await loads.freshness.whenSeen(false);
    assert.equal(loads.begun, 0);
    const run = loads.freshness.looked();
    await loads.end();
    await run;
    await loads.freshness.looked();
    assert.equal(loads.begun, 1);
    const seen = loads.freshness.whenSeen(true);
    await loads.end();
    await seen;
    assert.equal(loads.begun, 2);
  });

  it("are repeated by looking when something was missed while one went on", async () => {
    const loads = new HeldLoads();
    const first = loads.freshness.refresh();
    await settle();
    await loads.freshness.whenSeen(false);
    const look = loads.freshness.looked(true);
    await loads.end();
    await loads.end();
    await Promise.all([first, look]);
    assert.equal(loads.begun, 2);
  });

  it("are repeated by looking only when they are old, and not while one goes on", async () => {
    const loads = new HeldLoads();
    const first = loads.freshness.refresh();
    await loads.end();
    await first;
    loads.now += STALE_AFTER;
    await loads.freshness.looked();
    assert.equal(loads.begun, 1);
    loads.now += 1;
    const looks = [loads.freshness.looked(), loads.freshness.looked(false)];
    await loads.end();
    await Promise.all(looks);
    assert.equal(loads.begun, 2);
  });
});
