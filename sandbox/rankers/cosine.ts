import type { InvertedIndex } from "./inverted-index.ts";
import { counts } from "./inverted-index.ts";

/**
 * TF-IDF with sublinear term weights (1 + ln tf) and idf ln(N / n); the score is the dot product over the document's norm. The
 * query's norm is left out, as it changes no order.
 * G. Salton, C. Buckley, "Term-weighting approaches in automatic text retrieval", 1988.
 */
export function cosine(index: InvertedIndex): (query: readonly string[]) => Map<string, number> {
  const idf = new Map([...index.postings].map(([word, rows]) => [word, Math.log(index.lengths.size / rows.length)]));
  const squares = new Map<string, number>();
  for (const [word, rows] of index.postings) {
    for (const { document, count } of rows) {
      squares.set(document, (squares.get(document) ?? 0) + (termWeight(count) * (idf.get(word) ?? 0)) ** 2);
    }
  }
  return (query) => {
    const scores = new Map<string, number>();
    for (const [word, times] of counts(query)) {
      const square = (idf.get(word) ?? 0) ** 2;
      for (const { document, count } of index.postings.get(word) ?? []) {
        scores.set(document, (scores.get(document) ?? 0) + termWeight(times) * termWeight(count) * square);
      }
    }
    return new Map([...scores].map(([document, score]) => [document, score / Math.sqrt(squares.get(document) ?? 1)]));
  };
}

function termWeight(count: number): number {
  return 1 + Math.log(count);
}
