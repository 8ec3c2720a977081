import type { Dialect } from "#domain/sql/dialect.ts";
import { ownName, quotedText } from "./sandbox.ts";
import { numberOf, textOf } from "./source.ts";

export const duckdbDialect: Dialect = {
  name: ownName,
  text: quotedText,
  textOf,
  numberOf,
  nthOf: (numbers, n) => `CAST([${numbers.join(", ")}] AS DOUBLE[])[CAST(${n} AS BIGINT)]`,
  double: "DOUBLE",
  string: "VARCHAR",
  countIf: (condition) => `count(*) FILTER (${condition})`,
  sumIf: (value, condition) => `sum(${value}) FILTER (${condition})`,
  minIf: (value, condition) => `min(${value}) FILTER (${condition})`,
  anyOf: (condition) => `bool_or(${condition})`,
  whole: (value, wide) => `CAST(${value} AS ${wide ? "HUGEINT" : "BIGINT"})`,
  log2: (value) => `log2(${value})`,
  allBut: (relation, columns) => `${relation}.* EXCLUDE (${columns.join(", ")})`,
  partitionKey: (value) => value,
  kthGreatest: (value, k) => `list_last(max(${value}, ${k}))`,
  places: (k) => `range(1, ${k + 1}) AS places(k)`,
  float32: (value) => `CAST(${value} AS FLOAT)`,
  distance: (kind, left, right) =>
    ({
      hamming: `len(list_filter(list_zip(${left}, ${right}), lambda pair: pair[1] <> pair[2]))`,
      euclidean: `list_distance(${left}, ${right})`,
      cosine: `list_cosine_distance(${left}, ${right})`,
    })[kind],
  pointsSomewhere: (vector) => `list_dot_product(${vector}, ${vector}) > 0`,
};
