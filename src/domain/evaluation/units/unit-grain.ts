import { rowKey } from "#domain/evaluation/rows/row-columns.ts";
import type { EvaluationDefinition } from "#domain/model/model-definition.ts";
import type { SliceDefinition } from "#domain/model/slice-definition.ts";
import { isListTask } from "#domain/model/task.ts";

/** Which rows of the files make one unit. */
export type UnitGrain = {
  /** The columns whose values name a unit. */
  readonly group: readonly string[];
  readonly rows: /** Predictions, joined with the labels by these columns; of lists also with each row's rank. Labelled units count. */
    | { readonly kind: "predictions"; readonly key: readonly string[]; readonly ranked: boolean }
    /** A file of scores, which may lack the optional columns. Units that an arm scores count. */
    | { readonly kind: "scores" };
  /** What tells rows of one unit apart, from the outermost: they are averaged first, the innermost before all. */
  readonly repeats: readonly OptionalColumn[];
  /** What must be the same in both arms. */
  readonly judges: readonly OptionalColumn[];
  /** Slices are of rows, and may divide a unit's: those that do are left out, and named in the answer. */
  readonly rowsAreSliced?: boolean;
  /** Rows of a unit that lie in different slices of this definition are told apart, as if they were of different units. */
  readonly within?: SliceDefinition;
};

export type OptionalColumn = { readonly role: string; readonly column: string; readonly required: boolean };

type Described = Pick<EvaluationDefinition, "task" | "columns">;

/** The columns that name what was asked once: a query, a judged unit, a row. */
export function answeredBy({ task, columns }: Described): readonly string[] {
  if (isListTask(task)) return [columns.query];
  return task === "judged" ? [columns.unit ?? "unit"] : rowKey(columns);
}

/** The rows that a model's own metrics are computed over: of a query, of a unit, or one each. */
export function unitGrain({ task, columns }: Described): UnitGrain {
  const { query, item, unit, repeat, first, judge, prompt } = columns;
  const named = (role: string, column: string | undefined): readonly OptionalColumn[] =>
    column === undefined ? [] : [{ role, column, required: true }];
  if (task === "judged") {
    return {
      group: answeredBy({ task, columns }),
      rows: { kind: "scores" },
      repeats: [...named("first", first), ...named("repeat", repeat)],
      judges: [...named("judge", judge), ...named("prompt", prompt)],
    };
  }
  const ranked = isListTask(task);
  const key = ranked ? [query, item] : rowKey(columns);
  const group = ranked ? [query] : unit === undefined ? key : [unit];
  return {
    group,
    rows: { kind: "predictions", key, ranked },
    repeats: [],
    judges: [],
    ...(hasRowsInUnits({ task, columns }) && { rowsAreSliced: true }),
  };
}

/** Whether a unit has several rows that are predicted and sliced each on its own. */
function hasRowsInUnits({ task, columns: { unit } }: Described): boolean {
  return !isListTask(task) && task !== "judged" && unit !== undefined;
}

/** The rows of a file of scores: one a unit of the evaluation, or several that `repeat` tells apart. */
export function scoreFileGrain({ task, columns }: Described): UnitGrain {
  const { unit } = columns;
  const group = [unit ?? answeredBy({ task, columns }).join(", ")];
  const optional = (role: string): OptionalColumn => ({ role, column: role, required: false });
  return {
    group,
    rows: { kind: "scores" },
    repeats: [optional("repeat")],
    judges: [optional("judge"), optional("prompt")],
    ...(hasRowsInUnits({ task, columns }) && { rowsAreSliced: true }),
  };
}
