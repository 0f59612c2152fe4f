import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Agents } from "../src/common/agents";
import { DiagnosisDocument } from "../src/documents/diagnosis_document";
import { LiveDocument, type Rendering, type Source } from "../src/documents/live_document";
import { SessionDocument } from "../src/documents/session_document";
import { Calls, type Entry, type SessionRow } from "../src/protocol/calls";
import { serverError, sessionRow, settle, translate, words } from "./sessions_support";

/** A source whose row and text the test sets. */
class Made implements Source {
  current: SessionRow = sessionRow("pi:1");
  text = "one";
  failure: Error | undefined;
  rows = 0;
  renderings: { row: SessionRow; end(): void }[] = [];
  held = false;
  changes = 0;
  readonly document = new LiveDocument(this, translate, () => {
    this.changes += 1;
  });

  row(): Promise<SessionRow> {
    this.rows += 1;
    return this.failure === undefined ? Promise.resolve(this.current) : Promise.reject(this.failure);
  }

  render(row: SessionRow): Promise<Rendering> {
    const rendering = { text: this.text, moreLine: 3 };
    return new Promise((resolve) => {
      const end = () => resolve(rendering);
      this.renderings.push({ row, end });
      if (!this.held) {
        end();
      }
    });
  }

  /** The session is another now. */
  change(text: string): void {
    this.current = { ...this.current, revision: `${this.current.revision}+` };
    this.text = text;
  }
}

describe("a document", () => {
  it("is made once for a session that stays as it is", async () => {
    const made = new Made();
    assert.equal(made.document.isLoaded, false);
    await made.document.update();
    await made.document.update();
    assert.deepEqual(made.document.rendering, { text: "one", moreLine: 3 });
    assert.deepEqual([made.renderings.length, made.rows, made.changes], [1, 2, 0]);
  });

  it("is made anew when the session has changed, and says so only when the text is another", async () => {
    const made = new Made();
    await made.document.update();
    made.change("two");
    await made.document.update();
    assert.deepEqual([made.document.rendering.text, made.renderings.length, made.changes], ["two", 2, 1]);
    made.change("two");
    await made.document.update();
    assert.deepEqual([made.renderings.length, made.changes], [3, 1]);
  });

  it("is made anew on demand", async () => {
    const made = new Made();
    await made.document.update();
    await made.document.renew();
    assert.equal(made.renderings.length, 2);
  });

  it("is made one at a time, however often it is asked for, and does not lose a wish to make it anew", async () => {
    const made = new Made();
    made.held = true;
    const asked = [made.document.update()];
    await settle();
    asked.push(...Array.from({ length: 50 }, () => made.document.renew()));
    await settle();
    assert.equal(made.renderings.length, 1);
    made.text = "two";
    made.renderings[0]?.end();
    await settle();
    assert.equal(made.renderings.length, 2);
    made.renderings[1]?.end();
    await Promise.all(asked);
    assert.deepEqual([made.renderings.length, made.document.rendering.text], [2, "two"]);
  });

  it("begins with a listed row, without asking for it", async () => {
    const made = new Made();
    await made.document.begin(made.current);
    assert.deepEqual([made.rows, made.renderings.length], [0, 1]);
    await made.document.begin(made.current);
    assert.deepEqual([made.rows, made.renderings.length], [1, 1]);
  });

  it("begins at once with a row that was not read whole, and completes itself", async () => {
    const made = new Made();
    await made.document.begin({ ...made.current, partial: true });
    assert.equal(made.renderings.length, 1);
    made.text = "whole";
    await made.document.update();
    assert.deepEqual([made.renderings.length, made.renderings[1]?.row.partial, made.changes], [2, undefined, 1]);
  });

  it("says what went wrong, and heals", async () => {
    const made = new Made();
    made.failure = serverError("sessionNotFound", "gone");
    await made.document.update();
    assert.deepEqual(made.document.rendering, { text: "The session is not there any more.\n" });
    made.failure = undefined;
    await made.document.update();
    assert.deepEqual([made.document.rendering.text, made.changes], ["one", 1]);
  });

  it("keeps what was read when something goes wrong later", async () => {
    const made = new Made();
    await made.document.update();
    made.failure = serverError("sessionNotFound", "gone");
    await made.document.update();
    const { text, moreLine } = made.document.rendering;
    assert.equal(text, "**Not up to date:** The session is not there any more.\n\none");
    assert.equal(moreLine, 5);
    made.failure = undefined;
    await made.document.update();
    assert.deepEqual([made.document.rendering.text, made.renderings.length, made.changes], ["one", 1, 2]);
  });
});

