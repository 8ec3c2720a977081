import { bm25 } from "./bm25.ts";
import { cosine } from "./cosine.ts";
import type { Cranfield } from "./cranfield.ts";
import type { InvertedIndex } from "./inverted-index.ts";
import { invertedIndex } from "./inverted-index.ts";
import type { RankerArtifact } from "./ranker-artifact.ts";
import { documentTokens, queryTokens } from "./tokens.ts";

export type Scored = { readonly document: string; readonly score: number };

/** By query, the best documents first. */
export type Run = ReadonlyMap<string, readonly Scored[]>;

const depth = 100;

export function rank(artifact: RankerArtifact, collection: Cranfield): Run {
  const index = invertedIndex(new Map([...collection.documents].map(([id, text]) => [id, documentTokens(text, artifact.text)])));
  const score = scorer(artifact, index);
  return new Map([...collection.queries].map(([id, text]) => [id, best(score(queryTokens(text, artifact.text)), artifact.digits)]));
}

function scorer(artifact: RankerArtifact, index: InvertedIndex): (query: readonly string[]) => Map<string, number> {
  switch (artifact.kind) {
    case "cosine":
      return cosine(index);
    case "bm25":
      return (query) => bm25(index, query, artifact.parameters);
  }
}

/** Rounds first, so that equal printed scores are equal scores; ties order by id, descending by bytes. */
function best(scores: ReadonlyMap<string, number>, digits: number): readonly Scored[] {
  const rounded = [...scores].map(([document, score]) => ({ document, score: Number(score.toFixed(digits)) }));
  return rounded.toSorted((a, b) => b.score - a.score || Buffer.compare(Buffer.from(b.document), Buffer.from(a.document))).slice(0, depth);
}
