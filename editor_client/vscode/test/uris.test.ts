import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type DocumentRef, diagnosisUri, parseUri, sameDocument, sessionUri, sideUri } from "../src/documents/uris";

const HOSTILE = [
  "../../etc",
  "a/b\\c",
  "a?b=c&session=x#d",
  "%2e%2e",
  "\u0000\u202e",
  "",
  "  ",
  "...",
  "日本語 é",
  "a\nb",
];

describe("addresses", () => {
  it("name the tab after the title and the language by the ending", () => {
    const uri = sessionUri("kimi:5d2f", "Speed up the importer");
    assert.deepEqual(uri, {
      scheme: "forkpoint",
      path: "/kimi 5d2f/Speed up the importer.md",
      query: "kind=session&session=kimi%3A5d2f",
    });
    assert.equal(diagnosisUri("pi:1", "Diagnosis of x").path, "/pi 1/Diagnosis of x.md");
  });

  it("take titles of any kind for names of files", () => {
    for (const title of HOSTILE) {
      const { path } = sessionUri("pi:1", title);
      assert.match(path, /^\/pi 1\/[^/\\:*?"<>|#%&\p{Cc}\u202e]+\.md$/u);
      assert.doesNotMatch(path, /\/\.\.?(?:\/|$)/);
    }
    assert.equal(sessionUri("pi:1", "...").path, "/pi 1/Session.md");
    assert.equal(sessionUri("pi:1", " .Do it. ").path, "/pi 1/Do it.md");
    assert.ok(sessionUri("pi:1", "x".repeat(5000)).path.length < 100);
    assert.equal(sessionUri("pi:1", `${"😀".repeat(59)}ab`).path.includes("\ufffd"), false);
  });

  it("give back what they were made of", () => {
    const refs: DocumentRef[] = HOSTILE.flatMap((text): DocumentRef[] => [
      { kind: "session", sessionId: `pi:${text}` },
      { kind: "diagnosis", sessionId: `pi:${text}` },
      { kind: "side", sessionId: "pi:1", side: "old", path: text, pathBase64: undefined },
      { kind: "side", sessionId: `pi:${text}`, side: "new", path: "a", pathBase64: "+/8=" },
    ]);
    for (const ref of refs) {
      const uri =
        ref.kind === "side" ? sideUri(ref) : (ref.kind === "session" ? sessionUri : diagnosisUri)(ref.sessionId, "x");
      assert.deepEqual(parseUri(uri), ref);
    }
  });

  it("show the same session under any title, and nothing else", () => {
    const before = parseUri(sessionUri("pi:1", "Before"));
    const after = parseUri(sessionUri("pi:1", "After"));
    assert.ok(before !== undefined && after !== undefined);
    assert.equal(sameDocument(before, after), true);
    assert.equal(sameDocument(before, { kind: "session", sessionId: "pi:2" }), false);
    assert.equal(sameDocument(before, { kind: "diagnosis", sessionId: "pi:1" }), false);
  });

  it("end in the file's own path, whatever it is", () => {
    const ref = { kind: "side", sessionId: "pi:1", side: "new", path: "src/a b#c?.ts" } as const;
    assert.equal(sideUri(ref).path, "/src/a b#c?.ts");
  });

  it("of others are not ours", () => {
    assert.equal(parseUri({ scheme: "file", path: "/a.md", query: "kind=session&session=pi:1" }), undefined);
    for (const query of [
      "",
      "kind=session",
      "session=pi:1",
      "kind=other&session=pi:1",
      "kind=side&session=pi:1&path=a",
    ]) {
      assert.equal(parseUri({ scheme: "forkpoint", path: "/a.md", query }), undefined);
    }
    assert.equal(
      parseUri({ scheme: "forkpoint", path: "/", query: "kind=side&session=s&path=a&side=both" }),
      undefined,
    );
  });
});
