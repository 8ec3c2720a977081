import { printDeploy } from "#domain/command/deploy.ts";
import { shaPrefixSchema } from "#domain/command/sha-prefix.ts";
import { printTrigger, type Trigger } from "#domain/command/trigger.ts";
import { holdPath, policyPath } from "#domain/environment/paths.ts";
import { holdOn, policyIn, stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import { addMilliseconds, type Instant, millisecondsBetween } from "#domain/model/time.ts";
import { environmentRules } from "#domain/policy/environments.ts";
import { modelRules } from "#domain/policy/model-rules.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { answerView } from "#domain/report/answer-view.ts";
import { changedModels, definitionPath } from "#domain/report/changed-models.ts";
import { definitionsOf } from "#domain/report/judge-pull-request.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import type { MergedPullRequest } from "#ports/merges.ts";
import { answerDeploy } from "./answer-deploy.ts";
import { templateOverrides } from "./release-change.ts";
import type { ModelWorld, World } from "./world.ts";

/** A merge waits this long for what stands in its way: a release that is open, a freeze, the environment before. */
const lookBack = 7 * 24 * 3_600_000;

/** How many changes of the policy are looked through for the one that held when something was merged. */
const policyChanges = 50;

/**
 * Starts what merges ask for, where the policy says `onMerge`: of each model the newest merge alone, and that at most once, ever. It looks at
 * what GitHub lists as merged, so a lost webhook costs a delay; what may not start yet is looked at again at each resync.
 */
export async function releaseMerged(world: World, models: ModelWorld): Promise<void> {
  const snapshot = await world.environments.snapshot();
  const policy = policyIn(snapshot);
  if (policy.kind === "invalid") return;
  const environments = policy.value.environments.filter(({ onMerge }) => onMerge).map(({ name }) => name);
  if (environments.length === 0) return;
  const { id, name } = await models.repository.about();
  const merged = await models.merges.since(addMilliseconds(world.clock.now(), -lookBack));
  for (const model of new Set(merged.flatMap(({ changed }) => changedModels(changed)))) {
    const rules = modelRules(policy.value, model);
    if (rules?.id !== id || rules.repository !== name) continue;
    const newest = merged.find(({ base, changed }) => rules.bases.includes(base) && changed.includes(definitionPath(model)));
    if (newest === undefined) continue;
    for (const environment of environments) await releaseMerge(world, models, { snapshot, merge: newest, environment, model });
  }
}

interface Merge {
  readonly snapshot: EnvironmentsSnapshot;
  readonly merge: MergedPullRequest;
  readonly environment: EnvironmentName;
  readonly model: ModelName;
}

async function releaseMerge(world: World, models: ModelWorld, { snapshot, merge, environment, model }: Merge): Promise<void> {
  const pull = await models.repository.pullRequest(merge.number);
  if (pull === undefined) return;
  const trigger: Trigger = { kind: "merge", commit: merge.commit, environment, model };
  const place = { pullRequest: merge.number, id: printTrigger(trigger) };
  const [executed] = await world.environments.history({ limit: 1, trailer: "Slipway-Command", value: printTrigger(trigger) });
  if (executed === undefined && !(await mayStart(world, models, { snapshot, merge, environment, model }))) return;
  if (executed !== undefined && (await models.conversation.answered(place))) return;

  const command = { kind: "deploy", environment, sha: shaPrefixSchema.parse(pull.head), model } as const;
  const answer = await answerDeploy(world, models, {
    trigger,
    current: async () => ({ author: merge.by, byBot: false, createdAt: merge.at, updatedAt: merge.at }),
    pull,
    line: `${merge.by} merged #${merge.number}: ${model} to ${environment}`,
    typed: printDeploy(command),
    command,
  });

  // What stands in the way is told once, however often it is looked at.
  if (answer.kind === "refused" && (await models.conversation.answered(place))) return;
  const overrides = templateOverrides(await world.environments.snapshot());
  await models.conversation.answer(place, world.templates.render("answer.md", answerView(answer), overrides));
}

/** A merge is a trigger if the policy of its day said so. What is there already needs none, and a hold that was lifted starts nothing (invariant 8). */
async function mayStart(world: World, models: ModelWorld, { snapshot, merge, environment, model }: Merge): Promise<boolean> {
  const text = await models.repository.file(merge.commit, definitionPath(model));
  const merged = definitionsOf({ model, headText: text, trustedText: text });
  if (merged.kind !== "read") return false;
  const { digest } = merged.head.artifact;
  const state = stateIn(snapshot, environment, model);
  const there = state?.kind === "ok" ? [state.value.live, state.value.release?.candidate] : [];
  if (there.some((version) => version?.digest === digest)) return false;
  if (holdOn(snapshot, environment, model, digest) === undefined) {
    const [held] = await world.environments.history({ limit: 1, paths: [holdPath(environment, model, digest)] });
    if (held !== undefined) return false;
  }
  return saidOnMerge(world, merge.at, environment);
}

async function saidOnMerge({ environments }: World, at: Instant, environment: EnvironmentName): Promise<boolean> {
  const changes = await environments.history({ limit: policyChanges, paths: [policyPath] });
  const then = changes.find((change) => millisecondsBetween(change.at, at) >= 0);
  const text = then && (await environments.read(then.sha, policyPath));
  const policy = text === undefined ? undefined : parseWithSchema(policySchema, text, policyPath);
  return policy?.kind === "ok" && environmentRules(policy.value, environment)?.onMerge === true;
}
