import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Agents } from "../src/common/agents";
import { SessionDocument } from "../src/documents/session_document";
import { SessionFeed } from "../src/documents/session_feed";
import { SessionReader } from "../src/documents/session_reader";
import { Calls, type Entry, type SessionMessage } from "../src/protocol/calls";
import { serverError, sessionRow, settle, words } from "./sessions_support";

function entry(entryId: string, text = entryId): Entry {
  return { entryId, kind: "user", agentKind: "u", turn: 0, content: [{ type: "text", text }] };
}

/** A server with one session, which is watched when asked. */
class Watched {
  entries = [entry("a"), entry("b")];
  row = sessionRow("s");
  readonly asked: string[] = [];
  portions: Entry[][] = [];
  changes = 0;
  failure: Error | undefined;
  readonly calls = new Calls((method, params) => this.answer(method, params as { after?: string }));
  readonly feed = new SessionFeed(
    () => this.calls,
    "s",
    new SessionReader(() => this.calls, "s"),
    () => {
      this.changes += 1;
    },
  );

  async ids(): Promise<string> {
    const { entries } = await this.feed.read(true);
    return entries.map(({ content }) => content[0]?.text).join(" ");
  }

  tell(more: Partial<SessionMessage>): void {
    this.feed.take({ sessionId: "s", entries: [], updated: [], ...more });
  }

  private async answer(method: string, params: { after?: string }): Promise<unknown> {
    this.asked.push(method);
    if (method === "sessions/get") {
      return { session: this.row };
    }
    if (method === "agents/list") {
      return { items: [], problems: [] };
    }
    if (method === "history/read") {
      return { entries: this.entries, hasMoreBefore: false, hasMoreAfter: false, problems: [] };
    }
    if (method === "messages/subscribe") {
      if (this.failure !== undefined) {
        const { failure } = this;
        this.failure = undefined;
        throw failure;
      }
      const entries = this.portions.shift() ?? [];
      const lastEntryId = entries.at(-1)?.entryId ?? params.after;
      return { subscribed: this.portions.length === 0, sessionId: "s", entries, updated: [], lastEntryId };
    }
    return { subscribed: false };
  }
}

describe("a session's feed", () => {
  it("reads each time while nobody sees it", async () => {
    const watched = new Watched();
    assert.equal(await watched.ids(), "a b");
    await watched.ids();
    assert.deepEqual(watched.asked, ["history/read", "history/read"]);
  });

  it("reads once and then takes what it is told", async () => {
    const watched = new Watched();
    watched.feed.want(true);
    assert.equal(await watched.ids(), "a b");
    watched.tell({ entries: [entry("c")], updated: [entry("b", "B")] });
    watched.tell({ entries: [entry("c", "C")] });
    assert.equal(await watched.ids(), "a B C");
    assert.deepEqual(watched.asked, ["history/read", "messages/subscribe"]);
    assert.equal(watched.changes, 2);
  });

  it("catches up with all that came between reading and subscribing", async () => {
    const watched = new Watched();
    watched.feed.want(true);
    watched.portions = [[entry("c"), entry("d")], [entry("e")]];
    const ids = watched.ids();
    watched.tell({ entries: [entry("f")] });
    assert.equal(await ids, "a b c d e f");
  });

  it("goes on where it was when it is seen again", async () => {
    const watched = new Watched();
    watched.feed.want(true);
    await watched.ids();
    watched.feed.want(false);
    watched.tell({ entries: [entry("lost")] });
    watched.feed.want(true);
    watched.portions = [[entry("c")]];
    assert.equal(await watched.ids(), "a b c");
    await settle();
    assert.deepEqual(watched.asked, [
      "history/read",
      "messages/subscribe",
      "messages/unsubscribe",
      "messages/subscribe",
    ]);
  });

  it("reads anew after a reset, another server, or when its last entry is gone", async () => {
    const watched = new Watched();
    watched.feed.want(true);
    await watched.ids();
    watched.entries = [entry("x")];
    watched.tell({ reset: true });
    assert.equal(await watched.ids(), "x");
    watched.entries = [entry("y")];
    watched.feed.forget();
    assert.equal(await watched.ids(), "y");
    watched.entries = [entry("z")];
    watched.feed.forget();
    watched.failure = serverError("entryNotFound", "gone");
    assert.equal(await watched.ids(), "z");
    watched.tell({ entries: [entry("w")] });
    assert.equal(await watched.ids(), "z w");
  });

  it("reads each time when it cannot be followed", async () => {
    const watched = new Watched();
    watched.feed.want(true);
    watched.failure = serverError("methodNotFound", "an older server");
    assert.equal(await watched.ids(), "a b");
    watched.entries = [entry("a"), entry("b"), entry("c")];
    watched.failure = serverError("methodNotFound", "an older server");
    assert.equal(await watched.ids(), "a b c");
  });
});

describe("a session's document", () => {
  it("has its head up to date when it is seen again, though no entry came meanwhile", async () => {
    const watched = new Watched();
    const calls = () => watched.calls;
    const document = new SessionDocument({ calls, agents: new Agents(calls), words }, "s", () => undefined);
    document.setSeen(true);
    await document.update();
    assert.match(document.rendering.text, /^# Session s\n/);
    document.setSeen(false);
    watched.row = sessionRow("s", { title: "Renamed while nobody looked", revision: "2" });
    document.setSeen(true);
    await settle();
    assert.match(document.rendering.text, /^# Renamed while nobody looked\n/);
  });
});
