import { describe, stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { Answer } from "#domain/report/answer-view.ts";
import type { ReleaseStanding } from "./release-request.ts";
import { type Blocker, blockersOf } from "./status-blockers.ts";

/** What Git and GitHub show beside the state of a model in an environment. */
export interface SeenBeside extends Pick<ReleaseStanding, "edit" | "proposal"> {
  /** What Slipway waits for, where a release is on its way. */
  readonly waits?: string | undefined;
  /** What keeps the version that the pull request proposes out of there. */
  readonly proposed?: readonly Blocker[] | undefined;
}
export type StandingOf = (environment: EnvironmentName, model: ModelName) => SeenBeside;

export interface StatusFacts {
  readonly models: readonly ModelName[];
  readonly snapshot: EnvironmentsSnapshot;
  readonly policy: Policy;
  readonly standingOf: StandingOf;
  readonly now: Instant;
}

const columns = ["model", "environment", "live", "on its way", "blocked by", "who can unblock", "next line"];

/** What is said to `/slipway status`: per environment what is live, what is on its way, what blocks it, who can unblock, and the line to type. */
export function statusAnswer(line: string, facts: StatusFacts): Answer {
  const { models, policy } = facts;
  if (models.length === 0)
    return {
      command: line,
      kind: "told",
      sentence: "This pull request changes no model; name one with --model.",
      next: "/slipway status --model <name>",
    };
  const rows = models.flatMap((model) => policy.environments.map(({ name }) => [model, name, ...cells(facts, model, name)]));
  return { command: line, kind: "told", sentence: "This is what Git says now.", table: { columns, rows, typed: ["next line"] } };
}

function cells({ snapshot, policy, standingOf, now }: StatusFacts, model: ModelName, environment: EnvironmentName): readonly string[] {
  const state = stateIn(snapshot, environment, model);
  if (state === undefined) return ["nothing", "nothing", "never adopted", "a platform engineer", `slipway adopt ${environment}`];
  if (state.kind === "invalid") return ["unreadable", "unreadable", describe(state.problems), "a platform engineer", ""];
  const beside = standingOf(environment, model);
  const blockers = [...blockersOf(state.value, { ...beside, snapshot, policy, now }), ...(beside.proposed ?? [])];
  const what = blockers.length === 0 ? "nothing" : listed(blockers.map((blocker) => blocker.what));
  const who = new Set(blockers.map((blocker) => blocker.who)).size < 2 ? blockers.slice(0, 1) : blockers;
  return [
    state.value.live.version,
    onItsWay(state.value, beside.waits),
    what,
    listed(who.map((blocker) => blocker.who)),
    blockers.find(({ next }) => next !== "")?.next ?? "",
  ];
}

/** Several are numbered, so that what blocks and who unblocks it stay together. */
function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : items.map((item, index) => `${index + 1}. ${item}`).join("; ");
}

function onItsWay({ release }: EnvironmentState, waits: string | undefined): string {
  if (release === null) return "nothing";
  const { candidate, step, weight, weightSetAt, liveSince, pullRequest, phase } = release;
  const since = liveSince === null ? `set at ${weightSetAt}, not seen live yet` : `live since ${liveSince}`;
  const where =
    phase === "stopping" ? `${weight} %, being rolled back since ${release.stoppedAt}` : `step ${step + 1} at ${weight} %, ${since}`;
  return `${candidate.version}: ${where} (pull request #${pullRequest.number})${waits === undefined ? "" : `; ${waits}`}`;
}
