import type { Change } from "#domain/environment/change.ts";
import { removalBranch, rollbackBranch } from "#domain/environment/paths.ts";
import { describe, incidentIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState, OpenRelease } from "#domain/environment/state.ts";
import type { Incident } from "#domain/incident/incident.ts";
import { declinedView, incidentView } from "#domain/incident/incident-view.ts";
import { rollbackView } from "#domain/incident/rollback-view.ts";
import type { VersionRef } from "#domain/model/names.ts";
import { addMilliseconds, type Instant } from "#domain/model/time.ts";
import { environmentRules } from "#domain/policy/environments.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { decideRollback, type RollbackStep } from "#domain/rollout/decide-rollback.ts";
import { rollbackTarget, rolledBackMove, standingVersion } from "#domain/rollout/moves.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { Proposal } from "#ports/proposals.ts";
import type { Advance } from "./advance.ts";
import { proposeRemoval, trafficFileIn } from "./propose-removal.ts";
import { releaseChange, templateOverrides } from "./release-change.ts";
import { ownedFiles, restoringWrites } from "./restoring-writes.ts";
import type { World } from "./world.ts";

/** A release whose weight is back and whose digest is held, as the snapshot shows it. */
export interface StoppedRelease {
  readonly snapshot: EnvironmentsSnapshot;
  readonly state: EnvironmentState;
  readonly open: OpenRelease;
  readonly record: ReleaseRecord;
  /** undefined while it cannot be read: then a person merges. */
  readonly policy: Policy | undefined;
  readonly held: (version: VersionRef) => boolean;
  readonly now: Instant;
}

/**
 * The second write of a breach: the pull request that restores the last verified version's files, and the incident. Takes one step, the
 * first that is missing; running it again takes the next.
 */
export async function rollBack(world: World, stopped: StoppedRelease): Promise<Advance> {
  const { snapshot, state, open, record, policy, held } = stopped;
  const recorded = incidentIn(snapshot, record.id);
  if (recorded === undefined) return wait("the incident of this release is not recorded", null);
  if (recorded.kind === "invalid") return wait(describe(recorded.problems), null);
  const incident = recorded.value;
  const branch = rollbackBranch(record.id, open.phase === "stopping" ? open.attempt : undefined);
  const [proposal, issue] = await Promise.all([world.proposals.find(branch), world.incidents.find(record.id)]);
  const target = rollbackTarget(state, record.candidate, held);
  const removal =
    target === undefined && proposal === undefined
      ? await world.proposals.find(removalBranch(record.environment, record.model, state.live.digest))
      : undefined;

  const step = decideRollback({
    target,
    proposal,
    issue,
    removal,
    hasRoute: trafficFileIn(snapshot, record) !== undefined,
    merges: policy !== undefined && environmentRules(policy, record.environment)?.rollback === "merge",
  });

  return take(world, stopped, step, { incident, branch, proposal, issue, files: target?.files ?? {} });
}

interface Rollback {
  readonly incident: Incident;
  readonly branch: string;
  readonly proposal: Proposal | undefined;
  readonly issue: number | undefined;
  readonly files: NonNullable<ReturnType<typeof rollbackTarget>>["files"];
}

