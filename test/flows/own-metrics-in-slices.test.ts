import { describe, expect, test } from "vitest";
import { pairedT } from "#domain/statistics/paired-t.ts";
import { csv, evaluated } from "#test/support/judged-model.ts";

/** Repeatable numbers without a pattern that a mean would show. */
const noise = (index: number, salt: number): number => ((index * 7919 + salt * 104_729) % 997) / 997;

describe("a model's own metrics over rows whose slices lie across units", () => {
  const shops = ["north", "south", "west"];
  const cells = Array.from({ length: 240 }, (_, row) => ({
    row: `r${row}`,
    user: `u${row % 40}`,
    shop: shops[(row * 7 + Math.floor(row / 40)) % 3] ?? "",
    price: (row * 37) % 100,
    age: (row * 53) % 100,
    label: noise(row, 1),
  }));
  const own = (row: number, salt: number): number => noise(row, salt);
  const table = (salt: number): string =>
    csv(
      "item_id,user,shop,price,age,label,score",
      cells.map((cell, row) => [cell.row, cell.user, cell.shop, cell.price, cell.age, cell.label, own(row, salt)]),
    );
  const regression = (over: Readonly<Record<string, string>>, gates: readonly string[]) => ({
    evaluation: {
      task: "regression",
      labels: "",
      columns: "{unit: user}",
      metrics: '[mae, {name: worst, sql: "max(abs(score - label))", better: lower, range: [0, 1]}]',
      slices: '[shop, {column: price, buckets: [50]}, {cross: [shop, {column: price, buckets: [50]}]}, {name: old, where: "age > 80"}]',
      ...over,
    },
    gates,
  });
  const predicted = { "predictions/bm25.csv": table(3), "predictions/cosine.csv": table(5) };
  /** The same by hand: a unit's value in a slice is that of its rows there. */
  const byHand = (salt: number, inSlice: (cell: (typeof cells)[number]) => boolean): ReadonlyMap<string, number> => {
    const worst = new Map<string, number>();
    for (const [row, cell] of cells.entries()) {
      if (!inSlice(cell)) continue;
      worst.set(cell.user, Math.max(worst.get(cell.user) ?? 0, Math.abs(own(row, salt) - cell.label)));
    }
    return worst;
  };

  test("are computed over each unit's rows in the slice, the unit being one", async () => {
    const gate = "{metric: worst, slice: {shop: north}, noWorseThan: 0.5}";
    const { report } = await evaluated(regression({}, [gate]), predicted);
    expect(report.preflight.filter(({ verdict }) => verdict === "error")).toEqual([]);
    const slices = [
      [{ shop: "north" }, ({ shop }) => shop === "north"],
      [{ price: ">= 50" }, ({ price }) => price >= 50],
      [{ shop: "west", price: "< 50" }, ({ shop, price }) => shop === "west" && price < 50],
      [{ name: "old" }, ({ age }) => age > 80],
    ] as const satisfies readonly (readonly [Readonly<Record<string, string>>, (cell: (typeof cells)[number]) => boolean])[];
    for (const [slice, inSlice] of slices) {
      const [candidate, baseline] = [byHand(3, inSlice), byHand(5, inSlice)];
      const found = report.measurements.find((known) => known.metric === "worst" && JSON.stringify(known.slice) === JSON.stringify(slice));
      const reference = pairedT([...candidate].map(([user, value]) => value - (baseline.get(user) ?? 0)));
      expect(found).toMatchObject({ unit: "user", units: candidate.size, clusters: candidate.size });
      expect(found?.difference?.value).toBeCloseTo(reference?.mean ?? 0, 12);
      expect(found?.difference?.standardError).toBeCloseTo(reference?.standardError ?? 0, 12);
    }
    const whole = report.measurements.filter(({ metric, slice }) => metric === "worst" && slice === null);
    expect(whole).toMatchObject([{ units: 40, clusters: 40 }]);
    expect(report.gates).toMatchObject([{ slice: { shop: "north" }, verdict: "pass" }]);
  });

  test("are left out of quantiles, which are of all rows, and of nothing else", async () => {
    const written = regression({ slices: "[shop, {column: price, quantiles: 2}]" }, ["{metric: worst, noWorseThan: 0.5}"]);
    const { report, finding } = await evaluated(written, predicted);
    expect(finding("slice-divides-units")).toMatchObject({ verdict: "inconclusive" });
    expect(finding("slice-divides-units")?.message).toBe(
      "worst: not measured in the slices by price, for rows of one unit lie in several of them. Name the edges of the buckets (buckets: [10, 50]) instead of quantiles. All other metrics and slices are measured.",
    );
    const slicesOf = (metric: string) =>
      report.measurements.filter((known) => known.metric === metric).map(({ slice }) => Object.keys(slice ?? {})[0]);
    expect(new Set(slicesOf("worst"))).toEqual(new Set([undefined, "shop"]));
    expect(new Set(slicesOf("mae"))).toEqual(new Set([undefined, "shop", "price"]));
    expect(report.verdict).toBe("pass");
  });

  test("of a file with one score a unit are left out, with their reason; a gate on one is no pass", async () => {
    const entry = '[mae, {name: helpfulness, scores: "judge/{version}.csv", better: higher, range: [0, 1]}]';
    const scores = (salt: number): string =>
      csv(
        "user,score",
        Array.from({ length: 40 }, (_, user) => [`u${user}`, noise(user, salt)]),
      );
    const written = regression({ metrics: entry, slices: "[shop]" }, ["{metric: helpfulness, slice: {shop: north}, noWorseThan: 0.5}"]);
    const { report, finding } = await evaluated(written, { ...predicted, "judge/bm25.csv": scores(3), "judge/cosine.csv": scores(5) });
    expect(finding("slice-divides-units")?.message).toContain("Its file has one score a unit");
    expect(report.measurements.filter(({ metric }) => metric === "helpfulness")).toMatchObject([{ slice: null, units: 40 }]);
    expect(report.gates).toMatchObject([{ verdict: "no-data", reason: "slice-not-measured" }]);
  });

  test("may be of what the catalogue says of their items", async () => {
    const items = csv(
      "item_id,brand",
      cells.map(({ row }, index) => [row, index % 2 === 0 ? "acme" : "other"]),
    );
    const written = regression({ slices: "[brand]", items: "items.csv" }, ["{metric: worst, noWorseThan: 0.5}"]);
    const { report } = await evaluated(written, { ...predicted, "items.csv": items });
    const brands = report.measurements
      .filter(({ slice }) => slice !== null)
      .map(({ metric, slice, units }) => [metric, slice?.["brand"], units]);
    expect(brands).toEqual([
      ["mae", "acme", 20],
      ["mae", "other", 20],
      ["worst", "acme", 20],
      ["worst", "other", 20],
    ]);
  });
});
