import { z } from "zod";

const text = z.string().catch("");
const entrySchema = z.object({
  jobID: text,
  stage: text,
  step: text,
  stepID: z.array(z.string()).catch([]),
  stepResult: text,
  jobResult: text,
  command: text,
  name: text,
  arg: text,
  content: text,
  kvPairs: z.record(z.string(), z.string()).catch({}),
  raw_output: z.boolean().catch(false),
  msg: text,
});

export interface Annotated {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  readonly title: string;
  readonly file: string;
  readonly line: string;
}

/** What GitHub would show of a run. */
export interface RunLog {
  readonly jobs: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly name: string; readonly result: string }[];
  /** Of all steps, by name; a later one of the same name wins. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly annotations: readonly Annotated[];
  readonly summary: string;
  /** What the steps printed, masked. */
  readonly text: string;
}

/** act's JSON lines, gathered into what GitHub would show. */
export function readLog(stdout: string): RunLog {
  const entries = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => entrySchema.parse(JSON.parse(line)));
  return {
    jobs: Object.fromEntries(entries.filter(({ jobResult }) => jobResult !== "").map(({ jobID, jobResult }) => [jobID, jobResult])),
    steps: entries
      .filter(({ stepResult, stage }) => stepResult !== "" && stage === "Main")
      .map(({ step, stepResult }) => ({ name: step, result: stepResult })),
    outputs: Object.fromEntries(entries.filter(({ command }) => command === "set-output").map(({ name, arg }) => [name, arg])),
    annotations: entries.flatMap(({ command, arg, kvPairs }) => {
      const level = levels.find((known) => known === command);
      const { title = "", file = "", line = "" } = kvPairs;
      return level === undefined ? [] : [{ level, message: arg, title, file, line }];
    }),
    summary: entries
      .filter(({ command }) => command === "summary")
      .map(({ content }) => content)
      .join(""),
    text: entries
      .filter(({ raw_output }) => raw_output)
      .map(({ msg }) => msg)
      .join(""),
  };
}

const levels = ["error", "warning", "notice"] as const;
