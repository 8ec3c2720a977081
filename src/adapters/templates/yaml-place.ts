/**
 * Why a value may not stand where a YAML template puts it; undefined when it may. It must be a whole scalar: after a key, a dash or in
 * a flow collection, and outside of quotes, so that quoting the value is all that is needed to keep the document's shape.
 */
export function yamlPlaceProblem(lines: readonly string[], { start, end }: hbs.AST.SourceLocation): string | undefined {
  const openQuote = lines.findIndex((line) => !quotesClose(line));
  if (openQuote !== -1) return `has a quoted text that does not end on line ${openQuote + 1}, where it begins`;
  if (start.line !== end.line) return "writes a value over several lines";
  const line = lines[start.line - 1] ?? "";
  const before = line.slice(0, start.column);
  const after = line.slice(end.column);
  if (!quotesClose(before)) return "writes a value inside of quotes; values bring their own";
  if (!/(?:^\s*|[:-] +|[[{,] *)$/.test(before) || /^\s*$/.test(before))
    return "writes a value as a part of another text; it must be a whole scalar";
  if (!/^\s*(?:$|[,\]}]|#)/.test(after)) return "writes more after a value; it must be a whole scalar, and not a key";
  return undefined;
}

function quotesClose(text: string): boolean {
  const uncommented = text.replace(/(?:^|\s)#.*$/, "");
  return [/"/g, /'/g].every((quote) => (uncommented.match(quote) ?? []).length % 2 === 0);
}
