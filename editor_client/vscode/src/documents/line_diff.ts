/** What a replacement changed, line by line; pure. */

/** Unchanged lines shown around the change. */
const AROUND = 3;

/**
 * The change from `old` to `fresh` as lines that begin with `-`, `+` or a blank.
 *
 * It is one change, from the first line that differs to the last: agents log what they replaced, which is short.
 */
export function lineDiff(old: string, fresh: string): string {
  const before = linesOf(old);
  const after = linesOf(fresh);
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) {
    same += 1;
  }
  let sameEnd = 0;
  while (sameEnd < shorter - same && before.at(-1 - sameEnd) === after.at(-1 - sameEnd)) {
    sameEnd += 1;
  }
  const end = before.length - sameEnd;
  return [
    ...marked(" ", before.slice(Math.max(0, same - AROUND), same)),
    ...marked("-", before.slice(same, end)),
    ...marked("+", after.slice(same, after.length - sameEnd)),
    ...marked(" ", before.slice(end, end + AROUND)),
  ].join("\n");
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function marked(mark: string, lines: readonly string[]): string[] {
  return lines.map((line) => mark + line);
}
