import { freezeInForce } from "#domain/environment/freeze-in-force.ts";
import { describe, holdsIn, stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import type { ModelName } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { whoHas } from "#domain/policy/roles.ts";
import type { Answer } from "#domain/report/answer-view.ts";

/** What is said to `/slipway status`: per environment what is live, what is on its way, what stands in the way, and who can clear it. */
export function statusAnswer(
  line: string,
  models: readonly ModelName[],
  snapshot: EnvironmentsSnapshot,
  policy: Policy,
  now: Instant,
): Answer {
  if (models.length === 0) return { command: line, kind: "told", sentence: "This pull request changes no model; name one with --model." };
  const rows = models.flatMap((model) =>
    policy.environments.map(({ name }) => {
      const state = stateIn(snapshot, name, model);
      if (state === undefined) return [model, name, "nothing", "nothing", "never adopted", "slipway adopt"];
      if (state.kind === "invalid") return [model, name, "unreadable", "unreadable", describe(state.problems), "a platform engineer"];
      const [blocked, by] = inTheWay(state.value, snapshot, policy, now);
      return [model, name, state.value.live.version, onItsWay(state.value), blocked, by];
    }),
  );
  const columns = ["model", "environment", "live", "on its way", "in the way", "who can clear it"];
  return { command: line, kind: "told", sentence: "This is what Git says now.", table: { columns, rows } };
}

function onItsWay({ release }: EnvironmentState): string {
  if (release === null) return "nothing";
  const where = `${release.candidate.version} at ${release.weight} % (pull request #${release.pullRequest.number})`;
  return release.phase === "progressing" ? where : `${where}, ${release.phase}: ${release.reason}`;
}

function inTheWay(state: EnvironmentState, snapshot: EnvironmentsSnapshot, policy: Policy, now: Instant): readonly [string, string] {
  const freeze = freezeInForce(snapshot, policy, state.environment, now);
  if (freeze !== null) return [`freeze ${freeze.name} until ${freeze.until}`, "nobody before it ends"];
  const holds = holdsIn(snapshot, state.environment, state.model);
  if (holds.length === 0) return ["nothing", ""];
  const versions = holds.map(({ version }) => version).join(", ");
  return [`${versions} ${holds.length === 1 ? "is" : "are"} held`, whoHas("holder", policy) ?? "a platform engineer"];
}
