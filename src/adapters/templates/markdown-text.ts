import { printableText } from "#domain/text/printable-text.ts";

/** Longer values are for files, not for a sentence or a table's cell. */
const longestText = 1_000;

/** Breaks a word for GitHub's automatic links without being seen. */
const zeroWidthSpace = "\u200b";

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", $: "&#36;" };

/**
 * Plain text for any place in Markdown where words may stand: a sentence, a heading, a list item or a cell of a table. It stays one
 * line, has no effect on what stands around it, and neither mentions people nor links anything.
 */
export function markdownText(value: string): string {
  const line = printableText(value, longestText)
    .replaceAll(/[\n ]+/g, " ")
    .trim();
  return unlinked(line.replaceAll(meaningful, escaped))
    .replace(/^(?:[-+](?=[\s+-]|$)|[=#/])/, "\\$&")
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}

/** What has a meaning in Markdown, or a whole interval such as `[−17.9, −10.4]`, whose brackets can begin no link. */
const meaningful = /(?<!^)\[[+−]?[\d.]+, [+−]?[\d.]+\](?![[(:])|[\\`*_~[\]&<>|$]/g;

function escaped(found: string): string {
  return found.length > 1 ? found : (escapes[found] ?? `\\${found}`);
}

function unlinked(text: string): string {
  return text
    .replaceAll(/(?<![0-9A-Za-z])@|@(?=[\w.-]*\.[\w-]|[0-9a-f]{7})/gi, `@${zeroWidthSpace}`)
    .replaceAll(/(?<!&)#(?=\d)/g, `#${zeroWidthSpace}`)
    .replaceAll(/\bgh-(?=\d)/gi, `$&${zeroWidthSpace}`)
    .replaceAll("://", `:${zeroWidthSpace}//`)
    .replaceAll(/\b(?:mailto|xmpp):/gi, (scheme) => `${scheme.slice(0, -1)}${zeroWidthSpace}:`)
    .replaceAll(/www\./gi, (start) => `${start.slice(0, -1)}${zeroWidthSpace}.`)
    .replaceAll(/:(?=(?:[+-]?\w*[a-z]\w*|[+-]1|100|1234):)/gi, `:${zeroWidthSpace}`);
}
