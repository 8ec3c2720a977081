import { type StatusFacts, statusAnswer } from "#domain/command/status-answer.ts";
import { editedBySomeoneElse, type SlipwayIdentity } from "#domain/environment/authorship.ts";
import { manifestsFolder, statePath } from "#domain/environment/paths.ts";
import { policyIn, statesIn } from "#domain/environment/read-snapshot.ts";
import type { CommitSha, EnvironmentName, ModelName } from "#domain/model/names.ts";
import type { Problem } from "#domain/text/problem.ts";
import type { Clock } from "#ports/clock.ts";
import type { EnvironmentsRepository } from "#ports/environments-repository.ts";
import type { Edit } from "./last-edit.ts";

export interface StatusWorld {
  readonly environments: EnvironmentsRepository;
  readonly clock: Clock;
  readonly identity: SlipwayIdentity;
}

export type StatusOf =
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] }
  | { readonly kind: "read"; readonly head: CommitSha; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** Where each model stands in each environment, by Git alone: the words of `/slipway status`, without what only GitHub and the metrics know. */
export async function statusOf({ environments, clock, identity }: StatusWorld, only?: ModelName): Promise<StatusOf> {
  const snapshot = await environments.snapshot();
  const policy = policyIn(snapshot);
  if (policy.kind === "invalid") return policy;
  const states = statesIn(snapshot).flatMap((state) => (state.kind === "ok" ? [state.value] : []));
  const edits = new Map<string, Edit>();
  for (const { environment, model, release } of states) {
    if (release === null) continue;
    const [newest] = await environments.history({ limit: 1, paths: [manifestsFolder(environment, model), statePath(environment, model)] });
    const by = editedBySomeoneElse(newest, identity);
    if (by !== undefined && newest !== undefined) edits.set(keyOf(environment, model), { by, commit: newest.sha });
  }

  const facts: StatusFacts = {
    models: only === undefined ? [...new Set(states.map(({ model }) => model))].toSorted() : [only],
    snapshot,
    policy: policy.value,
    standingOf: (environment, model) => ({ edit: edits.get(keyOf(environment, model)), proposal: undefined }),
    now: clock.now(),
  };
  const { table } = statusAnswer("", facts);
  return { kind: "read", head: snapshot.head, columns: table?.columns ?? [], rows: table?.rows ?? [] };
}

function keyOf(environment: EnvironmentName, model: ModelName): string {
  return `${environment}/${model}`;
}
