import { type StatusFacts, statusAnswer } from "#domain/command/status-answer.ts";
import type { SlipwayIdentity } from "#domain/environment/authorship.ts";
import { stateFolder } from "#domain/environment/paths.ts";
import { policyIn, statesIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { type CommitSha, type EnvironmentName, type ModelName, modelNameSchema } from "#domain/model/names.ts";
import type { Problem } from "#domain/text/problem.ts";
import type { Clock } from "#ports/clock.ts";
import type { EnvironmentsRepository } from "#ports/environments-repository.ts";
import { type Edit, newestEdit } from "./last-edit.ts";

export interface StatusWorld {
  readonly environments: EnvironmentsRepository;
  readonly clock: Clock;
  readonly identity: SlipwayIdentity;
}

export type StatusOf =
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] }
  | { readonly kind: "read"; readonly head: CommitSha; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** Where each model stands in each environment, by Git alone: the words of `/slipway status`, without what only GitHub and the metrics know. */
export async function statusOf(world: StatusWorld, only?: ModelName): Promise<StatusOf> {
  const snapshot = await world.environments.snapshot();
  const policy = policyIn(snapshot);
  if (policy.kind === "invalid") return policy;
  const states = statesIn(snapshot).flatMap((state) => (state.kind === "ok" ? [state.value] : []));
  const edits = new Map<string, Edit>();
  for (const { environment, model, release } of states) {
    if (release === null) continue;
    const edit = await newestEdit(world, { environment, model });
    if (edit !== undefined) edits.set(keyOf(environment, model), edit);
  }

  const facts: StatusFacts = {
    models: only === undefined ? modelsWithState(snapshot) : [only],
    snapshot,
    policy: policy.value,
    standingOf: (environment, model) => ({ edit: edits.get(keyOf(environment, model)), proposal: undefined }),
    now: world.clock.now(),
  };
  const { table } = statusAnswer("", facts);
  return { kind: "read", head: snapshot.head, columns: table?.columns ?? [], rows: table?.rows ?? [] };
}

/** By the names of the files: a state that cannot be read is said to be that, and not left out. */
function modelsWithState({ texts }: EnvironmentsSnapshot): readonly ModelName[] {
  const names = [...texts.keys()].filter((path) => path.startsWith(stateFolder)).map((path) => /([^/]+)\.yaml$/.exec(path)?.[1]);
  return [...new Set(names.flatMap((name) => modelNameSchema.safeParse(name).data ?? []))].toSorted();
}

function keyOf(environment: EnvironmentName, model: ModelName): string {
  return `${environment}/${model}`;
}
