/** What describes a unit is constant within it; where it is not, the finding's code by what the column holds. */
export const codeWhenVarying = {
  unit: "unit-varies-within-query",
  cluster: "cluster-varies-within-unit",
  weight: "weight-varies-within-unit",
  slice: "slice-varies-within-unit",
} as const;
