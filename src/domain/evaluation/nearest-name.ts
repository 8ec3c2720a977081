/** The candidates closest to what was written, nearest first: for "did you mean" in error messages. */
export function nearestNames(written: string, candidates: readonly string[], atMost = 3): readonly string[] {
  const limit = written.length <= 3 ? 1 : Math.max(2, Math.ceil(written.length / 3));
  const measured = candidates.map((name) => ({ name, distance: editDistance(written.toLowerCase(), name.toLowerCase()) }));
  const spelledOtherwise = measured.filter(({ distance }) => distance === 0);
  return (spelledOtherwise.length > 0 ? spelledOtherwise : measured)
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, atMost)
    .map(({ name }) => name);
}

/** Levenshtein distance: insertions, deletions and replacements that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
