import { type ChosenExamples, chooseExamples } from "#domain/evaluation/choose-examples.ts";
import { rankedList, type UnrankedItem } from "#domain/evaluation/ranked-list.ts";
import type { Example, Examples } from "#domain/evaluation/report.ts";
import type { Gate } from "#domain/gate/gate.ts";
import type { EvaluationEngine, InputFile, ScoringRequest } from "#ports/evaluation-engine.ts";
import type { Measured } from "./measure-model.ts";

type Files = Pick<ScoringRequest, "candidate" | "baseline" | "labels" | "columns" | "task">;

/** Where the arms differ most, with both lists of each query: read once more, for these queries alone. Undefined where nothing is compared. */
export async function readExamples(
  engine: EvaluationEngine,
  { answer, others }: Pick<Measured, "answer" | "others">,
  files: Files | null,
  gates: readonly Gate[],
): Promise<Examples | undefined> {
  const chosen = chooseExamples(
    answer,
    others,
    gates.map(({ metric }) => metric),
  );
  if (chosen === null) return undefined;
  const { examples, lists } = chosen;
  const queries = [...examples.wins, ...examples.losses].map(({ id }) => id);
  if (lists === null || files === null || files.baseline === null || queries.length === 0) return examples;
  const read = await readLists(engine, files, files.baseline, queries);
  return read === null ? examples : withLists(examples, lists, read);
}

type Lists = { readonly candidate: ByQuery; readonly baseline: ByQuery };
type ByQuery = ReadonlyMap<string, readonly UnrankedItem[]>;

function withLists(examples: Examples, { k, convention }: NonNullable<ChosenExamples["lists"]>, lists: Lists): Examples {
  const ranked = (of: ByQuery, { id }: Example) => [...rankedList(of.get(id) ?? [], k, convention)];
  const listed = (example: Example): Example => ({
    ...example,
    lists: { baseline: ranked(lists.baseline, example), candidate: ranked(lists.candidate, example) },
  });
  return { ...examples, wins: examples.wins.map(listed), losses: examples.losses.map(listed) };
}

/** Null when a file that was just scored cannot be read again: then examples stand without their lists. */
async function readLists(
  engine: EvaluationEngine,
  files: Files,
  baselineFiles: readonly InputFile[],
  queries: readonly string[],
): Promise<Lists | null> {
  const { columns, task } = files;
  const read = async (what: string, paths: readonly InputFile[], wanted: { readonly score: boolean; readonly label: boolean }) => {
    const { table } = await engine.readColumns({
      what,
      files: paths,
      columns: [
        { role: "query", column: columns.query, kind: "text", required: true },
        { role: "item", column: columns.item, kind: "text", required: true },
        ...(wanted.score ? [{ role: "score", column: columns.score, kind: "number", required: true } as const] : []),
        ...(wanted.label ? [{ role: "label", column: columns.label, kind: "number", required: true } as const] : []),
      ],
      only: { column: columns.query, values: queries },
    });
    return table === null ? null : rowsOf(table);
  };
  const graded = task !== "retrieval";
  const withLabel = files.labels === null;
  const candidate = await read("the candidate's predictions", files.candidate, { score: true, label: withLabel });
  const baseline = await read("the baseline's predictions", baselineFiles, { score: true, label: withLabel });
  const labels = files.labels === null ? [] : await read("the labels", files.labels, { score: false, label: graded });
  if (candidate === null || baseline === null || labels === null) return null;

  const judged = withLabel ? [...candidate, ...baseline] : labels;
  const known = new Map(judged.flatMap((row) => (graded && row.label === null ? [] : [[keyOf(row), row.label ?? 1] as const])));
  const listsIn = (rows: readonly Row[]): ByQuery =>
    Map.groupBy(
      rows.map((row) => ({ ...row, label: known.get(keyOf(row)) ?? null })),
      ({ query }) => query,
    );
  return { candidate: listsIn(candidate), baseline: listsIn(baseline) };
}

type Row = { readonly query: string; readonly item: string; readonly score: number; readonly label: number | null };

function rowsOf({ rows, texts, numbers }: ReadTable): readonly Row[] {
  return Array.from({ length: rows }, (_, at) => ({
    query: texts["query"]?.[at] ?? "",
    item: texts["item"]?.[at] ?? "",
    score: numbers["score"]?.[at] ?? 0,
    label: numbers["label"]?.[at] ?? null,
  }));
}

type ReadTable = NonNullable<Awaited<ReturnType<EvaluationEngine["readColumns"]>>["table"]>;

function keyOf({ query, item }: Pick<Row, "query" | "item">): string {
  return JSON.stringify([query, item]);
}
