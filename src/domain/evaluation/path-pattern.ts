/** `predictions/date=*\/part-*.parquet`: a star is any part of one name. Other signs of patterns are not known, and no file has them. */
export function isPattern(path: string): boolean {
  return path.includes("*");
}

/** Whether a file or folder may have this name at this place of a pattern. */
export function nameFits(part: string, name: string): boolean {
  const pieces = part.split("*");
  const [first = "", ...rest] = pieces;
  if (rest.length === 0) return name === part;
  const last = rest.pop() ?? "";
  if (name.startsWith(".")) return false;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let from = first.length;
  const end = name.length - last.length;
  for (const piece of rest) {
    const at = name.indexOf(piece, from);
    if (at === -1 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}

/** More files than this are no parts of one table. */
export const mostParts = 10_000;
