/** Line and column count from 1; a column is a UTF-16 unit, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Turns offsets in a text into positions; YAML ends a line with LF, CRLF or a lone CR. */
export function positionsIn(text: string): (offset: number) => Position {
  const lineStarts = [0];
  for (const ending of text.matchAll(/\r\n|\n|\r/g)) lineStarts.push(ending.index + ending[0].length);
  const byteOrderMark = text.startsWith("\uFEFF") ? 1 : 0;
  return (offset) => {
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const invisible = low === 0 ? byteOrderMark : 0;
    return { line: low + 1, column: Math.max(1, offset - (lineStarts[low] ?? 0) - invisible + 1) };
  };
}
