import type { Dialect } from "#domain/sql/dialect.ts";

/** GoogleSQL as BigQuery runs it. */
export const bigqueryDialect: Dialect = {
  name: ownName,
  text: quotedText,
  textOf: (column) => `CAST(${quotedName(column)} AS STRING)`,
  numberOf: (column) => `SAFE_CAST(${quotedName(column)} AS FLOAT64)`,
  nthOf: (numbers, n) => `[${numbers.map((number) => `CAST(${number} AS FLOAT64)`).join(", ")}][SAFE_ORDINAL(CAST(${n} AS INT64))]`,
  double: "FLOAT64",
  string: "STRING",
  countIf: (condition) => `COUNT(IF(${condition}, 1, NULL))`,
  sumIf: (value, condition) => `SUM(IF(${condition}, ${value}, NULL))`,
  minIf: (value, condition) => `MIN(IF(${condition}, ${value}, NULL))`,
  anyOf: (condition) => `LOGICAL_OR(${condition})`,
  // A sum of INT64 overflows; BIGNUMERIC(38) holds whole numbers to 2^126.
  whole: (value, wide) => (wide ? `CAST(ROUND(${value}) AS BIGNUMERIC(38))` : `CAST(CAST(${value} AS INT64) AS BIGNUMERIC(38))`),
  log2: (value) => `LOG(${value}, 2)`,
  allBut: (relation, columns) => `${relation}.* EXCEPT (${columns.join(", ")})`,
  // BigQuery partitions by no FLOAT64; -0.0 + 0 is 0.0, as in a comparison.
  partitionKey: (value) => `CAST(${value} + 0 AS STRING)`,
  // It sorts the rows of a query wherever they are; what was cut before would be scanned twice.
  kthGreatest: () => null,
  places: (k) => `UNNEST(GENERATE_ARRAY(1, ${k})) AS k`,
  float32: () => null,
  distance: (kind, left, right) => {
    const pairs = `FROM UNNEST(${left}) AS x WITH OFFSET AS x_at JOIN UNNEST(${right}) AS y WITH OFFSET AS y_at ON x_at = y_at`;
    return {
      hamming: `(SELECT COUNTIF(x <> y) ${pairs})`,
      euclidean: `EUCLIDEAN_DISTANCE(${left}, ${right})`,
      cosine: `COSINE_DISTANCE(${left}, ${right})`,
    }[kind];
  },
  pointsSomewhere: (vector) => `(SELECT SUM(x * x) FROM UNNEST(${vector}) AS x) > 0`,
};

/** Names of columns hold letters, digits and _, and ignore case: what else there is, is written by its code. */
function ownName(words: string): string {
  const spelled = words.replaceAll(
    /[^a-z0-9]/gu,
    (letter) => ({ " ": "_", _: "__" })[letter] ?? `_x${letter.codePointAt(0)?.toString(16)}_`,
  );
  return `\`${spelled}\``;
}

/** A column of a user's table. */
export function quotedName(name: string): string {
  return `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
}

function quotedText(text: string): string {
  const spelled = text.replaceAll(
    /[\\'"`\p{Cc}\p{Zl}\p{Zp}]/gu,
    (letter) => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
  return `'${spelled}'`;
}
