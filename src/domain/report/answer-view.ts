/** The answer to a slash command, as `answer.md` shows it. */
export interface AnswerView {
  /** The line that was typed, so that several answers can be told apart. */
  readonly command: string;
  readonly mark: string;
  /** What happened, or why not: what, why, what to do next, and who can do it. */
  readonly sentence: string;
  readonly table: { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] } | null;
  /** Several things to know, each a sentence. */
  readonly points: readonly string[];
  /** Who can change what was refused. */
  readonly who: string | null;
  /** The line to type next. */
  readonly next: string | null;
}

export interface AnswerTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The columns that hold lines to type: they are shown as code, so that a copy of one is what was meant, to the last character. */
  readonly typed?: readonly string[];
}

/** One of the two. */
interface Cell {
  readonly text: string | null;
  readonly line: string | null;
}

interface Said {
  readonly command: string;
  readonly sentence: string;
  readonly table?: AnswerTable;
  readonly points?: readonly string[];
}

/** Every refusal says who can change it and what to type next. */
export type Answer = Said &
  (
    | { readonly kind: "done" | "told"; readonly who?: undefined; readonly next?: string }
    | { readonly kind: "refused"; readonly who: string; readonly next: string }
  );

const marks = { done: "🚀", refused: "⛔", told: "ℹ️" } as const satisfies Record<Answer["kind"], string>;

export function answerView({ command, kind, sentence, table, points, who, next }: Answer): AnswerView {
  return {
    command,
    mark: marks[kind],
    sentence,
    table: table === undefined ? null : tableView(table),
    points: points ?? [],
    who: who ?? null,
    next: next ?? null,
  };
}

function tableView({ columns, rows, typed = [] }: AnswerTable): AnswerView["table"] {
  const cellOf = (value: string, index: number): Cell =>
    value !== "" && typed.includes(columns[index] ?? "") ? { text: null, line: value } : { text: value, line: null };
  return { columns, rows: rows.map((row) => row.map(cellOf)) };
}
