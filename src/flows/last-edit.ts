import { editedBySomeoneElse } from "#domain/environment/authorship.ts";
import { manifestsFolder, rollbackBranch, statePath } from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import type { CommitSha } from "#domain/model/names.ts";
import { standingVersion } from "#domain/rollout/moves.ts";
import { ownedFiles } from "./restoring-writes.ts";
import type { World } from "./world.ts";

export interface Edit {
  /** Who, and in which commit, as people read it. */
  readonly by: string;
  readonly commit: CommitSha;
}

/**
 * The newest commit to a model's owned files or state when it is not Slipway's own (invariant 10). A squash or rebase merge of Slipway's own
 * pull request is written in a person's name: it counts as Slipway's while the owned files are what its branch restores and the state is
 * Slipway's.
 */
export async function lastEdit(world: World, snapshot: EnvironmentsSnapshot, state: EnvironmentState): Promise<Edit | undefined> {
  const edit = await newestEdit(world, state);
  return edit !== undefined && (await isOwnMerge(world, snapshot, state, statePath(state.environment, state.model))) ? undefined : edit;
}

/** The same by Git alone, which cannot tell a person's merge of Slipway's own pull request. */
export async function newestEdit(
  { environments, identity }: Pick<World, "environments" | "identity">,
  { environment, model }: Pick<EnvironmentState, "environment" | "model">,
): Promise<Edit | undefined> {
  const [newest] = await environments.history({ limit: 1, paths: [manifestsFolder(environment, model), statePath(environment, model)] });
  const by = editedBySomeoneElse(newest, identity);
  return by === undefined || newest === undefined ? undefined : { by, commit: newest.sha };
}

async function isOwnMerge(world: World, snapshot: EnvironmentsSnapshot, state: EnvironmentState, stateFile: string): Promise<boolean> {
  const open = state.release;
  if (open?.phase !== "stopping") return false;
  const standing = standingVersion(state, ownedFiles(snapshot, state));
  if (standing === undefined || standing.digest === open.candidate.digest) return false;
  const [ofState] = await world.environments.history({ limit: 1, paths: [stateFile] });
  if (editedBySomeoneElse(ofState, world.identity) !== undefined) return false;
  return (await world.proposals.find(rollbackBranch(open.id, open.attempt)))?.state === "merged";
}
