import { printableText } from "#domain/text/printable-text.ts";
import { markdownText } from "./markdown-text.ts";

const longestCode = 500;
const longestBlock = 4_000;

/**
 * Code in a line of text or a cell of a table. The fence is one backtick longer than the longest run inside. A pipe would end the cell
 * even inside backticks, so text with one is an HTML code element in which it is spelled out.
 */
export function markdownCode(value: string): string {
  const line = printableText(value, longestCode).replaceAll("\n", " ");
  if (line.includes("|")) return `<code>${markdownText(line)}</code>`;
  if (line.trim() === "") return "` `";
  const fence = "`".repeat(longestRun(line) + 1);
  const padding = /^`|`$|^ .* $/.test(line) ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** A block of code of its own; it must begin a line. */
export function markdownCodeBlock(value: string): string {
  const text = printableText(value, longestBlock).replace(/\n+$/, "");
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
