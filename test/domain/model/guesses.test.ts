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
  it.each<readonly [string, DescribedFile, string | undefined, DescribedColumn | undefined, string | null]>([
    ["ranking, where queries have several rows", file([queries]), "query_id", column("grade"), "ranking"],
    ["not ranking, where each row has its own query", file([queries], 100), "query_id", column("y", { distinct: 2 }), "classification"],
    ["classification, for two labels", file([]), undefined, column("y", { distinct: 2, whole: true }), "classification"],
    ["classification, for a boolean", file([]), undefined, column("y", { type: "boolean" }), "classification"],
    ["regression, for numbers that are not whole", file([]), undefined, column("price", { distinct: 12 }), "regression"],
    ["regression, for many whole numbers", file([]), undefined, column("units", { distinct: 300, whole: true }), "regression"],
    ["unknown, for a few whole numbers: grades, classes or counts", file([]), undefined, column("y", { distinct: 5, whole: true }), null],
    ["unknown, for several texts", file([]), undefined, column("y", { type: "text", distinct: 5 }), null],
  ])("is %s", (_, predictions, query, label, expected) => {
    expect(guessTask(predictions, query, label)).toBe(expected);
  });
});
