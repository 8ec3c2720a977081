import { holdPath, statePath } from "#domain/environment/paths.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import { short } from "#domain/model/names.ts";
import type { HoldView } from "./rollback-view.ts";

/** The body of a pull request that proposes to take a model's route away: what a person must know to merge it, or to leave it. */
export interface RemovalView {
  readonly model: string;
  readonly environment: string;
  readonly version: string;
  readonly digest: string;
  readonly reason: string;
  readonly route: string;
  readonly state: string;
  readonly hold: HoldView;
  /** The line in a terminal that takes a model in again. */
  readonly adopt: string;
}

/** @param route the file by which its traffic moves */
export function removalView({ environment, model, live }: EnvironmentState, route: string, reason: string): RemovalView {
  return {
    model,
    environment,
    version: live.version,
    digest: short(live.digest),
    reason,
    route,
    state: statePath(environment, model),
    hold: {
      path: holdPath(environment, model, live.digest),
      who: "someone with the role holder",
      lift: `/slipway unhold ${environment} ${live.digest} <reason> --model ${model}`,
    },
    adopt: `slipway adopt ${environment}`,
  };
}
