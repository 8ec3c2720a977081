import { manifestViews } from "#domain/manifest/manifests.ts";
import type { ManifestInput } from "#domain/manifest/target.ts";
import { environmentNameSchema, modelNameSchema, releaseIdSchema, versionRefSchema } from "#domain/model/names.ts";
import type { Rollout } from "#domain/rollout/plan.ts";
import { rolloutSchema } from "#domain/rollout/plan.ts";
import { type TargetName, targetNames } from "#domain/rollout/target-name.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";
import { image } from "#test/support/rollouts.ts";

export const stable = versionRefSchema.parse({ version: "2026.11.02-1", digest: `sha256:${"b".repeat(64)}` });
export const candidate = versionRefSchema.parse({ version: "2026.11.20-3", digest: `sha256:${"c".repeat(64)}` });
export const made = { artifact: "s3://acme-models/search-ranker/2026.11.02-1/model.onnx", image: image("1") };
const artifact = "s3://acme-models/search-ranker/2026.11.20-3/model.onnx";

const autoscaled = { min: 2, max: 8 };
const hpa = { kind: "hpa", ...autoscaled, cpu: 70 };
const keda = {
  kind: "keda",
  ...autoscaled,
  server: "http://prometheus:9090",
  query: 'sum(rate(requests_total{model="search-ranker"}[1m]))',
  threshold: 50,
};

/** What each target needs to be used at all. */
export function rolloutOf(target: TargetName, change: { serving?: object; [field: string]: unknown } = {}): Rollout {
  const { serving, ...rest } = change;
  const written = rolloutSchema.parse({
    target,
    serving: {
      image: image("2"),
      replicas: 4,
      modelFormat: "onnx",
      endpointPicker: { name: "search-ranker-picker" },
      ...serving,
    },
    accepts: ["cold-apply"],
    steps: [
      { weight: 25, window: "1m" },
      { weight: 50, window: "2m" },
    ],
    bake: "1h",
    ...rest,
  });
  return { ...written, steps: written.steps ?? [], bake: written.bake ?? 0, extend: 1, deadline: 600_000 };
}

interface Fixture {
  readonly name: string;
  readonly input: ManifestInput;
}

/** A model in the middle of its canary, 25 %, on every target and with everything that a target can be asked for. */
export const fixtures: readonly Fixture[] = [
  ...targetNames.map((target) => fixture(target, rolloutOf(target))),
  fixture("gateway-api-shadow", rolloutOf("gateway-api", { shadow: { window: "10m", percent: 50 } }), { weight: 0, mirror: 50 }),
  fixture("seldon-shadow", rolloutOf("seldon", { shadow: { window: "10m" } }), { weight: 0, mirror: 100 }),
  fixture("gateway-api-sticky", rolloutOf("gateway-api", { serving: { sticky: { cookie: "ranker-version" } } })),
  fixture("flagger-sticky", rolloutOf("flagger", { serving: { sticky: { cookie: "ranker-version" } } })),
  fixture("gateway-api-hpa", rolloutOf("gateway-api", { serving: { autoscaler: hpa } })),
  fixture("gateway-api-keda", rolloutOf("gateway-api", { serving: { autoscaler: keda } })),
  fixture("argo-rollouts-hpa", rolloutOf("argo-rollouts", { serving: { autoscaler: hpa } })),
  fixture("inference-pool-keda", rolloutOf("inference-pool", { serving: { autoscaler: keda } })),
  fixture("flagger-hpa", rolloutOf("flagger", { serving: { autoscaler: hpa } })),
  fixture("kserve-hpa", rolloutOf("kserve", { serving: { autoscaler: hpa } })),
  first("argo-rollouts-delegated"),
  first("flagger"),
  fixture("gateway-api-kustomize", rolloutOf("gateway-api", { output: "kustomize" })),
  fixture("gateway-api-helm", rolloutOf("gateway-api", { output: "helm" })),
];

function fixture(name: string, rollout: Rollout, share: { weight: number; mirror?: number } = { weight: 25 }): Fixture {
  return {
    name,
    input: {
      environment: environmentNameSchema.parse("production"),
      namespace: "models",
      model: modelNameSchema.parse("search-ranker"),
      rollout,
      release: releaseIdSchema.parse("r-0123456789abcdef"),
      candidate: { ...candidate, artifact, ...share },
      stable: { ...stable, made, weight: 100 - share.weight },
    },
  };
}

/** A version that was there before Slipway, as `slipway manifests` writes it: no other beside it, and no steps to walk. */
function first(target: TargetName): Fixture {
  const { input } = fixture(target, { ...rolloutOf(target), steps: [] }, { weight: 100 });
  return { name: `${target}-first`, input: { ...input, release: null, stable: null } };
}

/** The files as they would be committed. */
export function renderedFiles(input: ManifestInput): readonly { readonly file: string; readonly text: string }[] {
  return manifestViews(input).map(({ file, template, view }) => ({ file, text: templates.render(template, view) }));
}
