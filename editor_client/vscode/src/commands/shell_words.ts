/** Command lines in which nothing but the program and its arguments means anything; pure. */

/** A shell whose words can be quoted. */
export type Shell = "posix" | "fish" | "powershell" | "cmd";

const SHELLS: Readonly<Record<string, Shell>> = {
  sh: "posix",
  ash: "posix",
  bash: "posix",
  dash: "posix",
  gitbash: "posix",
  ksh: "posix",
  mksh: "posix",
  wsl: "posix",
  zsh: "posix",
  fish: "fish",
  powershell: "powershell",
  pwsh: "powershell",
  cmd: "cmd",
};

/** The shell that a program's path or name stands for, such as `/bin/bash`; undefined when it is none we can quote for. */
export function shellOf(program: string): Shell | undefined {
  const name = program.split(/[\\/]/).at(-1) ?? "";
  const shell = name.toLowerCase().replace(/\.exe$/, "");
  return Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
}

/**
 * The line that runs a program with its arguments in an interactive shell.
 *
 * Undefined when the shell cannot be told every word: then the program has to be started without a shell.
 */
export function commandLine(shell: Shell, words: readonly string[]): string | undefined {
  if (words.length === 0 || words[0] === "" || words.some(hasControls)) {
    return undefined;
  }
  switch (shell) {
    case "posix":
      return words.map(posixWord).join(" ");
    case "fish":
      return words.map(fishWord).join(" ");
    case "powershell":
      return words.every(isSafeForCmd) ? `& ${words.map(powershellWord).join(" ")}` : undefined;
    case "cmd":
      return words.every(isSafeForCmd)
        ? words.map((word) => (isPlain(word) ? word : `"${word}"`)).join(" ")
        : undefined;
  }
}

/** Whether a terminal would take a part of a word for a key press, or a word is not text at all. */
export function hasControls(word: string): boolean {
  return /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(word);
}

/**
 * Whether a word may pass through cmd, which reads it once more when the program is a batch file, whatever shell began.
 *
 * Without quotes, and without a backslash at the end, no shell of Windows hands a word on other than it is.
 */
function isSafeForCmd(word: string): boolean {
  return /^[\p{L}\p{M}\p{N}_ .:\\/@=+,~()[\]{}'-]+$/u.test(word) && !word.endsWith("\\");
}

/** Words that mean themselves everywhere, so that the usual line looks as one would type it. */
function isPlain(word: string): boolean {
  return /^[A-Za-z0-9_./:@+-]+$/.test(word);
}

function posixWord(word: string): string {
  return isPlain(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function fishWord(word: string): string {
  return isPlain(word) ? word : `'${word.replace(/[\\']/g, "\\$&")}'`;
}

function powershellWord(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}
