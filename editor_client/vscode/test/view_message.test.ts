import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ViewFacts, viewMessage } from "../src/sessions/view_message";
import { words } from "./sessions_support";

const QUIET: ViewFacts = { down: false, loaded: true, empty: false, restricted: false, filter: "", problems: [] };
const problem = { kind: "unreadable", reason: "permission denied", path: "/x" };

function message(facts: Partial<ViewFacts>): string {
  return viewMessage({ ...QUIET, ...facts }, words);
}

describe("the line above the rows", () => {
  it("is not there when there is nothing to say", () => {
    assert.equal(message({}), "");
  });

  it("says that sessions are looked for until the first are there", () => {
    assert.equal(message({ loaded: false, empty: true, restricted: true }), "Looking for sessions…");
  });

  it("says the filter, the mode and what was not listed", () => {
    const text = message({ filter: "text “x” · pi", restricted: true, problems: [problem] });
    assert.match(text, /^Filter: text “x” · pi\. Restricted Mode: .+ Not listed: \/x \(permission denied\)\.$/);
  });

  it("leaves the place to the welcome when there are no rows, but for what no welcome says", () => {
    assert.equal(message({ empty: true, filter: "pi", restricted: true }), "");
    assert.equal(message({ empty: true, filter: "pi", problems: [problem] }), "Not listed: /x (permission denied).");
    assert.equal(message({ down: true, loaded: false, problems: [problem] }), "");
  });
});
