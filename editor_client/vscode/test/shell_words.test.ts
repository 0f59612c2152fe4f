import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { commandLine, hasControls, shellOf } from "../src/commands/shell_words";

const HOSTILE = [
  "$(touch pwned)",
  "`touch pwned`",
  "a; touch pwned",
  "a' ; touch pwned '",
  '"',
  "'",
  "''",
  "\\",
  "\\'",
  "a b",
  "~",
  "*",
  "{a,b}",
  "!!",
  "#",
  "&",
  "|",
  ">x",
  "-n",
  "%PATH%",
  "日本語",
  "",
];

/** What a real shell hands to a program when it is given a line. */
function wordsIn(shell: string, line: string): string[] {
  const given = execFileSync(shell, ["-c", line], { cwd: "/", encoding: "utf8" });
  return JSON.parse(given) as string[];
}

const TELL = "console.log(JSON.stringify(process.argv.slice(1)))";

describe("command lines", () => {
  for (const shell of ["sh", "bash"]) {
    it(`reach the program word by word through ${shell}`, () => {
      const line = commandLine("posix", [process.execPath, "-e", TELL, "--", ...HOSTILE]);
      assert.ok(line !== undefined);
      assert.deepEqual(wordsIn(shell, line), HOSTILE);
    });
  }

  it("look as one would type them when nothing has to be quoted", () => {
    const words = ["kimi", "--session", "0b7e4a52-3c1d"];
    assert.equal(commandLine("posix", words), "kimi --session 0b7e4a52-3c1d");
    assert.equal(commandLine("fish", words), "kimi --session 0b7e4a52-3c1d");
    assert.equal(commandLine("cmd", words), "kimi --session 0b7e4a52-3c1d");
    assert.equal(commandLine("powershell", words), "& 'kimi' '--session' '0b7e4a52-3c1d'");
  });

  it("quote for each shell in its own way", () => {
    assert.equal(commandLine("posix", ["pi", "it's $HOME"]), "pi 'it'\\''s $HOME'");
    assert.equal(commandLine("fish", ["pi", "it's a \\ $HOME"]), "pi 'it\\'s a \\\\ $HOME'");
    assert.equal(commandLine("powershell", ["pi", "it's Jürgen"]), "& 'pi' 'it''s Jürgen'");
    assert.equal(commandLine("cmd", ["pi", "C:\\My Files\\a.jsonl"]), 'pi "C:\\My Files\\a.jsonl"');
  });

  it("are not made where a shell has no word for it", () => {
    for (const word of ["%PATH%", "a&b", "a^b", 'a"b', "a!b", "a|b", "a>b", "C:\\folder\\"]) {
      assert.equal(commandLine("cmd", ["pi", word]), undefined, word);
    }
    assert.equal(commandLine("powershell", ["pi", 'a"b']), undefined);
    assert.equal(commandLine("powershell", ["pi", ""]), undefined);
    // Whoever started the batch file `pi.cmd`, cmd would take these for its own.
    for (const word of ["a&b", "%PATH%", "a|b", "a>b", "^", "!", "$HOME", "’", "C:\\folder\\"]) {
      assert.equal(commandLine("powershell", ["pi", word]), undefined, word);
    }
    assert.equal(commandLine("posix", []), undefined);
    assert.equal(commandLine("posix", ["", "a"]), undefined);
  });

  it("never hold what a terminal takes for a key press", () => {
    for (const word of ["a\nb", "a\rb", "\u001b[A", "\u0003", "a\u0085b", "\ud800"]) {
      assert.equal(hasControls(word), true);
      for (const shell of ["posix", "fish", "powershell", "cmd"] as const) {
        assert.equal(commandLine(shell, ["pi", word]), undefined);
      }
    }
    assert.equal(hasControls("a b é 日本 😀"), false);
  });

  it("know the shell by its program", () => {
    assert.equal(shellOf("/bin/bash"), "posix");
    assert.equal(shellOf("/usr/bin/fish"), "fish");
    assert.equal(shellOf("C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"), "powershell");
    assert.equal(shellOf("C:\\WINDOWS\\System32\\CMD.EXE"), "cmd");
    assert.equal(shellOf("gitbash"), "posix");
    for (const other of ["/usr/bin/nu", "/bin/tcsh", "", "python", "constructor", "/bin/bash2"]) {
      assert.equal(shellOf(other), undefined, other);
    }
  });
});
