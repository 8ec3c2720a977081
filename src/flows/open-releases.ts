import { statesIn } from "#domain/environment/read-snapshot.ts";
import type { OpenRelease } from "#domain/environment/state.ts";
import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import type { World } from "./world.ts";

export interface OpenReleaseKey {
  readonly environment: EnvironmentName;
  readonly model: ModelName;
  readonly phase: OpenRelease["phase"];
}

/** Which releases are open: one fetch, and only state files are read. */
export async function openReleases(world: World): Promise<readonly OpenReleaseKey[]> {
  return statesIn(await world.environments.snapshot()).flatMap((state) =>
    state.kind === "ok" && state.value.release !== null
      ? [{ environment: state.value.environment, model: state.value.model, phase: state.value.release.phase }]
      : [],
  );
}
