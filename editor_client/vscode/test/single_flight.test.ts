import assert from "node:assert/strict";
import { test } from "node:test";
import { SingleFlight } from "../src/common/single_flight";

/** Work that counts its runs and ends each one only when told to. */
function countedWork() {
  const ends: { ok: () => void; fail: (error: Error) => void }[] = [];
  let together = 0;
  let most = 0;
  const work = () => {
    together += 1;
    most = Math.max(most, together);
    return new Promise<void>((resolve, reject) => {
      ends.push({ ok: resolve, fail: reject });
    }).finally(() => {
      together -= 1;
    });
  };
  return { work, runs: () => ends.length, most: () => most, end: (run: number) => ends[run] };
}

/** Lets everything that is ready to go on do so. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test("a call on its own runs the work once and settles with it", async () => {
  const counted = countedWork();
  const flight = new SingleFlight(counted.work);
  let settled = false;
  const call = flight.run().then(() => {
    settled = true;
  });
  await settle();
  assert.equal(counted.runs(), 1);
  assert.equal(settled, false);
  counted.end(0)?.ok();
  await call;
  assert.equal(counted.runs(), 1);
});

test("a hundred calls while it runs make one more run, and wait for that one", async () => {
  const counted = countedWork();
  const flight = new SingleFlight(counted.work);
  const first = flight.run();
  await settle();
  assert.equal(flight.hasQueued, false);
  let settled = 0;
  const others = Array.from({ length: 100 }, () =>
    flight.run().then(() => {
      settled += 1;
    }),
  );
  assert.equal(flight.hasQueued, true);
  counted.end(0)?.ok();
  await first;
  await settle();
  assert.equal(flight.hasQueued, false);
  assert.equal(counted.runs(), 2);
  assert.equal(settled, 0);
  counted.end(1)?.ok();
  await Promise.all(others);
  assert.equal(settled, 100);
  assert.equal(counted.runs(), 2);
  assert.equal(counted.most(), 1);
});

test("a call during the queued run gets a third run, not the one that began before it", async () => {
  const counted = countedWork();
  const flight = new SingleFlight(counted.work);
  const first = flight.run();
  const second = flight.run();
  await settle();
  counted.end(0)?.ok();
  await first;
  await settle();
  const third = flight.run();
  counted.end(1)?.ok();
  await second;
  await settle();
  assert.equal(counted.runs(), 3);
  counted.end(2)?.ok();
  await third;
});

test("whoever asks again as soon as its run ended joins the queued run", async () => {
  const counted = countedWork();
  const flight = new SingleFlight(counted.work);
  const again = flight.run().then(() => flight.run());
  const queued = flight.run();
  await settle();
  counted.end(0)?.ok();
  await settle();
  counted.end(1)?.ok();
  await Promise.all([again, queued]);
  assert.equal(counted.runs(), 2);
  assert.equal(counted.most(), 1);
});

test("a failed run fails those who waited for it, and the queued one goes on", async () => {
  const counted = countedWork();
  const flight = new SingleFlight(counted.work);
  const failing = assert.rejects(flight.run(), /broken/);
  const queued = flight.run();
  await settle();
  counted.end(0)?.fail(new Error("broken"));
  await failing;
  await settle();
  counted.end(1)?.ok();
  await queued;
  assert.equal(counted.runs(), 2);
});

test("work that throws before it waits for anything is a failed run", async () => {
  let calls = 0;
  const flight = new SingleFlight(() => {
    calls += 1;
    throw new Error("at once");
  });
  await assert.rejects(flight.run(), /at once/);
  await assert.rejects(flight.run(), /at once/);
  assert.equal(calls, 2);
});
