import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Cranfield } from "#sandbox/rankers/cranfield.ts";
import { readCranfield, readJudgments } from "#sandbox/rankers/cranfield.ts";
import type { Run } from "#sandbox/rankers/rank.ts";
import { rank } from "#sandbox/rankers/rank.ts";
import { readRankerArtifact } from "#sandbox/rankers/ranker-artifact.ts";
import { words } from "#sandbox/rankers/tokens.ts";
import { againstTwoPercent, mean, ndcgAt10 } from "./paired-difference.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const golden = join(root, "test", "golden");
const names = ["cosine", "bm25-truncated", "bm25", "bm25-indexed"] as const;
const grades = readJudgments();
const runs = new Map<string, Run>();
let collection: Cranfield;

beforeAll(() => {
  collection = readCranfield();
  for (const name of names)
    runs.set(name, rank(readRankerArtifact(join(root, "sandbox", "rankers", "artifacts", `${name}.json`)), collection));
});

describe.each(["bm25", "cosine"])("the %s ranker", (name) => {
  test("gives the golden run, row by row and score by score", () => {
    const expected = readFileSync(join(golden, `cranfield-run-${name}.tsv`), "utf8")
      .trimEnd()
      .split("\n")
      .slice(1);
    const got = [...runOf(name)].flatMap(([query, scored]) => scored.map(({ document, score }) => [query, document, score]));
    expect(got).toEqual(expected.map((line) => line.split("\t")).map(([query, document, score]) => [query, document, Number(score)]));
  });

  test("has the golden mean nDCG@10", () => {
    const cases = z
      .object({
        cases: z.array(
          z.object({
            id: z.string(),
            expected: z.array(z.object({ metric: z.string().optional(), k: z.number().nullish(), mean: z.number().optional() })),
          }),
        ),
      })
      .parse(JSON.parse(readFileSync(join(golden, "ranking-cranfield.json"), "utf8"))).cases;
    const expected = cases.find(({ id }) => id === name)?.expected.find(({ metric, k }) => metric === "ndcg" && k === 10)?.mean;
    expect(mean(ndcgAt10(runOf(name), grades).values())).toBeCloseTo(expected ?? Number.NaN, 9);
  });
});

describe("nDCG@10 against the cosine ranker with a margin of 2 %", () => {
  const all = [...grades.keys()];
  const short = all.filter((query) => words(readCranfield().queries.get(query) ?? "").length <= 17);
  const long = all.filter((query) => !short.includes(query));
  const slices = { all, short, long };

  test("the truncated ranker is proven worse, on all questions and most of all on long ones", () => {
    expect(compared("bm25-truncated", slices.all).upper).toBeLessThan(0);
    expect(compared("bm25-truncated", slices.long).upper).toBeLessThan(0);
    expect(compared("bm25-truncated", slices.long).value).toBeLessThan(compared("bm25-truncated", slices.short).value);
  });

  test.each(["bm25", "bm25-indexed"])("the %s ranker is no worse, on every slice", (name) => {
    for (const queries of Object.values(slices)) expect(compared(name, queries).lower).toBeGreaterThan(0);
  });
});

function compared(name: string, queries: readonly string[]) {
  return againstTwoPercent(ndcgAt10(runOf(name), grades), ndcgAt10(runOf("cosine"), grades), queries);
}

function runOf(name: string): Run {
  return runs.get(name) ?? new Map();
}
