import { manifestsFolder, removalBranch, statePath } from "#domain/environment/paths.ts";
import { holdOn, statesIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import { removalView } from "#domain/incident/removal-view.ts";
import { trafficFiles } from "#domain/manifest/target-files.ts";
import type { VersionRef } from "#domain/model/names.ts";
import { rollbackTarget } from "#domain/rollout/moves.ts";
import type { Proposal } from "#ports/proposals.ts";
import { templateOverrides } from "./release-change.ts";
import type { World } from "./world.ts";

export type Removal =
  | { readonly kind: "proposed" | "known"; readonly proposal: Proposal }
  | { readonly kind: "refused"; readonly message: string }
  /** There is no route that could be taken away. */
  | { readonly kind: "no-route" };

/**
 * Proposes, by one pull request for each held live version, to take its route away where nothing verified is left to go back to (invariant 8).
 * It also takes the state, since nothing is live then: one merge, after which there is nothing left to write. A person merges it, or does not.
 */
export async function proposeRemoval(world: World, snapshot: EnvironmentsSnapshot, state: EnvironmentState): Promise<Removal> {
  const { environment, model, live } = state;
  const route = trafficFileIn(snapshot, state);
  if (route === undefined) return { kind: "no-route" };
  const branch = removalBranch(environment, model, live.digest);
  const known = await world.proposals.find(branch);
  if (known !== undefined) return { kind: "known", proposal: known };

  const title = `Remove the route of ${model} in ${environment}: ${live.version} is held and nothing verified is left`;
  const pushed = await world.environments.branch(branch, {
    base: snapshot.head,
    subject: title,
    trailers: { step: "remove route" },
    writes: [
      { kind: "delete", path: route },
      { kind: "delete", path: statePath(environment, model) },
    ],
  });
  if (pushed.kind === "refused") return pushed;
  const reason = holdOn(snapshot, environment, model, live.digest)?.reason ?? "it is being rolled back";
  const body = world.templates.render("remove-route-pull-request.md", removalView(state, route, reason), templateOverrides(snapshot));
  return { kind: "proposed", proposal: await world.proposals.open({ branch, title, body }) };
}

/** The file by which the model's traffic moves, whatever serves it; undefined where there is none. */
export function trafficFileIn(
  { entries }: Pick<EnvironmentsSnapshot, "entries">,
  { environment, model }: Pick<EnvironmentState, "environment" | "model">,
): string | undefined {
  const folder = manifestsFolder(environment, model);
  return trafficFiles.map((file) => `${folder}${file}`).find((path) => entries.has(path));
}

/** The same for every version that a person wanted back from and that had nothing behind it, as its hold says. Safe to run twice. */
export async function proposeRemovals(world: World): Promise<void> {
  const snapshot = await world.environments.snapshot();
  for (const state of statesIn(snapshot)) {
    if (state.kind === "invalid" || state.value.release !== null) continue;
    const { environment, model, live } = state.value;
    const held = ({ digest }: VersionRef) => holdOn(snapshot, environment, model, digest) !== undefined;
    if (holdOn(snapshot, environment, model, live.digest)?.hold?.removal !== true) continue;
    if (rollbackTarget(state.value, live, held) !== undefined) continue;
    const removal = await proposeRemoval(world, snapshot, state.value);
    if (removal.kind === "proposed")
      world.log.info("the removal of a route is proposed", { environment, model, pullRequest: removal.proposal.number });
    if (removal.kind === "refused")
      world.log.warn("the removal of a route cannot be proposed", { environment, model, reason: removal.message });
  }
}
