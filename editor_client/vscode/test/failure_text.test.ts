import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { failureText } from "../src/common/failure_text";
import { SidecarUnavailable } from "../src/sidecar";
import { translate } from "./sessions_support";

function failure(kind: string, data: Record<string, string> = {}): string {
  return failureText(Object.assign(new Error("the server's words"), { data: { kind, ...data } }), translate);
}

describe("failures", () => {
  it("are sentences for people", () => {
    assert.equal(failure("fileNotFound", { path: "/gone" }), "There is nothing at /gone on this machine.");
    assert.equal(
      failure("remoteFolder", { folder: "/srv/a" }),
      "The session works in a folder of another machine: /srv/a.",
    );
    assert.equal(
      failure("repositoryRefused", { folder: "/a", reason: "not yours" }),
      "Git was not run in /a: not yours.",
    );
    assert.equal(failure("notSupported", { reason: "no git" }), "This cannot be done here: no git.");
    assert.equal(failure("sessionNotFound"), "The session is not there any more.");
    assert.equal(failure("untrusted"), "This needs a trusted workspace.");
    assert.equal(
      failure("pathRefused", { path: ".env", reason: "secretName" }),
      "Not shown: .env looks like a secret.",
    );
    assert.equal(failure("pathRefused", { path: "a", reason: "newReason" }), "Not shown: a is refused (newReason).");
  });

  it("of a kind that is new speak for themselves", () => {
    assert.equal(failure("somethingNew"), "the server's words");
    assert.equal(failureText(new Error("plain"), translate), "plain");
    assert.equal(failureText("text", translate), "text");
    assert.equal(failureText(new Error(""), translate), "It failed without a reason.");
  });

  it("say that there is no server", () => {
    const text = failureText(new SidecarUnavailable("no Python was found"), translate);
    assert.equal(text, "The Forkpoint server is not running: no Python was found");
  });

  it("survive members that are missing or of another type", () => {
    const odd = Object.assign(new Error("x"), { data: { kind: "fileNotFound", path: { a: 1 } } });
    assert.equal(failureText(odd, translate), "There is nothing at [object Object] on this machine.");
    assert.equal(failure("fileNotFound"), "There is nothing at ? on this machine.");
  });

  it("hold no link and only one line, whatever the names in them are", () => {
    const text = failure("fileNotFound", { path: "a\nb[x](command:foo)\u202e" });
    assert.doesNotMatch(text, /\n|\u202e|\]\(/);
    assert.doesNotMatch(failureText(new Error("[x](command:foo)"), translate), /\]\(/);
  });
});