async function take(world: World, stopped: StoppedRelease, step: RollbackStep, rollback: Rollback): Promise<Advance> {
  const { snapshot, record, now } = stopped;
  const overrides = templateOverrides(snapshot);
  switch (step.kind) {
    case "wait":
      if (step.code === "closed-by-a-person") await tellDeclined(world, stopped, rollback);
      return wait(step.message, null);
    case "propose-removal": {
      const removal = await proposeRemoval(world, snapshot, stopped.state);
      if (removal.kind === "refused") return { kind: "refused", message: removal.message, wakeAt: null };
      return removal.kind === "no-route"
        ? wait("there is no route to remove", null)
        : went(`pull request #${removal.proposal.number} proposes to remove the route`, now);
    }
    case "propose": {
      const change = restoringChange(stopped, rollback);
      const branch = await world.environments.branch(rollback.branch, change);
      if (branch.kind === "refused") {
        if (rollback.issue === undefined) await openIncident(world, stopped, rollback.incident);
        return { kind: "refused", message: branch.message, wakeAt: null };
      }
      const body = world.templates.render("rollback-pull-request.md", rollbackView(record, rollback.incident, step.target), overrides);
      const { number } = await world.proposals.open({ branch: rollback.branch, title: change.subject, body });
      return went(`rollback pull request #${number} is open`, now);
    }
    case "open-incident":
      return went(`incident #${await openIncident(world, stopped, rollback.incident)} is open`, now);
    case "merge": {
      const head = rollback.proposal?.head;
      if (head === undefined) return wait("the rollback pull request is gone", null);
      const merged = await world.proposals.merge(step.number, head);
      return merged.kind === "merged"
        ? went(`rollback pull request #${step.number} is merged`, now)
        : wait(merged.reason, addMilliseconds(now, blockedAgain));
    }
    case "close":
      return close(world, stopped, rollback.incident, { issue: step.issue, pullRequest: step.number });
  }
}

const blockedAgain = 5_000;

async function openIncident(world: World, { snapshot, record }: StoppedRelease, incident: Incident): Promise<number> {
  const title = `${record.model} ${record.candidate.version} ${whyRolledBack(incident)} in ${record.environment}`;
  const body = world.templates.render("incident.md", incidentView(record, incident), templateOverrides(snapshot));
  return world.incidents.open(record.id, { title, body });
}

/** Who is on call looks at the issue: it says that the rollback was declined, and what can be typed now. An equal text is not written again. */
async function tellDeclined(
  world: World,
  { snapshot, record }: StoppedRelease,
  { incident, issue, proposal }: Pick<Rollback, "incident" | "issue" | "proposal">,
): Promise<void> {
  if (issue === undefined || proposal === undefined) return;
  const view = { ...incidentView(record, incident), declined: declinedView(record, proposal.number) };
  await world.incidents.update(issue, { body: world.templates.render("incident.md", view, templateOverrides(snapshot)), closed: false });
}

/** The issue is brought up to date before the commit that ends the release: after it nobody looks here again. */
async function close(
  world: World,
  stopped: StoppedRelease,
  incident: Incident,
  links: { issue: number; pullRequest: number },
): Promise<Advance> {
  const { snapshot, record, state, now } = stopped;
  const restored = standingVersion(state, ownedFiles(snapshot, record)) ?? incident.restores;
  if (restored === null) return wait("what the merged pull request restored is no version that was verified here", null);
  const move = rolledBackMove({ state, record }, incident, { ...links, restored }, now);
  const body = world.templates.render("incident.md", incidentView(move.record, move.incident ?? incident), templateOverrides(snapshot));
  await world.incidents.update(links.issue, { body, closed: false });
  const change = releaseChange(move, {
    snapshot,
    templates: world.templates,
    trailers: {},
  });
  const outcome = await world.environments.commit(change);
  if (outcome.kind === "refused") return { kind: "refused", message: outcome.message, wakeAt: null };
  return outcome.kind === "moved" ? wait("the environments repository moved", now) : went(move.subject, now);
}

/** A person's word needs no measurement. */
function whyRolledBack({ windows }: Incident): string {
  return windows.length > 0 ? "broke an objective" : "is rolled back by a person";
}

function restoringChange({ snapshot, record }: StoppedRelease, { files, incident }: Pick<Rollback, "files" | "incident">): Change {
  return {
    base: snapshot.head,
    subject: `Roll back ${record.model} in ${record.environment}: ${record.candidate.version} ${whyRolledBack(incident)}`,
    trailers: { release: record.id, step: "roll back", evidence: record.evidence },
    writes: restoringWrites(snapshot, record, files),
  };
}

function went(message: string, now: Instant): Advance {
  return { kind: "roll-back", message, wakeAt: now };
}

function wait(message: string, wakeAt: Instant | null): Advance {
  return { kind: "wait", message, wakeAt };
}
