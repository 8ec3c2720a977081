/** Order of ids and slice values: by UTF-8 bytes, which for well-formed text is the order of code points. */
export function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  const left = [...a];
  const right = [...b];
  const at = left.findIndex((char, index) => char !== right[index]);
  if (at === -1 || right[at] === undefined) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
}
