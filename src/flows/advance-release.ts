import { freezeOn } from "#domain/environment/freeze-in-force.ts";
import { releasePath } from "#domain/environment/paths.ts";
import { describe, holdOn, policyIn, stateIn, statesIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState, OpenRelease } from "#domain/environment/state.ts";
import type { EnvironmentName, ModelName, VersionRef } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import { greatestWeight } from "#domain/policy/exposure-budget.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { type Decision, decide, type Observations, type Restraints } from "#domain/rollout/decide.ts";
import { moveFor } from "#domain/rollout/moves.ts";
import { parseRelease, type ReleaseRecord } from "#domain/rollout/release.ts";
import type { Advance } from "./advance.ts";
import { compareAndSwap } from "./compare-and-swap.ts";
import { lastEdit } from "./last-edit.ts";
import { measureRelease } from "./measure-release.ts";
import { releaseChange } from "./release-change.ts";
import { rollBack } from "./roll-back.ts";
import type { World } from "./world.ts";

/** Looks at one release and moves it at most one step. Safe to run twice, and from several replicas at once. */
export async function advanceRelease(world: World, environment: EnvironmentName, model: ModelName): Promise<Advance> {
  return compareAndSwap(async () => {
    const gathered = await gather(world, environment, model);
    if (gathered.kind === "answer") return { kind: "nothing-to-write", answer: gathered.answer };
    const { snapshot, state, open, record, policy, observations, restraints, now } = gathered;

    const held = (version: VersionRef): boolean => holdOn(snapshot, environment, model, version.digest) !== undefined;

    const decision = decide({ environment, plan: record.plan, open }, observations, restraints, now);

    if (decision.kind === "wait")
      return { kind: "nothing-to-write", answer: { kind: "wait", message: decision.message, wakeAt: decision.wakeAt } };
    if (decision.kind === "roll-back")
      return { kind: "nothing-to-write", answer: await rollBack(world, { snapshot, state, open, record, policy, held, now }) };
    const move = moveFor(decision, { state, open, record, held }, now);
    const change = releaseChange(move, { snapshot, templates: world.templates, trailers: {} });
    return {
      kind: "wrote",
      outcome: await world.environments.commit(change),
      answer: () => ({ kind: decision.kind, message: move.subject, wakeAt: now }),
      refused: (message) => ({ kind: "refused", message, wakeAt: null }),
    };
  });
}

/** What Slipway would decide of an open release now, without doing it; undefined where none is open or it cannot be read. */
export async function decisionOn(world: World, environment: EnvironmentName, model: ModelName): Promise<Decision | undefined> {
  const gathered = await gather(world, environment, model);
  if (gathered.kind === "answer") return undefined;
  const { open, record, observations, restraints, now } = gathered;
  return decide({ environment, plan: record.plan, open }, observations, restraints, now);
}

type Gathered =
  | { readonly kind: "answer"; readonly answer: Advance }
  | {
      readonly kind: "release";
      readonly snapshot: EnvironmentsSnapshot;
      readonly state: EnvironmentState;
      readonly open: OpenRelease;
      readonly record: ReleaseRecord;
      readonly policy: Policy | undefined;
      readonly observations: Observations;
      readonly restraints: Restraints;
      readonly now: Instant;
    };

async function gather(world: World, environment: EnvironmentName, model: ModelName): Promise<Gathered> {
  const snapshot = await world.environments.snapshot();
  const state = stateIn(snapshot, environment, model);
  if (state === undefined) return answer("no-release", `${model} was never live in ${environment}`);
  if (state.kind === "invalid") return answer("unreadable", describe(state.problems));
  const open = state.value.release;
  if (open === null) return answer("no-release", `no release of ${model} is open in ${environment}`);

  const path = releasePath(environment, model, open.id);
  const text = await world.environments.read(snapshot.head, path);
  if (text === undefined) return answer("unreadable", `${path} is missing`);
  const record = parseRelease(text, path);
  if (record.kind === "invalid") return answer("unreadable", describe(record.problems));
  const policy = policyIn(snapshot);

  const exposure = await world.cluster.observe(model, environment, record.value.namespace, record.value.plan.rollout.target);
  const now = world.clock.now();
  return {
    kind: "release",
    snapshot,
    state: state.value,
    open,
    record: record.value,
    policy: policy.kind === "ok" ? policy.value : undefined,
    observations: { exposure, ...(await measureRelease(world, { environment, model, open, plan: record.value.plan }, now)) },
    restraints: {
      editedBy: (await lastEdit(world, snapshot, state.value))?.by,
      heldBecause: holdOn(snapshot, environment, model, open.candidate.digest)?.reason,
      frozenBy:
        policy.kind === "ok"
          ? freezeOn(snapshot, policy.value, environment, now, { model, digest: open.candidate.digest })?.name
          : undefined,
      greatestWeight: policy.kind === "ok" ? greatestWeight(policy.value, statesIn(snapshot), environment, model) : 0,
      unreadable: policy.kind === "invalid" ? `the policy cannot be read: ${describe(policy.problems)}` : undefined,
    },
    now,
  };
}

function answer(kind: Advance["kind"], message: string): Gathered {
  return { kind: "answer", answer: { kind, message, wakeAt: null } };
}
