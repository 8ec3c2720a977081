import type { TargetName } from "#domain/rollout/target-name.ts";
import type { Target } from "./target.ts";
import { argoRollouts } from "./targets/argo-rollouts.ts";
import { argoRolloutsDelegated } from "./targets/argo-rollouts-delegated.ts";
import { deployment } from "./targets/deployment.ts";
import { flagger } from "./targets/flagger.ts";
import { gatewayApi } from "./targets/gateway-api.ts";
import { inferencePool } from "./targets/inference-pool.ts";
import { kserve } from "./targets/kserve.ts";
import { kservePercent } from "./targets/kserve-percent.ts";
import { seldon } from "./targets/seldon.ts";

/** A new target is one file, one line here, its template and a fixture. */
export const targets: Readonly<Record<TargetName, Target>> = {
  "gateway-api": gatewayApi,
  "inference-pool": inferencePool,
  kserve,
  "kserve-percent": kservePercent,
  "argo-rollouts": argoRollouts,
  "argo-rollouts-delegated": argoRolloutsDelegated,
  flagger,
  seldon,
  deployment,
};
