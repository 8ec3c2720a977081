import type { WrittenRollout } from "#domain/rollout/plan.ts";
import { imageProblem } from "./image-reference.ts";
import { candidateReplicas } from "./replica-share.ts";
import { targets } from "./targets.ts";

/** One thing that a rollout asks of its target which the target cannot do; `path` within the rollout. */
export interface TargetProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Asked = Pick<WrittenRollout, "target" | "output" | "serving" | "shadow" | "accepts" | "steps">;

/** Everything that keeps a rollout from being carried out by its target, at once. */
export function targetProblems(rollout: Asked): readonly TargetProblem[] {
  return [missing, inexactImage, shadow, sticky, autoscaler, wholeReplicas, hazard, helm].flatMap((rule) => rule(rollout));
}

function missing({ target, output, serving }: Asked): readonly TargetProblem[] {
  return targets[target].needs
    .filter((field) => output !== "helm" && serving[field] === undefined)
    .map((field) => ({ path: ["serving"], message: `the target ${target} needs serving.${field}` }));
}

function inexactImage({ serving: { image } }: Asked): readonly TargetProblem[] {
  const message = image === undefined ? undefined : imageProblem(image);
  return message === undefined ? [] : [{ path: ["serving", "image"], message }];
}

function shadow({ target, shadow: asked }: Asked): readonly TargetProblem[] {
  return asked === undefined || targets[target].can.shadow
    ? []
    : [{ path: ["shadow"], message: `the target ${target} cannot mirror requests: leave shadow out, or take one of ${able("shadow")}` }];
}

function sticky({ target, serving }: Asked): readonly TargetProblem[] {
  return serving.sticky === undefined || targets[target].can.sticky
    ? []
    : [
        {
          path: ["serving", "sticky"],
          message: `the target ${target} does not keep a user on one version: leave sticky out, or take one of ${able("sticky")}`,
        },
      ];
}

function autoscaler({ target, serving }: Asked): readonly TargetProblem[] {
  const kind = serving.autoscaler?.kind;
  const { can, replicaRatio } = targets[target];
  if (kind === undefined || can.autoscalers.includes(kind)) return [];
  const why = replicaRatio ? "its weights are shares of the replicas, which an autoscaler would change" : "it scales by itself";
  return [{ path: ["serving", "autoscaler"], message: `the target ${target} takes no autoscaler of kind ${kind}: ${why}` }];
}

function wholeReplicas({ target, serving, steps }: Asked): readonly TargetProblem[] {
  if (!targets[target].replicaRatio) return [];
  return (steps ?? []).flatMap(({ weight }, index) =>
    candidateReplicas(serving.replicas, weight) !== undefined
      ? []
      : [
          {
            path: ["steps", index, "weight"],
            message: `the target ${target} splits traffic by replicas, and ${weight} % of ${serving.replicas} is no whole number: change the weight or serving.replicas`,
          },
        ],
  );
}

function hazard({ target, accepts }: Asked): readonly TargetProblem[] {
  const { coldApplyHazard } = targets[target];
  return coldApplyHazard === null || accepts.includes("cold-apply")
    ? []
    : [
        {
          path: ["target"],
          message: `the target ${target} is not safe to apply to an empty cluster in the middle of a canary: ${coldApplyHazard}. Take another target, or write accepts: [cold-apply] under rollout`,
        },
      ];
}

function helm({ target, output }: Asked): readonly TargetProblem[] {
  return output !== "helm" || target === "gateway-api"
    ? []
    : [{ path: ["output"], message: `a values file is read back through an HTTPRoute, so output: helm goes with target: gateway-api` }];
}

function able(what: "shadow" | "sticky"): string {
  return Object.entries(targets)
    .filter(([, { can }]) => can[what])
    .map(([name]) => name)
    .join(", ");
}
