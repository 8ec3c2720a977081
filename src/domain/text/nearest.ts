/** The candidate that a person most likely meant by `word`, or undefined when none is close; the first wins a tie. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = farthestAllowed(word) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? continuation(word, candidates);
}

/** `noWorse` for `noWorseThan`: cut short, when only one candidate fits. */
function continuation(word: string, candidates: readonly string[]): string | undefined {
  if (word.length < shortestBeginning) return undefined;
  const lower = word.toLowerCase();
  const fitting = candidates.filter((candidate) => candidate.toLowerCase().startsWith(lower));
  return fitting.length === 1 ? fitting[0] : undefined;
}

const shortestBeginning = 3;

/** A third of the word may be wrong: with more, the suggestion is a guess and sends people astray. */
function farthestAllowed(word: string): number {
  return Math.floor((Math.min(word.length, longestCompared) + 1) / 3);
}

/** Longer words are not typing errors of anything we know, and the comparison costs the product of both lengths. */
const longestCompared = 100;

/**
 * Optimal string alignment distance: how many insertions, deletions, substitutions and swaps of neighbours turn `from` into `to`.
 * Reference: Boytsov, "Indexing methods for approximate dictionary searching", 2011, section 2.1.
 */
export function editDistance(from: string, to: string): number {
  const a = Array.from(from.slice(0, longestCompared));
  const b = Array.from(to.slice(0, longestCompared));
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of a.entries()) {
    const current = [row + 1];
    for (const [column, other] of b.entries()) {
      const substituted = at(last, column) + (letter === other ? 0 : 1);
      let distance = Math.min(at(last, column + 1) + 1, at(current, column) + 1, substituted);
      const swapped = row > 0 && column > 0 && letter === b[column - 1] && a[row - 1] === other;
      if (swapped) distance = Math.min(distance, at(beforeLast, column - 1) + 1);
      current.push(distance);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
