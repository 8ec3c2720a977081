const stopWords = new Set(
  (
    "a an and are as at be been but by can for from has have in into is it its not of on or such that the their then " +
    "there these they this to was were what which will with"
  ).split(" "),
);

/** The runs of letters and digits of a text, lower-cased. */
export function words(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

export type Tokenizer = {
  /** Cuts common English endings off words longer than five letters. */
  readonly suffix: boolean;
  /** Indexes only so many words of a document; null indexes all. */
  readonly firstWords: number | null;
};

export function documentTokens(text: string, tokenizer: Tokenizer): readonly string[] {
  const tokens = queryTokens(text, tokenizer);
  return tokenizer.firstWords === null ? tokens : tokens.slice(0, tokenizer.firstWords);
}

export function queryTokens(text: string, tokenizer: Tokenizer): readonly string[] {
  const kept = words(text).filter((word) => !stopWords.has(word));
  return tokenizer.suffix ? kept.map(withoutSuffix) : kept;
}

function withoutSuffix(word: string): string {
  return word.length > 5 ? word.replace(/(ings?|edly|ed|ly|es|s)$/, "") : word;
}
