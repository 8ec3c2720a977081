import { presetMetrics } from "#domain/gate/propose-gates.ts";
import type { DescribedFile } from "#domain/model/described-file.ts";
import type { ColumnRole } from "#domain/model/guess-columns.ts";
import { repeats } from "#domain/model/guess-task.ts";
import type { ProposedDefinition } from "#domain/model/proposed-definition.ts";
import { Refused } from "./refused.ts";

/** Finds the column of a role in all of some files: `take` asks or refuses where it is not told, `maybe` leaves the role out. */
interface Finding {
  readonly take: (role: ColumnRole, files: readonly DescribedFile[]) => Promise<string>;
  readonly maybe: (role: ColumnRole, files: readonly DescribedFile[]) => string | undefined;
}

interface Files {
  readonly candidate: DescribedFile;
  readonly baseline: DescribedFile;
  readonly labels: DescribedFile | null;
}

type TaskColumns = Pick<ProposedDefinition, "columns" | "metrics">;

/** The columns of tasks that have roles of their own, and what of their preset these columns can measure. */
export async function taskColumns(task: "retrieval" | "bandit" | "judged", finding: Finding, files: Files): Promise<TaskColumns> {
  return { retrieval: ofRetrieval, bandit: ofBandit, judged: ofJudged }[task](finding, files);
}

/** The labels are the exact neighbours, in their order. */
async function ofRetrieval({ take, maybe }: Finding, { candidate, baseline, labels }: Files): Promise<TaskColumns> {
  if (labels === null) throw new Refused("An index is compared with the exact neighbours of each query: name their file with --labels.");
  const arms = [candidate, baseline];
  const score = await take("score", arms);
  const query = await take("query", [...arms, labels]);
  const item = await take("item", [...arms, labels]);
  const order = { rank: maybe("rank", [labels]), distance: maybe("distance", [labels]) };
  return { columns: { query, item, score, ...present(order) }, metrics: presetMetrics("retrieval") };
}

/** Reward and logged probability belong to the log, the version's own probability to its predictions. */
async function ofBandit({ take }: Finding, { candidate, baseline, labels }: Files): Promise<TaskColumns> {
  const arms = [candidate, baseline];
  const log = labels === null ? arms : [labels];
  const propensity = await take("propensity", log);
  const reward = await take("reward", log);
  const score = await take("score", arms);
  const row = await take("item", labels === null ? arms : [...arms, labels]);
  return { columns: { row, reward, propensity, score }, metrics: presetMetrics("bandit") };
}

/** A side-by-side preference where there is one, else a judge's scores: a pass rate where they are pass or fail. */
async function ofJudged({ take, maybe }: Finding, { candidate, baseline }: Files): Promise<TaskColumns> {
  const arms = [candidate, baseline];
  const preference = maybe("preference", [candidate]);
  const score = preference === undefined ? await take("verdict", arms) : undefined;
  const unit = await take("unit", arms);
  const again = repeats(candidate, unit);
  const beside = {
    preference,
    score,
    first: preference === undefined ? undefined : maybe("first", [candidate]),
    repeat: again ? maybe("repeat", arms) : undefined,
    judge: maybe("judge", arms),
    prompt: maybe("prompt", arms),
  };
  const metrics = preference !== undefined ? ["preference"] : passOrFail(arms, score) ? ["pass_rate"] : presetMetrics("judged");
  return { columns: { unit, ...present(beside) }, metrics };
}

function passOrFail(arms: readonly DescribedFile[], score: string | undefined): boolean {
  return arms.every(({ columns }) => {
    const found = columns.find(({ name }) => name === score);
    return found?.type === "boolean" || found?.values?.every((value) => /^(?:pass|fail|true|false|[01](?:\.0)?)$/i.test(value)) === true;
  });
}

function present(columns: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(columns).flatMap(([role, column]) => (column === undefined ? [] : [[role, column]])));
}
