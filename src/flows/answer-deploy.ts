import { deployAnswer, outdatedAnswer, startedAnswer } from "#domain/command/answers.ts";
import { decideDeploy } from "#domain/command/decide-deploy.ts";
import type { DeployCommand } from "#domain/command/deploy.ts";
import { pullRequestMoved } from "#domain/command/pull-request-moved.ts";
import { refusedAnswer } from "#domain/command/refusal-reasons.ts";
import { printTrigger } from "#domain/command/trigger.ts";
import { stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState, VerifiedVersion } from "#domain/environment/state.ts";
import type { Instant } from "#domain/model/time.ts";
import type { Answer } from "#domain/report/answer-view.ts";
import { abortedMove, verifiedLive } from "#domain/rollout/moves.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { CommitOutcome } from "#ports/environments-repository.ts";
import { compareAndSwap } from "./compare-and-swap.ts";
import { definitionIn, deployFacts } from "./deploy-facts.ts";
import { lastEdit } from "./last-edit.ts";
import { personOf } from "./person-of.ts";
import { type HeadReading, readHead } from "./read-head.ts";
import { readRelease } from "./read-release.ts";
import { commentDeleted, pullRequestChanged, refusedByHost } from "./refusals.ts";
import { releaseChange } from "./release-change.ts";
import { startRelease } from "./start-release.ts";
import { releaseStartedBy } from "./started-release.ts";
import type { Triggered } from "./triggered.ts";
import type { ModelWorld, World } from "./world.ts";

/** Decides a deploy on a fresh reading, and again whenever the environments repository moves before the release is in it. */
export async function answerDeploy(world: World, models: ModelWorld, asked: Triggered<DeployCommand>): Promise<Answer> {
  const { trigger, line, command } = asked;
  return compareAndSwap(async () => {
    const pull = (await models.repository.pullRequest(asked.pull.number)) ?? asked.pull;
    const current = await asked.current();
    if (current === undefined) return answered(refusedAnswer(asked, commentDeleted));
    const reading = await readHead(world, models, pull, pull.head);
    const { snapshot, repository } = reading;
    const { standing, owners } = await personOf(models, reading, current.author, command.model);
    const [executed] = await world.environments.history({ limit: 1, trailer: "Slipway-Command", value: printTrigger(trigger) });
    const started = executed && (await releaseStartedBy(world, snapshot, executed));
    if (executed === undefined && asked.outdated?.(reading, pull)) return answered(outdatedAnswer(line));
    const deployed = deployFacts(world, reading, pull, command);
    const { now } = deployed;
    const superseded = command.supersede ? await openReleaseOf(world, reading, command) : undefined;

    const decision = decideDeploy({
      ...deployed,
      trigger,
      comment: current,
      executed: executed !== undefined,
      standing,
      owners,
      openRelease: superseded && { ...superseded.record, editedBy: superseded.editedBy },
    });

    if (decision.kind === "ignore") return answered(started === undefined ? alreadyExecuted(asked) : startedAnswer(line, started));
    if (decision.kind === "refuse") return answered(deployAnswer(asked, decision));
    if (decision.supersedes !== null && superseded !== undefined) {
      const outcome = await supersede(world, { ...superseded, snapshot, by: current.author, now });
      // The weight is back: the rest is decided anew, on what Git is now.
      return {
        kind: "wrote",
        outcome: outcome.kind === "committed" ? { kind: "moved" } : outcome,
        answer: () => deployAnswer(asked, decision),
        refused: (message) => refusedByHost(asked, message),
      };
    }
    const start = {
      decision,
      snapshot,
      repository: repository.name,
      pullRequest: pull.number,
      trigger,
      by: current.author,
      now,
      ...basisOf(reading, decision.model, decision.evidence.digest),
    };
    if (start.definition === undefined || start.policy === undefined || start.evidence === undefined) {
      return answered(refusedAnswer(asked, { code: "basis-changed", message: "What the release rests on changed while it was decided." }));
    }
    const { definition, policy, evidence } = start;
    const moved = pullRequestMoved(pull, await models.repository.pullRequest(pull.number));
    if (moved !== undefined) return answered(pullRequestChanged(asked, moved));
    const outcome = await startRelease(world, { ...start, definition, policy, evidence });
    if (outcome.kind === "impossible") return answered(refusedAnswer(asked, outcome));
    return {
      kind: "wrote",
      outcome,
      answer: () => deployAnswer(asked, decision),
      refused: (message) => refusedByHost(asked, message),
    };
  });
}

/** The definition, policy and exact report of a judged model. */
function basisOf({ facts, reportTexts }: HeadReading, model: string, report: string) {
  return {
    definition: definitionIn(facts, model),
    policy: facts.policy.kind === "ok" ? facts.policy.value : undefined,
    evidence: reportTexts.get(report),
  };
}

interface OpenReleaseOfModel {
  /** What serves alone once it has ended. */
  readonly stable: VerifiedVersion;
  readonly state: EnvironmentState;
  readonly record: ReleaseRecord;
  readonly editedBy: string | undefined;
}

/** The release of the meant model that is on its way where the command wants to deploy. */
async function openReleaseOf(
  world: World,
  { facts, snapshot }: HeadReading,
  { model, environment }: DeployCommand,
): Promise<OpenReleaseOfModel | undefined> {
  const meant = model ?? facts.models[0]?.model;
  const state = meant && stateIn(snapshot, environment, meant);
  if (state?.kind !== "ok" || state.value.release === null) return undefined;
  const stable = verifiedLive(state.value);
  const record = await readRelease(world, snapshot, state.value, state.value.release.id);
  if (record?.kind !== "ok" || stable === undefined) return undefined;
  return { stable, state: state.value, record: record.value, editedBy: (await lastEdit(world, snapshot, state.value))?.by };
}

/** Ends a release so that another can start: its commit carries no comment's id, since the command is carried out only by the start. */
async function supersede(
  world: World,
  { stable, state, record, snapshot, by, now }: OpenReleaseOfModel & { snapshot: EnvironmentsSnapshot; by: string; now: Instant },
): Promise<CommitOutcome> {
  const move = abortedMove({ state, record }, stable.files, `superseded by a deploy of ${by}`, now);
  return world.environments.commit(releaseChange(move, { snapshot, templates: world.templates, trailers: {} }));
}

function alreadyExecuted({ line }: Triggered<DeployCommand>): Answer {
  return {
    command: line,
    kind: "done",
    sentence: "This command was executed; its release is in the environments repository.",
    next: "/slipway status",
  };
}

function answered(answer: Answer): { readonly kind: "nothing-to-write"; readonly answer: Answer } {
  return { kind: "nothing-to-write", answer };
}
