import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { golden } from "#test/support/golden.ts";
import { goldenHolders, holds } from "#test/support/golden-holders.ts";

const root = join(import.meta.dirname, "../..");
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".json"));

/** Files of other work, each with tests of its own. */
const elsewhere = new Set(["slo.json", "drift.json", "growthbook.json", "group-sequential.json"]);

/** Rows that are no target, by file and case, or by file and method; why stands beside them. */
const aside: Readonly<Record<string, readonly { readonly called: string; readonly rows: number; readonly why: string }[]>> = {
  "statistics.json": [
    { called: "sample-ratio", rows: 7, why: "of experiments with traffic" },
    { called: "cuped", rows: 1, why: "of experiments with traffic" },
    { called: "event-rates", rows: 3, why: "of experiments with traffic" },
    { called: "always-valid", rows: 7, why: "of experiments with traffic" },
  ],
  "ranking-conventions.json": [
    { called: "alpha-nDCG@5", rows: 1, why: "optional, says the file; its ideal is a greedy guess at the best list" },
    { called: "alpha-nDCG@10", rows: 1, why: "the same" },
  ],
  "off-policy.json": [
    { called: "doubly robust", rows: 3, why: "needs a model of the rewards that was fitted elsewhere" },
    { called: "self-normalised doubly robust", rows: 3, why: "the same" },
    { called: "switch doubly robust", rows: 6, why: "the same" },
    { called: "doubly robust with optimistic shrinkage", rows: 6, why: "the same" },
  ],
};

test("every golden file has a test that compares its rows", () => {
  expect(files.filter((name) => !elsewhere.has(name)).toSorted()).toEqual(Object.keys(goldenHolders).toSorted());
});

test.each(Object.keys(goldenHolders))("every row of %s is compared by a test, or is no target for a stated reason", (file) => {
  const left = (aside[file] ?? []).map(({ called }) => [called, 0] as [string, number]);
  const counts = (goldenHolders[file] ?? []).map(({ test: name }) => [name, 0] as [string, number]);
  const nobody: string[] = [];
  for (const known of golden(file))
    for (const row of known.expected) {
      const isAside = left.find(([called]) => called === known.id || called === row["method"] || called === row["metric"]);
      const holder = goldenHolders[file]?.findIndex((own) => holds(own, known, row)) ?? -1;
      const place = isAside ?? counts[holder];
      if (String(row["use"]).startsWith("not a target")) continue;
      if (place === undefined) nobody.push(`${known.id}: ${JSON.stringify(row).slice(0, 120)}`);
      else place[1] += 1;
    }
  expect(nobody).toEqual([]);
  expect(counts).toEqual((goldenHolders[file] ?? []).map(({ test: name, rows }) => [name, rows]));
  expect(left).toEqual((aside[file] ?? []).map(({ called, rows }) => [called, rows]));
});

test.each(Object.entries(goldenHolders).flatMap(([file, holders]) => holders.map((holder) => [holder.test, file] as const)))(
  "%s is there and reads %s",
  (name, file) => {
    expect(existsSync(join(root, name))).toBe(true);
    expect(readFileSync(join(root, name), "utf8")).toContain(`"${file}"`);
  },
);
