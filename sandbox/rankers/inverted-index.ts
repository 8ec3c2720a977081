export type Posting = { readonly document: string; readonly count: number };

export type InvertedIndex = {
  readonly postings: ReadonlyMap<string, readonly Posting[]>;
  /** Indexed words by document. */
  readonly lengths: ReadonlyMap<string, number>;
  readonly meanLength: number;
};

export function invertedIndex(documents: ReadonlyMap<string, readonly string[]>): InvertedIndex {
  const postings = new Map<string, Posting[]>();
  const lengths = new Map<string, number>();
  let total = 0;
  for (const [document, tokens] of documents) {
    lengths.set(document, tokens.length);
    total += tokens.length;
    for (const [word, count] of counts(tokens)) {
      const rows = postings.get(word);
      if (rows === undefined) postings.set(word, [{ document, count }]);
      else rows.push({ document, count });
    }
  }
  return { postings, lengths, meanLength: total / lengths.size };
}

/** How often each word occurs, in order of first occurrence. */
export function counts(tokens: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const token of tokens) found.set(token, (found.get(token) ?? 0) + 1);
  return found;
}
