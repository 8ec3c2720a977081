/**
 * Lines of a comment that start with `/slipway` and that a reader sees as plain text: not quoted, not code, not hidden in an HTML
 * comment. Only the first column counts, which leaves out indented code as well. What is cut off (an unclosed fence or comment) hides the
 * rest, as it does on the page; in doubt a line is left out. One pass, linear in the length.
 * Reference: CommonMark 0.31, sections 4.5 (fenced code), 4.6 (HTML blocks) and 5.1 (block quotes).
 */
export function commandLines(body: string): readonly string[] {
  const found: string[] = [];
  let block: Block = text;
  for (const line of body.split(/\r\n|\n|\r/)) {
    if (block.kind === "text" && isCommand(line)) found.push(line);
    block = blockAfter(block, line);
  }
  return found;
}

type Block =
  | { readonly kind: "text" }
  | { readonly kind: "fence"; readonly mark: string; readonly length: number }
  /** Raw HTML up to `end`; what began within a paragraph ends with the paragraph too. */
  | { readonly kind: "html"; readonly end: string; readonly inParagraph: boolean };

const text: Block = { kind: "text" };

function isCommand(line: string): boolean {
  return /^\/slipway(?:[ \t\u00a0]|$)/i.test(line);
}

function blockAfter(block: Block, line: string): Block {
  switch (block.kind) {
    case "fence":
      return closesFence(line, block) ? text : block;
    case "html": {
      if (block.inParagraph && line.trim() === "") return text;
      const end = line.toLowerCase().indexOf(block.end);
      return end < 0 ? block : commentAfter(line, end + block.end.length);
    }
    case "text":
      if (marginless(line).startsWith(">")) return text;
      return fenceOpenedBy(line) ?? preformattedAfter(line) ?? commentAfter(line, 0);
  }
}

function fenceOpenedBy(line: string): Block | undefined {
  const start = marginless(line);
  const mark = start[0];
  if (mark !== "`" && mark !== "~") return undefined;
  const length = runLength(start, mark);
  if (length < 3) return undefined;
  if (mark === "`" && start.includes("`", length)) return undefined;
  return { kind: "fence", mark, length };
}

function closesFence(line: string, fence: { readonly mark: string; readonly length: number }): boolean {
  const start = marginless(line);
  const length = runLength(start, fence.mark);
  return length >= fence.length && start.slice(length).trim() === "";
}

/** `<pre>` and its like show their text as it stands. */
function preformattedAfter(line: string): Block | undefined {
  const tag = /^<(pre|script|style|textarea)(?:[\s>]|$)/i.exec(marginless(line))?.[1]?.toLowerCase();
  if (tag === undefined) return undefined;
  const end = `</${tag}>`;
  return line.toLowerCase().includes(end) ? text : { kind: "html", end, inParagraph: false };
}

/** Whether the line leaves an HTML comment open, looking from `from` on. */
function commentAfter(line: string, from: number): Block {
  for (let at = from; ; ) {
    const open = line.indexOf("<!--", at);
    if (open < 0) return text;
    const end = line.indexOf("-->", open + "<!".length);
    if (end < 0) return { kind: "html", end: "-->", inParagraph: !marginless(line).startsWith("<!--") };
    at = end + "-->".length;
  }
}

/** The line without up to three spaces in front: with four it is code, and begins nothing. */
function marginless(line: string): string {
  const indent = runLength(line.slice(0, 4), " ");
  return indent < 4 ? line.slice(indent) : "";
}

function runLength(line: string, mark: string): number {
  let length = 0;
  while (line[length] === mark) length += 1;
  return length;
}
