import { releasePath } from "#domain/environment/paths.ts";
import { describe, holdOn, stateIn, statesIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import { decideAbort } from "#domain/rollout/decide-abort.ts";
import { abortedMove, verifiedLive } from "#domain/rollout/moves.ts";
import { parseRelease } from "#domain/rollout/release.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { compareAndSwap } from "./compare-and-swap.ts";
import { lastEdit } from "./last-edit.ts";
import { releaseChange } from "./release-change.ts";
import type { ModelWorld, World } from "./world.ts";

/** What came of looking at one open release of a repository. */
export interface Ending {
  readonly kind: "aborted" | "kept" | "blocked" | "refused";
  readonly message: string;
}

/**
 * Ends the open releases of a model repository whose pull request was closed unmerged: nobody wants their versions any more. One call
 * for each open release; a finished release stays live, and one that is stopping is left to its rollback.
 */
export async function endClosedReleases(world: World, models: ModelWorld): Promise<readonly Ending[]> {
  const running = statesIn(await world.environments.snapshot()).flatMap((state) =>
    state.kind === "ok" && state.value.release !== null && state.value.release.phase !== "stopping"
      ? [{ environment: state.value.environment, model: state.value.model, pullRequest: state.value.release.pullRequest }]
      : [],
  );
  if (running.length === 0) return [];
  const { name } = await models.repository.about();
  const endings: Ending[] = [];
  for (const { environment, model, pullRequest } of running) {
    if (pullRequest.repository !== name) continue;
    const pull = await models.repository.pullRequest(pullRequest.number);
    const ending = await endWhenClosed(world, { environment, model, pull, number: pullRequest.number });
    if (ending.kind === "aborted") world.log.info("release aborted", { environment, model, reason: ending.message });
    if (ending.kind === "blocked" || ending.kind === "refused")
      world.log.warn("a release cannot be aborted", { environment, model, reason: ending.message });
    endings.push(ending);
  }
  return endings;
}

interface Proposed {
  readonly environment: EnvironmentName;
  readonly model: ModelName;
  readonly number: number;
  readonly pull: PullRequestFacts | undefined;
}

async function endWhenClosed(world: World, { environment, model, number, pull }: Proposed): Promise<Ending> {
  return compareAndSwap<Ending>(async () => {
    const snapshot = await world.environments.snapshot();
    const state = stateIn(snapshot, environment, model);
    const open = state?.kind === "ok" ? state.value.release : null;
    if (state?.kind !== "ok" || open?.pullRequest.number !== number) return kept("this release is not open any more");
    const path = releasePath(environment, model, open.id);
    const text = await world.environments.read(snapshot.head, path);
    const record = text === undefined ? undefined : parseRelease(text, path);
    const stable = verifiedLive(state.value);

    const decision = decideAbort({
      open,
      pullRequest: pull,
      editedBy: (await lastEdit(world, snapshot, state.value))?.by,
      stable,
      stableHeldBecause: stable && holdOn(snapshot, environment, model, stable.digest)?.reason,
    });

    if (decision.kind === "keep") return kept(decision.message);
    if (decision.kind === "blocked") return blocked(decision.message);
    if (record?.kind !== "ok") return blocked(record === undefined ? `${path} is missing` : describe(record.problems));
    const move = abortedMove({ state: state.value, record: record.value }, decision.restores.files, decision.message, world.clock.now());
    return {
      kind: "wrote",
      outcome: await world.environments.commit(releaseChange(move, { snapshot, templates: world.templates, trailers: {} })),
      answer: () => ({ kind: "aborted", message: decision.message }),
      refused: (message) => ({ kind: "refused", message }),
    };
  });
}

function kept(message: string): { readonly kind: "nothing-to-write"; readonly answer: Ending } {
  return { kind: "nothing-to-write", answer: { kind: "kept", message } };
}

function blocked(message: string): { readonly kind: "nothing-to-write"; readonly answer: Ending } {
  return { kind: "nothing-to-write", answer: { kind: "blocked", message } };
}
