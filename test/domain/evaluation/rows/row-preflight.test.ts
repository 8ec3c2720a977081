import { expect, test } from "vitest";
import { rowPreflight } from "#domain/evaluation/rows/row-preflight.ts";
import type { RowTable } from "#domain/evaluation/rows/row-table.ts";
import { header } from "#test/support/report-request.ts";
import { rowTable } from "#test/support/row-table.ts";

const count = 100;
const truth = Array.from({ length: count }, (_, row) => (row % 3 === 0 ? 1 : 0));
const plain = truth.map((_, row) => (row % 7) / 7);
const other = truth.map((_, row) => (row % 5) / 5);

function verdicts(table: RowTable): Readonly<Record<string, string>> {
  return Object.fromEntries(rowPreflight({ table, header, identical: "refused" }).map(({ code, verdict }) => [code, verdict]));
}

test("rows about which there is nothing to say get no other verdict than pass", () => {
  const table = rowTable("classification", ["auc"], { truth, candidate: plain, baseline: other });
  expect(verdicts(table)).toEqual({ "identical-predictions": "pass", "rows-missing": "pass" });
});

test("a score that equals the label is an error, in either arm", () => {
  for (const [candidate, baseline] of [
    [truth, plain],
    [plain, truth],
  ] as const)
    expect(verdicts(rowTable("classification", ["auc"], { truth, candidate, baseline }))["score-equals-label"]).toBe("error");
});

test("a score that orders rows exactly as the labels do wants a look, also among many values; one exception suffices to have none", () => {
  const monotone = truth.map((label, row) => label / 2 + (row % 9) / 100);
  const found = (candidate: readonly number[], labels: readonly number[] = truth) =>
    verdicts(rowTable("classification", ["auc"], { truth: labels, candidate, baseline: null }))["scores-order-as-labels"];
  expect(found(monotone)).toBe("inconclusive");
  expect(found(monotone.with(0, 0))).toBeUndefined();
  expect(found(monotone.slice(0, 29), truth.slice(0, 29))).toBeUndefined();
  expect(
    found(
      plain.map((_, row) => row ** 3),
      plain.map((_, row) => 2 * row),
    ),
  ).toBe("inconclusive");
});

test("a score that is one and the same on all rows wants a look", () => {
  const constant = truth.map(() => 0.3);
  expect(verdicts(rowTable("classification", ["log_loss"], { truth, candidate: constant, baseline: plain }))["scores-all-tied"]).toBe(
    "inconclusive",
  );
});

test("a slice of which one arm lacks much is named, though it is little of all", () => {
  const many = Array.from({ length: 2000 }, (_, row) => (row % 3 === 0 ? 1 : 0));
  const made = rowTable("classification", ["auc"], { truth: many, candidate: many.map((_, row) => row % 11), baseline: null });
  const table: RowTable = {
    ...made,
    slices: [{ kind: "column", column: "country", values: many.map((_, row) => (row < 50 ? "de" : "fr")) }],
    candidate: { ...made.candidate, listed: many.map((_, row) => row !== 3) },
  };
  const finding = rowPreflight({ table, header: { ...header, baseline: null }, identical: "refused" }).find(
    ({ code }) => code === "missing-in-slices",
  );
  expect(finding).toMatchObject({ verdict: "inconclusive", message: expect.stringContaining('country="de": the candidate lacks 1 of 50') });
});
