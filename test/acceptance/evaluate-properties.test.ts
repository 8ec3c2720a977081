import { describe, expect, it } from "vitest";
import type { Report } from "#domain/evaluation/report.ts";
import { csv, evaluated } from "#test/support/judged-model.ts";

type Cells = readonly (string | number)[];
type Arms = { readonly candidate: readonly Cells[]; readonly baseline: readonly Cells[]; readonly labels?: readonly Cells[] };

/** Repeatable numbers without a pattern that a mean would show. */
const noise = (index: number, salt: number): number => ((index * 7919 + salt * 104_729) % 997) / 997;
const id = (prefix: string, index: number): string => `${prefix}${String(index).padStart(3, "0")}`;

const queries = Array.from({ length: 40 }, (_, index) => index);
const places = Array.from({ length: 8 }, (_, index) => index);
const rows = Array.from({ length: 240 }, (_, index) => index);

type Task = {
  readonly evaluation: Readonly<Record<string, string>>;
  readonly header: string;
  readonly labelHeader?: string;
  readonly gate: string;
  readonly arms: Arms;
  /** How many of the first columns are ids. */
  readonly ids: number;
  /** A column whose scale says nothing, or that makes the values grow with it. */
  readonly scaled: { readonly column: number; readonly values: "stay" | "grow" } | null;
};

const lists = (salt: number): readonly Cells[] =>
  queries.flatMap((query) => places.map((place) => [id("q", query), id("i", place), noise(query * 8 + place, salt)]));
const logged = (salt: number): readonly Cells[] =>
  rows.map((row) => [id("r", row), 0.2 + noise(row, salt) / 2, noise(row, 9) < 0.4 ? 1 : 0, 0.25 + noise(row, 8) / 4]);
const judged = (salt: number): readonly Cells[] =>
  rows.map((row) => [id("u", row % 60), row < 60 ? "a" : row < 120 ? "b" : row < 180 ? "c" : "d", noise(row, salt)]);

/** The tasks whose properties are not tested where their engine is: ranking and rows are. */
const tasks: Readonly<Record<string, Task>> = {
  retrieval: {
    evaluation: { task: "retrieval", labels: "labels.csv", columns: "{}", metrics: "[neighbour_recall@3, recall@2, mrr]" },
    header: "query_id,item_id,score",
    labelHeader: "query_id,item_id",
    gate: "{metric: mrr, atLeast: 0}",
    arms: {
      candidate: lists(3),
      baseline: lists(5),
      labels: queries.flatMap((query) => [0, 1, 2].map((place) => [id("q", query), id("i", (query + 3 * place) % 8)])),
    },
    ids: 2,
    scaled: { column: 2, values: "stay" },
  },
  bandit: {
    evaluation: {
      task: "bandit",
      labels: "",
      columns: "{row: id, reward: clicked, label: clicked, propensity: logged}",
      metrics: "[ips, snips]",
    },
    header: "id,score,clicked,logged",
    gate: "{metric: ips, atLeast: 0}",
    arms: { candidate: logged(3), baseline: logged(5) },
    ids: 1,
    scaled: null,
  },
  judged: {
    evaluation: { task: "judged", labels: "", columns: "{unit: unit, repeat: run}", metrics: "[score]" },
    header: "unit,run,score",
    gate: "{metric: score, atLeast: 0}",
    arms: { candidate: judged(3), baseline: judged(5) },
    ids: 1,
    scaled: { column: 2, values: "grow" },
  },
};

async function reportOf({ evaluation, header, labelHeader, gate }: Task, { candidate, baseline, labels }: Arms): Promise<Report> {
  const { report } = await evaluated(
    { evaluation: { slices: "[]", ...evaluation }, gates: [gate] },
    {
      "predictions/bm25.csv": csv(header, candidate),
      "predictions/cosine.csv": csv(header, baseline),
      ...(labels !== undefined && labelHeader !== undefined && { "labels.csv": csv(labelHeader, labels) }),
    },
  );
  expect(report.preflight.filter(({ verdict }) => verdict === "error")).toEqual([]);
  return report;
}

const measured = (report: Report) =>
  report.measurements.map(({ metric, units, candidate, baseline, difference }) => ({ metric, units, candidate, baseline, difference }));

const mapped = (arms: Arms, change: (cells: readonly Cells[], arm: keyof Arms) => readonly Cells[]): Arms => ({
  candidate: change(arms.candidate, "candidate"),
  baseline: change(arms.baseline, "baseline"),
  ...(arms.labels !== undefined && { labels: change(arms.labels, "labels") }),
});

describe.each(Object.entries(tasks))("measurements of the task %s", (_, task) => {
  it("do not depend on the order of rows", async () => {
    const turned = mapped(task.arms, (cells, arm) => (arm === "labels" ? cells : cells.toReversed()));
    expect(measured(await reportOf(task, turned))).toEqual(measured(await reportOf(task, task.arms)));
  });

  it("do not change when ids are renamed in the same order", async () => {
    const renamed = mapped(task.arms, (cells) => cells.map((row) => row.map((cell, column) => (column < task.ids ? `é-${cell}` : cell))));
    const [before, after] = [await reportOf(task, task.arms), await reportOf(task, renamed)];
    const exactly = (report: Report) =>
      measured(report).map(({ difference, ...others }) => ({ ...others, difference: { ...difference, smallSample: null } }));
    expect(exactly(after)).toEqual(exactly(before));
  });

  it("swap when the arms are swapped, and the difference turns its sign", async () => {
    const there = await reportOf(task, task.arms);
    const back = await reportOf(task, { ...task.arms, candidate: task.arms.baseline, baseline: task.arms.candidate });
    for (const [index, { candidate, difference }] of there.measurements.entries()) {
      const other = back.measurements[index];
      expect(other?.baseline).toEqual(candidate);
      expect(other?.difference?.value).toBeCloseTo(0 - (difference?.value ?? 0), 12);
      expect(other?.difference?.lower).toBeCloseTo(0 - (difference?.upper ?? 0), 12);
    }
  });
});

const withScale = Object.entries(tasks).flatMap(([name, task]) => (task.scaled === null ? [] : [{ name, task, ...task.scaled }]));

it.each(withScale)(
  "measurements of the task $name follow the scale of scores as far as they measure it",
  async ({ task, column, values }) => {
    const scaled = mapped(task.arms, (cells, arm) =>
      arm === "labels" ? cells : cells.map((row) => row.map((cell, at) => (at === column ? 8 * Number(cell) : cell))),
    );
    const factor = values === "grow" ? 8 : 1;
    const [before, after] = [await reportOf(task, task.arms), await reportOf(task, scaled)];
    for (const [index, { candidate, difference }] of before.measurements.entries()) {
      expect(after.measurements[index]?.candidate.value).toBeCloseTo(factor * (candidate.value ?? 0), 12);
      expect(after.measurements[index]?.difference?.standardError).toBeCloseTo(factor * (difference?.standardError ?? 0), 12);
    }
  },
);
