import { policyIn } from "#domain/environment/read-snapshot.ts";
import { type ModelName, modelNameSchema } from "#domain/model/names.ts";
import { referenceEnvironment } from "#domain/policy/environments.ts";
import { modelRules } from "#domain/policy/model-rules.ts";
import type { LiveAnswer } from "#domain/report/live-answer.ts";
import { liveIn } from "./read-head.ts";
import type { World } from "./world.ts";

/** Tells the Action what is live in the reference environment and which floors policy sets, so that its report can hold their statistics. */
export async function answerLive(world: World, repositoryId: number, asked: readonly string[]): Promise<LiveAnswer | undefined> {
  const snapshot = await world.environments.snapshot();
  const policy = policyIn(snapshot);
  if (policy.kind === "invalid") return undefined;
  const { floors } = policy.value;
  const environment = referenceEnvironment(policy.value).name;
  const released = (model: ModelName): boolean => modelRules(policy.value, model)?.id === repositoryId;
  const names = asked.flatMap((name) => modelNameSchema.safeParse(name).data ?? []).filter(released);
  return {
    schema: "slipway/live/v1",
    commit: snapshot.head,
    models: Object.fromEntries(
      names.flatMap((model) => {
        const live = liveIn(snapshot, policy.value, model);
        return live === undefined ? [] : [[model, live && { environment, ...live }]];
      }),
    ),
    floors,
  };
}
