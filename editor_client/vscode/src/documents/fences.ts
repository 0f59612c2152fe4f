/** Text set in Markdown so that nothing in it is Markdown; pure. */

/** A block of text as it is, in a fence that nothing inside can close. `language` colours it, such as `diff`. */
export function fence(text: string, language = ""): string {
  const marks = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${marks}${language}\n${text}\n${marks}`;
}

/** One line of text as it is, within a line; nothing for an empty one. */
export function codeSpan(text: string): string {
  // The editor looks for links with expressions of its own, which can be mistaken about where code is.
  const line = text.replace(/\s+/g, " ").replaceAll("](", "] (");
  if (line.trim() === "") {
    return "";
  }
  const marks = "`".repeat(longestRun(line) + 1);
  const pad = /^`|`$|^ .* $/.test(line) ? " " : "";
  return `${marks}${pad}${line}${pad}${marks}`;
}

/** Markdown one level down, as a quotation. */
export function quote(markdown: string): string {
  return markdown
    .split("\n")
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n");
}

function longestRun(text: string): number {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) {
    longest = Math.max(longest, run.length);
  }
  return longest;
}
