/** One thing that is wrong with a file that a person wrote, and where; line and column count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Keys and list indexes from the root of the file to the value; empty for the whole file. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** `models/search-ranker/model.yaml:7:3 unknown key "predictons"; did you mean "predictions"?`: terminals and editors link it. */
export function printProblem(problem: Problem): string {
  return `${problem.file}:${problem.line}:${problem.column} ${problem.message}`;
}

/** `gates[0].metric`, the way people say it. */
export function printPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((printed, step) => {
    if (typeof step === "number") return `${printed}[${step}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(step)) return `${printed}[${JSON.stringify(step)}]`;
    return printed === "" ? step : `${printed}.${step}`;
  }, "");
}
