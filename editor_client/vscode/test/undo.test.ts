import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LeftAlone, type Reversal, takeBack } from "../src/changing/reversal";
import { MOST_STEPS, type Step, UndoStack } from "../src/changing/undo";
import type { SessionRow, UpdateSessionParams } from "../src/protocol/calls";
import { serverError, sessionRow, translate } from "./sessions_support";

function step(title: string): Step {
  return { title, reversals: [{ kind: "restore", sessionId: title, trashId: title }] };
}

describe("what can be undone", () => {
  it("is taken back newest first, each once", () => {
    const stack = new UndoStack(() => undefined);
    const [one, two] = [step("one"), step("two")];
    stack.push(one);
    stack.push(two);
    assert.deepEqual([stack.take(), stack.take(), stack.take()], [two, one, undefined]);
  });

  it("can be named, and is then not taken a second time", () => {
    const stack = new UndoStack(() => undefined);
    const [one, two] = [step("one"), step("two")];
    stack.push(one);
    stack.push(two);
    assert.equal(stack.take(one), one);
    assert.equal(stack.take(one), undefined);
    assert.equal(stack.size, 1);
    assert.equal(stack.take(), two);
  });

  it("is nothing when nothing was changed", () => {
    const stack = new UndoStack((any) => assert.equal(any, false));
    assert.equal(stack.push({ title: "none", reversals: [] }), undefined);
    assert.equal(stack.size, 0);
  });

  it("is bounded, and forgets the oldest", () => {
    const stack = new UndoStack(() => undefined);
    const steps = Array.from({ length: MOST_STEPS + 5 }, (_, number) => step(String(number)));
    steps.forEach((each) => void stack.push(each));
    assert.equal(stack.size, MOST_STEPS);
    assert.equal(stack.take(steps[4]), undefined);
    assert.equal(stack.take(steps[5]), steps[5]);
  });

  it("tells when there begins and ceases to be something, and at first that there is nothing", () => {
    const told: boolean[] = [];
    const stack = new UndoStack((any) => told.push(any));
    stack.push(step("one"));
    stack.push(step("two"));
    stack.take();
    stack.take();
    stack.take();
    assert.deepEqual(told, [false, true, false]);
  });
});

/** A server with one session, which others may change between any two calls. */
class OneSession {
  readonly updates: UpdateSessionParams[] = [];
  readonly deleted: string[] = [];
  /** How often the session gets another revision before the next update is looked at. */
  growths = 0;

  constructor(public row: SessionRow) {}

  getSession = () => Promise.resolve({ session: this.row });
  restoreSession = () => Promise.reject(new Error("not asked for"));
  deleteSession = ({ sessionId }: { sessionId?: string | undefined }) => {
    this.deleted.push(sessionId ?? "");
    return Promise.resolve({ deleted: true, problems: [] } as never);
  };
  updateSession = (params: UpdateSessionParams) => {
    this.updates.push(params);
    if (this.growths > 0) {
      this.growths -= 1;
      this.row = { ...this.row, revision: `${this.row.revision}+` };
    }
    if (params.ifRevision !== this.row.revision) {
      return Promise.reject(serverError("revisionMismatch", "another revision"));
    }
    return Promise.resolve({ session: this.row, previous: {} });
  };
}

describe("a change that is taken back", () => {
  const left = sessionRow("s", { title: "Ours", titleSource: "custom", revision: "5" });
  const reversal: Reversal = { kind: "update", sessionId: "s", previous: { title: "Before" }, left };

  it("gives the fields their values from before", async () => {
    const server = new OneSession({ ...left, revision: "7", group: "somebody's own" });
    await takeBack(reversal, server, translate);
    assert.deepEqual(server.updates, [{ sessionId: "s", title: "Before", ifRevision: "7" }]);
  });

  it("is left as it is when somebody changed the same since", async () => {
    const server = new OneSession({ ...left, title: "Somebody's", revision: "7" });
    await assert.rejects(takeBack(reversal, server, translate), LeftAlone);
    assert.deepEqual(server.updates, []);
  });

  it("is left as it is when somebody changes the same at that moment", async () => {
    const server = new OneSession(left);
    const { updateSession } = server;
    server.updateSession = (params) => {
      server.row = { ...left, title: "Somebody's", revision: "6" };
      return updateSession(params);
    };
    await assert.rejects(takeBack(reversal, server, translate), LeftAlone);
  });

  it("is tried again while an agent works on it, and not for ever", async () => {
    const server = new OneSession(left);
    server.growths = 2;
    await takeBack(reversal, server, translate);
    assert.equal(server.updates.length, 3);
    server.growths = Number.POSITIVE_INFINITY;
    await assert.rejects(takeBack(reversal, server, translate), /another revision/);
  });

  it("does not mind that a title that nobody gave is another by now", async () => {
    const derived = sessionRow("s", { title: "First words", titleSource: "derived" });
    const named: Reversal = { kind: "update", sessionId: "s", previous: { title: "Mine" }, left: derived };
    await takeBack(named, new OneSession({ ...derived, title: "Other words" }), translate);
    const server = new OneSession({ ...derived, title: "Somebody's", titleSource: "custom" });
    await assert.rejects(takeBack(named, server, translate), LeftAlone);
  });

  it("takes away what was made, unless it was worked on since", async () => {
    const made: Reversal = { kind: "remove", sessionId: "s", turns: 2 };
    const server = new OneSession(sessionRow("s", { turnCount: 2 }));
    await takeBack(made, server, translate);
    assert.deepEqual(server.deleted, ["s"]);
    server.row = sessionRow("s", { turnCount: 3 });
    await assert.rejects(takeBack(made, server, translate), LeftAlone);
    assert.deepEqual(server.deleted, ["s"]);
  });
});
