import { describe, expect, test } from "vitest";
import { cappedExamples } from "#domain/evaluation/capped-examples.ts";
import { chooseExamples } from "#domain/evaluation/choose-examples.ts";
import { defaultConvention } from "#domain/evaluation/convention.ts";
import { rankedList } from "#domain/evaluation/ranked-list.ts";
import { type Examples, printReport, reportSchema } from "#domain/evaluation/report.ts";
import { reportOf, scoredTable } from "#test/support/report-request.ts";
import { rowTable } from "#test/support/row-table.ts";

const lists = (candidate: readonly (number | null)[], baseline: readonly (number | null)[] | null, name?: string) =>
  ({ table: scoredTable({ candidate, baseline }, {}, name), problems: [] }) as const;
const found = (...given: Parameters<typeof chooseExamples>) => chooseExamples(...given)?.examples;

describe("the biggest wins and losses", () => {
  test("are ten of each, biggest first, equal ones by id; a query without a difference, or that does not count, is in neither", () => {
    const candidate = [...Array.from({ length: 12 }, () => 0.6), 0.9, 0.5, null, 0.1, 0.2];
    const examples = found(
      lists(
        candidate,
        candidate.map((value) => (value === null ? null : 0.5)),
      ),
      [],
      [],
    );
    expect(examples?.wins.map(({ id }) => id)).toEqual(["q0012", ...Array.from({ length: 9 }, (_, index) => `q000${index}`)]);
    expect(examples?.losses.map(({ id, candidate: own, baseline }) => [id, own, baseline])).toEqual([
      ["q0015", 0.1, 0.5],
      ["q0016", 0.2, 0.5],
    ]);
    expect(examples).toMatchObject({ metric: "ndcg@10", better: "higher", unit: "query_id" });
  });

  test("are of the first gated metric that has a value a unit, else of the first metric; lower may be better", () => {
    const truth = [1, 0, 1, 0];
    const table = rowTable("classification", ["auc", "log_loss", "brier"], {
      truth,
      candidate: [0.9, 0.2, 0.4, 0.5],
      baseline: [0.5, 0.2, 0.8, 0.6],
    });
    const answer = { kind: "rows", table: { ...table, names: ["a", "b", "c", "d"] }, problems: [] } as const;
    const brier = found(answer, [], ["auc", "brier"]);
    expect(brier).toMatchObject({ metric: "brier", better: "lower", unit: "row_id" });
    expect(brier?.wins.map(({ id, difference }) => [id, Number(difference.toFixed(9))])).toEqual([
      ["a", -0.24],
      ["d", -0.11],
    ]);
    expect(brier?.losses).toEqual([
      {
        id: "c",
        difference: expect.closeTo(0.32, 9),
        candidate: 0.36,
        baseline: 0.04,
        row: { label: "1", candidate: { score: 0.4, class: "0" }, baseline: { score: 0.8, class: "1" } },
      },
    ]);
    expect(found(answer, [], [])?.metric).toBe("log_loss");
  });

  test("of weighted rows are of the values themselves", () => {
    const made = { truth: [1, 2, 3], candidate: [1, 2.5, 3], baseline: [2, 2, 3], weights: [1, 5, 3] };
    const table = { ...rowTable("regression", ["mae"], made), names: ["a", "b", "c"] };
    const examples = found({ kind: "rows", table, problems: [] }, [], []);
    expect([examples?.wins, examples?.losses].map((all) => all?.map(({ id, difference }) => [id, difference]))).toEqual([
      [["a", -1]],
      [["b", 0.5]],
    ]);
  });

  test("are none without a baseline, without names of rows, or of a metric of ranks alone", () => {
    expect(chooseExamples(lists([0.5], null), [], [])).toBeNull();
    const made = { truth: [1, 0], candidate: [0.4, 0.2], baseline: [0.2, 0.4] };
    const rows = (metric: string, names?: readonly string[]) =>
      ({ kind: "rows", table: { ...rowTable("classification", [metric], made), ...(names && { names }) }, problems: [] }) as const;
    expect(chooseExamples(rows("log_loss"), [], [])).toBeNull();
    expect(chooseExamples(rows("auc", ["a", "b"]), [], [])).toBeNull();
    expect(chooseExamples(rows("log_loss", ["a", "b"]), [], [])).not.toBeNull();
  });
});

describe("a ranked list of an example", () => {
  const items = [
    { item: "a", score: 1, label: null },
    { item: "b", score: 2, label: 0 },
    { item: "c", score: 1, label: 1 },
    { item: "é", score: 1, label: null },
  ];
  const order = (convention: Partial<typeof defaultConvention>, k: number | null = 10) =>
    rankedList(items, k, { ...defaultConvention, ...convention }).map(({ rank, item }) => `${rank}${item}`);

  test("is in the order of the metric, of its depth", () => {
    expect(order({})).toEqual(["1b", "2é", "3c", "4a"]);
    expect(order({ ties: "id_asc" })).toEqual(["1b", "2a", "3c", "4é"]);
    expect(order({ ties: "worst" })).toEqual(["1b", "2é", "3a", "4c"]);
    expect(order({ unjudged: "skip" })).toEqual(["1b", "2c"]);
    expect(order({}, 2)).toEqual(["1b", "2é"]);
  });

  test("has ten places where the metric reads all, and never more than twenty", () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ item: `${index}`, score: -index, label: null }));
    expect([null, 50].map((k) => rankedList(many, k, defaultConvention).length)).toEqual([10, 20]);
  });
});

describe("examples in a report", () => {
  const list = (item: string) =>
    Array.from({ length: 20 }, (_, index) => ({ rank: index + 1, item, score: 0.123456789 * index, label: 1 }));
  const examples = (id: string, item: string): Examples => {
    const example = { id, difference: 1, baseline: 0, candidate: 1, lists: { baseline: list(item), candidate: list(item) } };
    const ten = Array.from({ length: 10 }, () => example);
    return { metric: "ndcg@20", better: "higher", unit: "query_id", wins: ten, losses: ten };
  };

  test("have long ids cut with a mark, between whole characters", () => {
    const capped = cappedExamples(examples("😀".repeat(81), "x".repeat(80)));
    expect(capped.wins[0]?.id).toBe(`${"😀".repeat(80)}…`);
    expect(capped.wins[0]?.lists?.baseline[0]?.item).toBe("x".repeat(80));
  });

  test("take at most 200 kB, with fewer places where that needs it", () => {
    const report = reportOf(scoredTable({ candidate: [1, 0], baseline: [0, 1] }), [], { examples: examples("q", "😀".repeat(90)) });
    const size = (own: typeof report) => Buffer.byteLength(printReport(own));
    const { examples: kept, ...without } = report;
    expect(size(report) - size(without)).toBeLessThanOrEqual(200_100);
    expect(kept?.wins[0]?.lists?.candidate.length).toBe(10);
    expect(kept?.losses.length).toBe(10);
    expect(reportSchema.parse(JSON.parse(printReport(report))).examples).toEqual(kept);
  });
});
