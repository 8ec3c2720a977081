import { describe, expect, it } from "vitest";
import type { DescribedColumn, DescribedFile } from "#domain/model/described-file.ts";
import { type ColumnRole, guessColumn } from "#domain/model/guess-columns.ts";
import { guessTask } from "#domain/model/guess-task.ts";

function column(name: string, change: Partial<DescribedColumn> = {}): DescribedColumn {
  return { name, type: "number", distinct: 1000, values: null, least: 0, greatest: 1, whole: false, ...change };
}

function file(columns: readonly DescribedColumn[], rows = 1000): DescribedFile {
  return { name: "new.parquet", rows, columns };
}

const text = (name: string) => column(name, { type: "text" });

describe("the column of a role", () => {
  it.each<readonly [ColumnRole, readonly DescribedColumn[], string]>([
    ["query", [text("query_id"), text("item_id"), column("score")], "query_id"],
    ["query", [text("user_id"), text("qid"), column("score")], "qid"],
    ["query", [text("searchText"), text("item")], "searchText"],
    ["item", [text("query_id"), text("docno"), column("score")], "docno"],
    ["item", [text("ID"), column("pred")], "ID"],
    ["score", [text("q"), column("y_pred"), column("y_true")], "y_pred"],
    ["score", [text("q"), text("score"), column("ranker_score")], "ranker_score"],
    ["score", [text("q"), column("x9")], "x9"],
    ["label", [column("is_fraud"), column("amount")], "is_fraud"],
    ["label", [column("relevance"), column("clicked")], "relevance"],
    ["label", [text("order_id"), column("churned", { type: "text", distinct: 2 }), text("region")], "churned"],
  ])("%s is found by its name and type", (role, columns, expected) => {
    expect(guessColumn(role, [file(columns)], [])).toEqual({ kind: "guessed", column: expected });
  });

  it("is one that all files have", () => {
    const files = [file([text("query_id"), text("qid")]), file([text("qid")])];
    expect(guessColumn("query", files, [])).toEqual({ kind: "guessed", column: "qid" });
  });

  it("is none that holds another role already", () => {
    expect(guessColumn("score", [file([column("score"), column("probability")])], ["score"])).toEqual({
      kind: "guessed",
      column: "probability",
    });
  });

  it("is asked for where several could be it", () => {
    expect(guessColumn("score", [file([column("a_score"), column("b_score"), column("c")])], [])).toEqual({
      kind: "unsure",
      among: ["a_score", "b_score"],
    });
    expect(guessColumn("label", [file([column("c1"), column("c2")])], [])).toEqual({ kind: "unsure", among: ["c1", "c2"] });
  });

  it("is never a list or a struct", () => {
    expect(guessColumn("query", [file([column("query_id", { type: "other" })])], [])).toEqual({ kind: "unsure", among: [] });
  });
});

describe("the task", () => {
  const queries = column("query_id", { type: "text", distinct: 100 });
  const users = column("customer_id", { type: "text", distinct: 100 });
  const items = column("item_id", { type: "text", distinct: 300 });
  const rowIds = column("id", { type: "text", distinct: 990 });
  const binary = column("y", { distinct: 2, whole: true });
  const none = { query: undefined, item: undefined };
  it.each<readonly [string, DescribedFile, Parameters<typeof guessTask>[1], string | null]>([
    ["ranking, where queries have several rows", file([queries]), { ...none, query: "query_id", label: binary }, "ranking"],
    ["ranking, where users have several items", file([users, items]), { query: "customer_id", item: "item_id", label: binary }, "ranking"],
    [
      "not ranking, where users have several rows that each have an id",
      file([users, rowIds]),
      { query: "customer_id", item: "id", label: binary },
      "classification",
    ],
    [
      "not ranking, where each row has its own query",
      file([queries], 100),
      { ...none, query: "query_id", label: binary },
      "classification",
    ],
    ["classification, for two labels", file([]), { ...none, label: binary }, "classification"],
    ["classification, for a boolean", file([]), { ...none, label: column("y", { type: "boolean" }) }, "classification"],
    ["regression, for numbers that are not whole", file([]), { ...none, label: column("price", { distinct: 12 }) }, "regression"],
    ["regression, for many whole numbers", file([]), { ...none, label: column("units", { distinct: 300, whole: true }) }, "regression"],
    [
      "unknown, for a few whole numbers: grades, classes or counts",
      file([]),
      { ...none, label: column("y", { distinct: 5, whole: true }) },
      null,
    ],
    ["unknown, for several texts", file([]), { ...none, label: column("y", { type: "text", distinct: 5 }) }, null],
    ["unknown, without a label", file([]), { ...none, label: undefined }, null],
  ])("is %s", (_, predictions, seen, expected) => {
    expect(guessTask(predictions, seen)).toBe(expected);
  });
});
