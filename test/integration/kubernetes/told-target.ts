import type { TargetName } from "#domain/rollout/target-name.ts";
import type { StageOptions } from "#sandbox/stage/stage.ts";
import type { Kubelab } from "./kubelab.ts";

/** What differs from target to target in the story of a delivery. */
export interface Told {
  readonly sets: readonly string[];
  readonly stageTarget: Pick<StageOptions, "target">;
  /** The controllers that act on its objects. */
  controller(lab: Kubelab): readonly { readonly name: string; readonly args: readonly string[] }[];
  /** From this weight on the candidate is slow. */
  readonly slowFrom: number;
}

const gateway = "gateway-api";
/** The controllers take their time, and Flagger no less than ten seconds for each step. */
const delegated = (name: string) => (modelYaml: string) =>
  modelYaml
    .replace("target: gateway-api", `target: ${name}\n  accepts: [cold-apply]`)
    .replace("replicas: 1", "replicas: 4")
    .replace(/steps: .*/, "steps: [{weight: 25, window: 10s}, {weight: 50, window: 10s}]")
    .replace("deadline: 30s", "deadline: 5m");

export function told(target: TargetName): Told {
  switch (target) {
    case "argo-rollouts-delegated":
      return {
        sets: [gateway, "argo-rollouts"],
        stageTarget: { target: { name: target, replicas: 4, rollout: delegated(target) } },
        controller(lab) {
          lab.kubectl(["create", "namespace", "argo-rollouts"]);
          lab.kubectl(["create", "configmap", "argo-rollouts-config", "--namespace", "argo-rollouts"]);
          const args = ["--kubeconfig", lab.kubeconfig, "--namespace", "argo-rollouts", "--leader-elect=false"];
          return [{ name: "rollouts-controller-v1.9.2", args }];
        },
        slowFrom: 50,
      };
    case "flagger":
      return {
        sets: [gateway, "flagger"],
        stageTarget: { target: { name: target, replicas: 4, rollout: delegated(target) } },
        controller: ({ kubeconfig }) => [
          { name: "flagger-v1.36.1", args: ["-kubeconfig", kubeconfig, "-mesh-provider", "gatewayapi:v1", "-namespace", "production"] },
        ],
        slowFrom: 25,
      };
    default:
      return { sets: [gateway], stageTarget: {}, controller: () => [], slowFrom: 25 };
  }
}
