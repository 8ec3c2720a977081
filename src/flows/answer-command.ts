import { commandAnswer, executedAnswer, outdatedAnswer } from "#domain/command/answers.ts";
import { type CommandDecision, type CommandPlan, refuseCommand } from "#domain/command/command-decision.ts";
import { type AnyCommand, decideCommand } from "#domain/command/decide-command.ts";
import { decideReleaseCommand } from "#domain/command/decide-release-command.ts";
import { pullRequestMoved } from "#domain/command/pull-request-moved.ts";
import { refusedAnswer } from "#domain/command/refusal-reasons.ts";
import type { CommandRequest, PlacedCommand, ReleaseCommand, ReleaseStanding, VersionStanding } from "#domain/command/release-request.ts";
import { isHeld } from "#domain/command/running-release.ts";
import { type AskedTrigger, printTrigger } from "#domain/command/trigger.ts";
import type { Change } from "#domain/environment/change.ts";
import { rollbackBranch } from "#domain/environment/paths.ts";
import { describe, stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import { loginSchema } from "#domain/model/names.ts";
import type { Answer } from "#domain/report/answer-view.ts";
import { judgePullRequest } from "#domain/report/judge-pull-request.ts";
import type { PullRequestJudgement } from "#domain/report/judgement.ts";
import { rollbackTarget, verifiedLive } from "#domain/rollout/moves.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { compareAndSwap } from "./compare-and-swap.ts";
import { manifestsOf } from "./deploy-facts.ts";
import { lastEdit } from "./last-edit.ts";
import { personOf } from "./person-of.ts";
import { type HeadReading, readHead } from "./read-head.ts";
import { readRelease } from "./read-release.ts";
import { commentDeleted, pullRequestChanged, refusedByHost } from "./refusals.ts";
import { releaseChange } from "./release-change.ts";
import type { Triggered } from "./triggered.ts";
import type { ModelWorld, World } from "./world.ts";

/**
 * Carries out a command about a release, a version, a hold, a lock or a freeze: at most one commit, which carries what set it off and so happens once.
 * Decided on a fresh reading, and again whenever the environments repository moves before the commit is in it.
 */
export async function answerCommand(world: World, models: ModelWorld, asked: Triggered<AnyCommand, AskedTrigger>): Promise<Answer> {
  const { trigger, line, typed, command, outdated } = asked;
  return compareAndSwap<Answer>(async () => {
    const current = await asked.current();
    if (current === undefined) return answered(refusedAnswer(asked, commentDeleted));
    const pull = (await models.repository.pullRequest(asked.pull.number)) ?? asked.pull;
    const reading = await readHead(world, models, pull, pull.head);
    const { snapshot, repository } = reading;
    const person = await personOf(models, reading, current.author, "model" in command ? command.model : null);
    const [executed] = await world.environments.history({ limit: 1, trailer: "Slipway-Command", value: printTrigger(trigger) });
    if (executed !== undefined) return answered(executedAnswer(line, executed));
    if (outdated?.(reading, pull)) return answered(outdatedAnswer(line));
    const judgement = judgePullRequest(reading.facts);
    const request = {
      line: typed,
      trigger,
      comment: current,
      now: world.clock.now(),
      by: loginSchema.parse(current.author),
      person,
      repository,
      pullRequest: pull.number,
      changed: reading.facts.models.map(({ model }) => model),
      proposed: judgement.models.flatMap(({ model, candidate }) => (candidate === null ? [] : [{ model, version: candidate }])),
      snapshot,
    };

    const decision = await decideCommand(
      { ...request, command },
      () => versionOf(world, { ...reading, judgement, pull, command }),
      (placed) => decideOnRelease(world, placed),
    );

    if (decision.kind === "refuse") return answered(commandAnswer(asked, decision));
    const moved = restsOnHead(command) ? pullRequestMoved(pull, await models.repository.pullRequest(pull.number)) : undefined;
    if (moved !== undefined) return answered(pullRequestChanged(asked, moved));
    const change = changeOf(world, request, decision);
    return {
      kind: "wrote",
      outcome: await world.environments.commit(change),
      answer: () => commandAnswer(asked, { kind: "done", subject: change.subject }),
      refused: (message) => refusedByHost(asked, message),
    };
  });
}

/** A word about the proposed version is about what the pull request is when it is written down. */
function restsOnHead({ kind }: AnyCommand): boolean {
  return kind === "approve" || kind === "override";
}

interface Proposed extends HeadReading {
  readonly judgement: PullRequestJudgement;
  readonly pull: PullRequestFacts;
  readonly command: AnyCommand;
}

/** What a consent to the proposed version rests on. */
function versionOf(world: World, proposed: Proposed): VersionStanding {
  const { judgement, pull, evaluations, command } = proposed;
  const manifests = command.kind === "approve" ? manifestsOf(world, proposed, command) : null;
  return { pullRequest: pull, evaluations, judgement, manifests };
}

async function decideOnRelease(world: World, placed: PlacedCommand<ReleaseCommand>): Promise<CommandDecision> {
  const { snapshot, environment, model } = placed;
  const state = stateIn(snapshot, environment.name, model);
  if (state === undefined) {
    const message = `Slipway has never had ${model} in ${environment.name}. A platform engineer runs \`slipway adopt ${environment.name}\` first.`;
    return refuseCommand("never-adopted", message);
  }
  if (state.kind === "invalid")
    return refuseCommand(
      "state-unreadable",
      `What runs in ${environment.name} cannot be read: ${describe(state.problems)}. A platform engineer mends the file.`,
    );
  return decideReleaseCommand(placed, await standingOf(world, placed, state.value));
}

async function standingOf(world: World, placed: PlacedCommand<ReleaseCommand>, state: EnvironmentState): Promise<ReleaseStanding> {
  const { snapshot } = placed;
  const open = state.release;
  // An adopted version has no record of its own; going back from it is recorded by that of what is restored.
  const id = open?.id ?? verifiedLive(state)?.release ?? rollbackTarget(state, state.live, isHeld(placed))?.release ?? null;
  const record = id === null ? undefined : await readRelease(world, snapshot, state, id);
  return {
    state,
    open,
    record: record?.kind === "ok" ? record.value : undefined,
    edit: await lastEdit(world, snapshot, state),
    proposal: open?.phase === "stopping" ? await world.proposals.find(rollbackBranch(open.id, open.attempt)) : undefined,
  };
}

function changeOf(
  { templates }: World,
  { snapshot, trigger, by }: Pick<CommandRequest<unknown>, "snapshot" | "trigger" | "by">,
  plan: CommandPlan,
): Change {
  const trailers = { command: printTrigger(trigger), policy: snapshot.head };
  const body = `Asked for by ${by}${plan.why === "" ? "" : `: ${plan.why}`}`;
  if (plan.kind === "move") return { ...releaseChange(plan.move, { snapshot, templates, trailers }), body };
  return { base: snapshot.head, subject: plan.subject, body, trailers: { step: plan.step, ...trailers }, writes: plan.writes };
}

function answered(answer: Answer): { readonly kind: "nothing-to-write"; readonly answer: Answer } {
  return { kind: "nothing-to-write", answer };
}
