import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { comparedFiles, MOST_FILES, sideText } from "../src/documents/diff_sides";
import { SideContents } from "../src/documents/side_contents";
import { SideDocument } from "../src/documents/side_document";
import type { SideRef } from "../src/documents/uris";
import type { DiffStats, FileDiff, FileDiffParams, FileSides } from "../src/protocol/calls";
import { settle, translate } from "./sessions_support";

function stats(files: FileDiff[]): DiffStats {
  return { isGitRepo: true, hasChanges: files.length > 0, totalAdditions: 0, totalDeletions: 0, files };
}

function side(path: string, which: SideRef["side"] = "new"): SideRef {
  return { kind: "side", sessionId: "pi:1", side: which, path };
}

describe("changed files", () => {
  it("have the sides that there are", () => {
    const file = (path: string, status: FileDiff["status"]): FileDiff => ({ path, status, binary: false });
    const names = ["added", "untracked", "deleted", "modified", "typeChanged", "conflicted"] as const;
    const compared = comparedFiles("pi:1", stats(names.map((status) => file(`${status}.txt`, status))));
    const sides = compared.map(({ path, left, right }) => [path, left?.side, right?.side]);
    assert.deepEqual(sides, [
      ["added.txt", undefined, "new"],
      ["untracked.txt", undefined, "new"],
      ["deleted.txt", "old", undefined],
      ["modified.txt", "old", "new"],
      ["typeChanged.txt", "old", "new"],
      ["conflicted.txt", "old", "new"],
    ]);
  });

  it("that were renamed have their old path on the left", () => {
    const renamed: FileDiff = {
      path: "b",
      pathBase64: "Yg==",
      oldPath: "a",
      oldPathBase64: "YQ==",
      status: "renamed",
      binary: false,
    };
    const [compared] = comparedFiles("pi:1", stats([renamed]));
    assert.deepEqual(compared?.left, { kind: "side", sessionId: "pi:1", side: "old", path: "a", pathBase64: "YQ==" });
    assert.deepEqual(compared?.right, { kind: "side", sessionId: "pi:1", side: "new", path: "b", pathBase64: "Yg==" });
  });

  it("are no more than an editor can compare", () => {
    const files = Array.from({ length: 5000 }, (_, index): FileDiff => {
      return { path: `f${index}`, status: "modified", binary: false };
    });
    const compared = comparedFiles("pi:1", stats(files));
    assert.equal(compared.length, MOST_FILES);
    assert.equal(compared.at(-1)?.path, `f${MOST_FILES - 1}`);
  });

  it("say what they are when there is no text", () => {
    assert.equal(sideText("old", { old: "a\n", new: "b\n", binary: false }, translate), "a\n");
    assert.equal(sideText("new", { old: "a\n", new: "b\n", binary: false }, translate), "b\n");
    assert.equal(sideText("old", { new: "b\n", binary: false }, translate), "");
    assert.match(sideText("old", { binary: true }, translate), /binary/);
    // Two equal sides would be folded away as unchanged.
    assert.notEqual(sideText("old", { binary: true }, translate), sideText("new", { binary: true }, translate));
  });
});

/** git/fileDiff whose answers the test gives. */
class HeldDiffs {
  readonly asked: { params: FileDiffParams; answer(sides: FileSides): void; fail(error: Error): void }[] = [];
  now = 0;
  readonly contents = new SideContents(
    () => ({
      fileDiff: (params = {}) => new Promise((answer, fail) => this.asked.push({ params, answer, fail })),
    }),
    () => this.now,
  );
}

describe("contents of sides", () => {
  it("are asked for once for both sides, for a moment", async () => {
    const held = new HeldDiffs();
    const both = [held.contents.get(side("a", "old")), held.contents.get(side("a", "new"))];
    assert.deepEqual(held.asked[0]?.params, { sessionId: "pi:1", path: "a" });
    held.asked[0]?.answer({ old: "1", new: "2", binary: false });
    assert.deepEqual(
      (await Promise.all(both)).map((sides) => sides.new),
      ["2", "2"],
    );
    await held.contents.get(side("a"));
    assert.equal(held.asked.length, 1);
    held.now += 60_000;
    void held.contents.get(side("a"));
    assert.equal(held.asked.length, 2);
  });

  it("are asked for anew when forgotten, and by their bytes when they are not UTF-8", () => {
    const held = new HeldDiffs();
    void held.contents.get(side("a"));
    held.contents.forget();
    void held.contents.get({ ...side("a\ufffd"), pathBase64: "Yf8=" });
    void held.contents.get(side("a"));
    assert.deepEqual(
      held.asked.map(({ params }) => params),
      [
        { sessionId: "pi:1", path: "a" },
        { sessionId: "pi:1", pathBase64: "Yf8=" },
        { sessionId: "pi:1", path: "a" },
      ],
    );
  });

  it("are asked for a few at a time, also after failures", async () => {
    const held = new HeldDiffs();
    const all = Array.from({ length: 20 }, (_, index) => held.contents.get(side(`f${index}`)).catch(() => undefined));
    for (let answered = 0; answered < 20; answered += 1) {
      assert.equal(held.asked.length, Math.min(20, answered + 4));
      const call = held.asked[answered];
      if (answered % 2 === 0) {
        call?.fail(new Error("no"));
      } else {
        call?.answer({ binary: false });
      }
      await settle();
    }
    assert.equal((await Promise.all(all)).length, 20);
    void held.contents.get(side("more"));
    assert.equal(held.asked.length, 21);
  });
});

describe("a side's document", () => {
  it("says why there is nothing to see, and heals", async () => {
    const held = new HeldDiffs();
    let changes = 0;
    const document = new SideDocument(held.contents, side(".env"), translate, () => {
      changes += 1;
    });
    const first = document.update();
    const refused = { kind: "pathRefused", path: ".env", reason: "secretName" };
    held.asked[0]?.fail(Object.assign(new Error("refused"), { data: refused }));
    await first;
    assert.equal(document.rendering.text, "(Not shown: .env looks like a secret.)\n");
    assert.equal(changes, 0);
    held.contents.forget();
    const second = document.update();
    held.asked[1]?.answer({ new: "A=1\n", binary: false });
    await second;
    assert.equal(document.rendering.text, "A=1\n");
    assert.equal(changes, 1);
    await document.update();
    assert.equal(changes, 1);
  });
});
