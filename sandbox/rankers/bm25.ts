import type { InvertedIndex } from "./inverted-index.ts";
import { counts } from "./inverted-index.ts";

export type Bm25Parameters = { readonly k1: number; readonly b: number };

/**
 * Okapi BM25 with the idf that is never negative, ln(1 + (N - n + 0.5) / (n + 0.5)).
 * S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
 */
export function bm25(index: InvertedIndex, query: readonly string[], { k1, b }: Bm25Parameters): Map<string, number> {
  const scores = new Map<string, number>();
  for (const [word, times] of counts(query)) {
    const rows = index.postings.get(word) ?? [];
    const idf = Math.log(1 + (index.lengths.size - rows.length + 0.5) / (rows.length + 0.5));
    for (const { document, count } of rows) {
      const length = index.lengths.get(document) ?? 0;
      const gain = (times * idf * count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / index.meanLength));
      scores.set(document, (scores.get(document) ?? 0) + gain);
    }
  }
  return scores;
}
