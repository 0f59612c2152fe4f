import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  countText,
  displayText,
  folderName,
  groupLabel,
  iconName,
  listProblemsText,
  noticeText,
  problemBadge,
  rowDescription,
  rowSentence,
  shortPath,
  titleText,
} from "../src/common/labels";
import { makeWords } from "../src/common/words";
import { makeGroups } from "../src/sessions/groups";
import { sessionRow, translate, words } from "./sessions_support";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const problem = { kind: "unreadable", reason: "permission denied", path: "/home/ana/.pi" };

describe("displayText", () => {
  it("leaves what people write alone", () => {
    for (const text of ["Fix the “price” of 1.234,50 €", "修复 价格", "👩‍👧 family 🏴󠁧󠁢󠁳󠁣󠁴󠁿", "naïve é"]) {
      assert.equal(displayText(text), text);
    }
  });

  it("makes one line of many", () => {
    assert.equal(displayText("  a\r\nb\tc\u2028d\u0085e\u00A0 f\n"), "a b c d e f");
  });

  it("shows no control character and turns no text around", () => {
    assert.equal(displayText("a\u0000b\u001B[31mc\u007F"), "a b [31mc");
    assert.equal(displayText("invoice\u202Egnp.exe"), "invoice gnp.exe");
    assert.equal(displayText("\u2066x\u2069\u200Fy\uFEFF"), "x y");
  });

  it("keeps a text that runs from right to left from turning what stands beside it", () => {
    for (const text of ["مرحبا بالعالم", "fix שלום 22", "\u{1E900}"]) {
      assert.equal(displayText(text), `\u2068${text}\u2069`);
      assert.equal(displayText(displayText(text)), displayText(text));
    }
  });

  it("draws no icon, whatever stands around it", () => {
    for (const text of ["$(zap)", "\\$(zap)", "$$(sync~spin)", "a $(b) $(c"]) {
      assert.doesNotMatch(displayText(text), /\$\(/);
      assert.equal(displayText(text).replaceAll("\u200B", ""), text);
    }
  });

  it("replaces half a character", () => {
    assert.equal(displayText("a\uD83Db"), "a\uFFFDb");
    assert.equal(displayText("😀"), "😀");
  });

  it("makes no link in a notification", () => {
    assert.doesNotMatch(noticeText("no [session](command:evil)"), /\]\(/);
  });
});

describe("rows", () => {
  const now = 1_800_000_000_000;

  it("say age, turns and state", () => {
    const row = sessionRow("a", { updatedAt: now - 3 * HOUR, turnCount: 2, status: "running" });
    assert.equal(rowDescription(row, now, words), "3 h · 2 turns · running");
  });

  it("leave out what is not known or not worth a word", () => {
    const row = sessionRow("a", { updatedAt: now, partial: true, status: "unknown" });
    assert.equal(rowDescription(row, now, words), "now");
    assert.equal(
      rowDescription({ ...row, turnCount: 1, status: "idle", archived: true }, now, words),
      "now · 1 turn · archived",
    );
    assert.equal(rowDescription({ ...row, turnCount: 0 }, now, words), "now · 0 turns");
  });

  it("say the folder where groups do not", () => {
    const row = sessionRow("a", { updatedAt: now - 5 * MINUTE, workDir: "/home/ana/shop/" });
    assert.equal(rowDescription(row, now, words, true), "shop · 5 min");
    assert.equal(rowDescription(sessionRow("b", { updatedAt: now }), now, words, true), "now");
  });

  it("tell a screen reader in words what the eye sees in signs", () => {
    const row = sessionRow("a", {
      title: "Fix\nprices",
      updatedAt: now - DAY,
      turnCount: 12_345,
      status: "waiting",
      archived: true,
      problems: [problem],
    });
    assert.equal(
      rowSentence(row, "Kimi CLI", now, words),
      "Fix prices, Kimi CLI session, last worked on yesterday, 12,345 turns, waiting for you, 1 problem, archived",
    );
  });

  it("always have a title", () => {
    assert.equal(titleText(sessionRow("a", { title: "\u202E\n" }), translate), "Untitled");
  });

  it("show a state that is new to us as one line", () => {
    assert.equal(
      rowDescription(sessionRow("a", { updatedAt: now, status: "sleeping\n$(x)" }), now, words),
      "now · sleeping $\u200B(x)",
    );
  });
});

describe("ages", () => {
  const now = 1_800_000_000_000;
  const short = (ms: number) => words.age(now - ms, now);

  it("grow through all units, each said in whole ones", () => {
    const said = [0, MINUTE - 1, MINUTE, 59 * MINUTE, HOUR, DAY - 1, DAY, 30 * DAY, 31 * DAY, 364 * DAY, 366 * DAY].map(
      short,
    );
    assert.deepEqual(said, ["now", "now", "1 min", "59 min", "1 h", "23 h", "1 d", "30 d", "1 mo", "11 mo", "1 y"]);
  });

  it("are never before the beginning nor after the end of time", () => {
    assert.equal(short(-DAY), "now");
    assert.equal(short(Number.NaN), "now");
    assert.equal(words.ago(now + DAY, now), "just now");
    assert.match(words.age(-1e300, now), / y$/);
    assert.equal(words.date(1e17), "an impossible date");
    assert.equal(words.date(Number.NaN), "an impossible date");
  });

  it("are said in words for tooltips", () => {
    assert.equal(words.ago(now - 5 * MINUTE, now), "5 minutes ago");
    assert.equal(words.ago(now - 400 * DAY, now), "last year");
  });

  it("know languages by the editor's names, and survive one that nobody knows", () => {
    assert.equal(makeWords("de", translate).number(1234567), "1.234.567");
    assert.equal(makeWords("not_a-language!", translate).turns(1), "1 turn");
  });
});

describe("sizes and counts", () => {
  it("are said in the unit that fits", () => {
    assert.equal(words.size(0), "0 bytes");
    assert.equal(words.size(1), "1 byte");
    assert.equal(words.size(2244), "2.2 kB");
    assert.equal(words.size(999_960), "1 MB");
    assert.equal(words.size(5e15), "5,000 TB");
  });

  it("say when there are more", () => {
    assert.equal(countText(50, undefined, true, words), "50+");
    assert.equal(countText(50, 1234, true, words), "1,234");
    assert.equal(countText(0, undefined, false, words), "0");
  });

  it("fit into a badge of two characters", () => {
    assert.deepEqual([0, 1, 9, 10, 2000].map(problemBadge), [undefined, "1", "9", "9+", "9+"]);
  });
});

describe("names", () => {
  it("of groups are those of their folders", () => {
    const label = (...names: string[]) => {
      const named = names.map((name, index) => ({ name, path: `/tree${index}` }));
      const located = named.map(({ path }) => ({ path, exists: true, repository: "/r/.git", repositoryPath: "." }));
      const [group] = makeGroups(named, located);
      return group === undefined ? "" : groupLabel(group, names.length > 0, translate);
    };
    assert.equal(label("shop"), "shop");
    assert.equal(label("shop", "fix"), "shop, fix");
    assert.equal(label("shop", "shop"), "shop");
    assert.equal(label("a", "b", "c", "d"), "a and 3 more");
    assert.equal(label(), "All folders");
    const [, other] = makeGroups([{ name: "a", path: "/a" }], []);
    assert.equal(other && groupLabel(other, true, translate), "Other folders");
  });

  it("of folders are their last part", () => {
    assert.equal(folderName("/home/ana/shop"), "shop");
    assert.equal(folderName("C:\\src\\shop\\"), "shop");
    assert.equal(folderName("/"), "/");
  });

  it("of paths have the home as a tilde, and nothing that only begins like it", () => {
    assert.equal(shortPath("/home/ana/shop", "/home/ana"), "~/shop");
    assert.equal(shortPath("/home/ana", "/home/ana"), "~");
    assert.equal(shortPath("/home/anabel", "/home/ana"), "/home/anabel");
    assert.equal(shortPath("/x", ""), "/x");
  });

  it("of icons are taken only as such", () => {
    assert.equal(iconName("symbol-namespace"), "symbol-namespace");
    for (const name of [undefined, "", "a)b", "x~spin", "UPPER"]) {
      assert.equal(iconName(name), "comment-discussion");
    }
  });
});

describe("problems of a list", () => {
  it("are named, and counted when there are several", () => {
    assert.equal(listProblemsText([], words), undefined);
    assert.equal(listProblemsText([problem], words), "Not listed: /home/ana/.pi (permission denied).");
    assert.match(listProblemsText([problem, problem, problem], words) ?? "", /and 2 more/);
  });
});