/** A server with one session. */
class OneSession {
  row = sessionRow("pi:1", { agent: "pi" });
  entries: Entry[] = [];
  readonly methods: string[] = [];
  readonly means = (() => {
    const calls = new Calls((method, params) => this.answer(method, params as { limit?: number; before?: string }));
    return { calls: () => calls, agents: new Agents(() => calls), words };
  })();

  say(...texts: string[]): void {
    for (const text of texts) {
      const turn = this.entries.length;
      this.entries.push({ entryId: `e${turn}`, kind: "user", agentKind: "u", turn, content: [{ type: "text", text }] });
    }
    this.row = { ...this.row, revision: `after ${this.entries.length}` };
  }

  private async answer(method: string, params: { limit?: number; before?: string }): Promise<unknown> {
    this.methods.push(method);
    switch (method) {
      case "sessions/get":
        return { session: this.row };
      case "agents/list":
        throw new Error("not now");
      case "sessions/diagnose":
        return { problems: [] };
      default: {
        const end = this.entries.findIndex((entry) => entry.entryId === params.before);
        const upTo = this.entries.slice(0, end === -1 ? undefined : end);
        const entries = upTo.slice(-(params.limit ?? 50));
        return { entries, hasMoreBefore: entries.length < upTo.length, hasMoreAfter: false, problems: [] };
      }
    }
  }
}

describe("the document of a session", () => {
  it("shows what was said, with the agent's id when its name cannot be had", async () => {
    const server = new OneSession();
    server.say("Hello");
    const document = new SessionDocument(server.means, "pi:1", () => undefined);
    await document.update();
    assert.match(document.rendering.text, /- Agent: pi\n[\s\S]*## Turn 1 - Hello\n\n\*\*User\*\*\n\nHello\n$/);
    assert.equal(document.rendering.moreLine, undefined);
  });

  it("shows earlier entries on demand", async () => {
    const server = new OneSession();
    server.say(...Array.from({ length: 1000 }, (_, index) => `words ${index}`));
    const document = new SessionDocument(server.means, "pi:1", () => undefined);
    await document.update();
    assert.match(document.rendering.text, /800 turns before this[\s\S]*## Turn 801 - words 800\n/);
    assert.ok(document.rendering.moreLine !== undefined);
    await document.showEarlier();
    assert.match(document.rendering.text, /300 turns before this[\s\S]*## Turn 301 - words 300\n/);
    await document.showEarlier();
    assert.match(document.rendering.text, /- 1 kB\n\n## Turn 1 - words 0\n/);
    assert.equal(document.rendering.moreLine, undefined);
  });

  it("stays bounded, and then reads no more than it shows", async () => {
    const server = new OneSession();
    const long = Array(4).fill("word ".repeat(4000)).join("\n");
    server.say(...Array.from({ length: 120 }, () => long));
    const document = new SessionDocument(server.means, "pi:1", () => undefined);
    await document.update();
    const { text, moreLine } = document.rendering;
    assert.ok(text.length < 5_100_000);
    assert.match(text, /This document holds no more\./);
    assert.equal(moreLine, undefined);
    const asked = server.methods.length;
    await document.showEarlier();
    assert.equal(server.methods.length, asked);
    server.say("the end");
    await document.update();
    assert.match(document.rendering.text, /This document holds no more\.[\s\S]*the end\n$/);
  });
});

describe("the document of a diagnosis", () => {
  it("is made anew when the session has changed", async () => {
    const server = new OneSession();
    const document = new DiagnosisDocument(server.means, "pi:1", () => undefined);
    await document.update();
    await document.update();
    assert.equal(server.methods.filter((method) => method === "sessions/diagnose").length, 1);
    assert.match(document.rendering.text, /Nothing is wrong with them/);
    server.say("more");
    await document.update();
    assert.equal(server.methods.filter((method) => method === "sessions/diagnose").length, 2);
  });
});
