import { type Adoption, adoption } from "#domain/environment/adoption.ts";
import type { Change } from "#domain/environment/change.ts";
import { manifestsFolder } from "#domain/environment/paths.ts";
import { describe, policyIn, stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { type EnvironmentState, printState, statePathOf } from "#domain/environment/state.ts";
import type { CommitSha, EnvironmentName, Login, ModelName, VersionRef } from "#domain/model/names.ts";
import { modelNameSchema } from "#domain/model/names.ts";
import { environmentOrder, environmentRules } from "#domain/policy/environments.ts";
import type { Clock } from "#ports/clock.ts";
import type { EnvironmentsRepository } from "#ports/environments-repository.ts";
import { type Attempt, compareAndSwap } from "./compare-and-swap.ts";
import { manifestDocuments } from "./manifest-documents.ts";

export interface AdoptionRequest {
  readonly environment: EnvironmentName;
  /** undefined: every model that has manifests there. */
  readonly model: ModelName | undefined;
  /** The version that a person named, for manifests that do not say it. */
  readonly version: VersionRef | undefined;
  /** Who asks. */
  readonly login: Login;
}

export type AdoptionAnswer =
  | { readonly kind: "answered"; readonly commit: CommitSha | null; readonly models: readonly AdoptedModel[] }
  | { readonly kind: "refused"; readonly reason: string };

export interface AdoptedModel {
  readonly model: ModelName;
  readonly outcome: Adoption;
}

/** Records what already serves an environment as live and verified: all that can be, in one commit. Safe to run twice. */
export async function adoptModels(
  world: { readonly environments: EnvironmentsRepository; readonly clock: Clock },
  request: AdoptionRequest,
): Promise<AdoptionAnswer> {
  return compareAndSwap(async (): Promise<Attempt<AdoptionAnswer>> => {
    const { environment } = request;
    const snapshot = await world.environments.snapshot();
    const policy = policyIn(snapshot);
    if (policy.kind === "invalid") return refused(`the policy cannot be read: ${describe(policy.problems)}`);
    if (environmentRules(policy.value, environment) === undefined) {
      return refused(`the policy names no environment ${environment}; it has ${environmentOrder(policy.value).join(", ")}`);
    }
    const names = modelsIn(snapshot, environment).filter((model) => request.model === undefined || request.model === model);
    if (names.length === 0) return refused(`there are no manifests in environments/${environment}/${request.model ?? "<model>"}/`);
    const served = await Promise.all(
      names.map(async (model) => {
        const files = filesOf(snapshot, environment, model);
        const documents = await manifestDocuments(world.environments, snapshot.head, [...files.keys()]);
        return { environment, model, state: stateIn(snapshot, environment, model), files, documents, named: request.version };
      }),
    );

    const now = world.clock.now();
    const models = served.map((each): AdoptedModel => ({ model: each.model, outcome: adoption(each, policy.value, now) }));
    const states = models.flatMap(({ outcome }) => (outcome.kind === "adopt" ? [outcome.state] : []));

    if (states.length === 0) return { kind: "nothing-to-write", answer: { kind: "answered", commit: null, models } };
    return {
      kind: "wrote",
      outcome: await world.environments.commit(adoptionChange(snapshot, request, states)),
      answer: (commit) => ({ kind: "answered", commit, models }),
      refused: (message) => ({ kind: "refused", reason: `the push was refused: ${message}` }),
    };
  });
}

function adoptionChange(
  snapshot: EnvironmentsSnapshot,
  { environment, login }: AdoptionRequest,
  states: readonly EnvironmentState[],
): Change {
  const [only, ...more] = states;
  const what = more.length === 0 && only !== undefined ? `${only.model} ${only.live.version}` : `${states.length} models`;
  return {
    base: snapshot.head,
    subject: `Adopt ${what} in ${environment}`,
    trailers: { command: `adopt ${environment} by ${login}`, policy: snapshot.head },
    writes: states.map((state) => ({ kind: "text", path: statePathOf(state), text: printState(state) })),
  };
}

/** Every folder of the environment that has the name of a model; the others are not ours to judge. */
function modelsIn(snapshot: EnvironmentsSnapshot, environment: EnvironmentName): readonly ModelName[] {
  const names = [...snapshot.entries.keys()].flatMap((path) => {
    const [root, inside, folder, file] = path.split("/");
    const name = modelNameSchema.safeParse(folder);
    return root === "environments" && inside === environment && file !== undefined && name.success ? [name.data] : [];
  });
  return [...new Set(names)].toSorted();
}

function filesOf(snapshot: EnvironmentsSnapshot, environment: EnvironmentName, model: ModelName): EnvironmentsSnapshot["entries"] {
  const folder = manifestsFolder(environment, model);
  return new Map([...snapshot.entries].filter(([path]) => path.startsWith(folder)));
}

function refused(reason: string): Attempt<AdoptionAnswer> {
  return { kind: "nothing-to-write", answer: { kind: "refused", reason } };
}
