import { freezeInForce, freezeOn } from "#domain/environment/freeze-in-force.ts";
import { freezesFolder } from "#domain/environment/paths.ts";
import { describe, holdsIn, lockIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState, OpenRelease } from "#domain/environment/state.ts";
import { short } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import { environmentRules } from "#domain/policy/environments.ts";
import { whoMay } from "#domain/policy/permission.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { whoHas } from "#domain/policy/roles.ts";
import { commandNamed } from "./registry.ts";
import type { ReleaseStanding } from "./release-request.ts";

/** One thing that keeps a release from growing or from starting. */
export interface Blocker {
  readonly what: string;
  /** Who can unblock it, as a sentence says it. */
  readonly who: string;
  /** What they type; empty where it is no command. */
  readonly next: string;
}

export interface BlockingFacts extends Pick<ReleaseStanding, "edit" | "proposal"> {
  readonly snapshot: EnvironmentsSnapshot;
  readonly policy: Policy;
  readonly now: Instant;
}

/** All that blocks a model in an environment, the one to clear first being first. */
export function blockersOf(state: EnvironmentState, facts: BlockingFacts): readonly Blocker[] {
  return [...edited(state, facts), ...phaseOf(state, facts), ...locked(state, facts), ...frozen(state, facts), ...held(state, facts)];
}

function edited(state: EnvironmentState, facts: BlockingFacts): readonly Blocker[] {
  const { edit } = facts;
  if (edit === undefined) return [];
  const next = state.release === null ? "" : line(state, "resume", ` @${short(edit.commit)}`);
  return [{ what: `edited by ${edit.by}`, who: by(facts, state, "resume"), next }];
}

function phaseOf(state: EnvironmentState, facts: BlockingFacts): readonly Blocker[] {
  const { release } = state;
  if (release?.phase === "paused") return [paused(state, facts, release)];
  if (release?.phase !== "stopping") return [];
  const { proposal } = facts;
  if (proposal?.state === "closed")
    return [
      {
        what: `rollback pull request #${proposal.number} was closed unmerged`,
        who: by(facts, state, "retry"),
        next: line(state, "retry"),
      },
    ];
  if (proposal?.state !== "open")
    return [{ what: `rolling back: ${release.reason}`, who: by(facts, state, "abort"), next: line(state, "abort") }];
  const merges = environmentRules(facts.policy, state.environment)?.rollback === "merge";
  const who = merges ? "Slipway, by itself" : "who may merge in the environments repository";
  return [{ what: `rollback pull request #${proposal.number} waits to be merged`, who, next: "" }];
}

function paused(state: EnvironmentState, facts: BlockingFacts, release: Extract<OpenRelease, { phase: "paused" }>): Blocker {
  return { what: `paused: ${release.reason}`, who: by(facts, state, "resume"), next: line(state, "resume") };
}

function locked(state: EnvironmentState, facts: BlockingFacts): readonly Blocker[] {
  const lock = lockIn(facts.snapshot, state.environment, state.model);
  if (lock === undefined) return [];
  if (lock.kind === "invalid")
    return [{ what: `a lock that cannot be read: ${describe(lock.problems)}`, who: "a platform engineer", next: "" }];
  const why = lock.value.reason === undefined ? "" : `: ${lock.value.reason}`;
  return [
    { what: `locked by ${lock.value.by} since ${lock.value.at}${why}`, who: by(facts, state, "unlock"), next: line(state, "unlock") },
  ];
}

function frozen(state: EnvironmentState, facts: BlockingFacts): readonly Blocker[] {
  const { snapshot, policy, now } = facts;
  const { environment, model, release } = state;
  const freeze =
    release === null
      ? freezeInForce(snapshot, policy, environment, now)
      : freezeOn(snapshot, policy, environment, now, { model, digest: release.candidate.digest });
  if (freeze === null) return [];
  const what = `freeze ${freeze.name} until ${freeze.until}`;
  if (!snapshot.texts.has(`${freezesFolder}${freeze.name}.yaml`)) {
    const lead = freeze.overriddenBy === null ? null : whoHas(freeze.overriddenBy, policy);
    if (lead === null) return [{ what, who: "nobody before it ends", next: "" }];
    return [{ what, who: `${lead}, for one version`, next: `/slipway override ${freeze.name} <reason> --env ${environment}` }];
  }
  return [{ what, who: by(facts, state, "unfreeze"), next: `/slipway unfreeze ${freeze.name}` }];
}

function held(state: EnvironmentState, facts: BlockingFacts): readonly Blocker[] {
  const { readable, unreadable } = holdsIn(facts.snapshot, state.environment, state.model);
  return [
    ...readable.map(({ version, digest, reason }) => ({
      what: `${version} is held: ${reason}`,
      who: by(facts, state, "unhold"),
      next: line(state, "unhold", ` ${short(digest)} <reason>`),
    })),
    ...unreadable.map((path) => ({ what: `a hold that cannot be read: ${path}`, who: "a platform engineer", next: "" })),
  ];
}

/** Who may use a command there, by the policy. */
function by({ policy }: BlockingFacts, { environment }: EnvironmentState, command: string): string {
  return whoMay(policy, { command, environment, role: commandNamed(command)?.role ?? "deployer" }) ?? "a platform engineer";
}

function line({ environment, model }: EnvironmentState, verb: string, rest = ""): string {
  return `/slipway ${verb} ${environment}${rest} --model ${model}`;
}
