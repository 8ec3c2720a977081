import canonicalize from "canonicalize";
import { CORE_SCHEMA, loadAll } from "js-yaml";
import { z } from "zod";

const nothing = z.record(z.string(), z.string()).default({});
const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional(), labels: nothing, annotations: nothing }),
  spec: z
    .looseObject({
      selector: z.unknown().optional(),
      rules: z.array(z.looseObject({ backendRefs: z.unknown().optional() })).optional(),
    })
    .optional(),
});
const valuesSchema = z.looseObject({ kind: z.undefined(), slipway: z.looseObject({}) });
type Manifest = z.infer<typeof manifestSchema>;

/** Why an override's manifests are not the ones that Slipway writes; undefined when they differ only in what a shop may choose. */
export function sameManifest(shipped: string, override: string): string | undefined {
  const wanted = manifestsIn(shipped);
  const found = manifestsIn(override);
  if (typeof wanted === "string") return `cannot be compared: ${wanted}`;
  if (typeof found === "string") return `renders no manifest: ${found}`;
  if (canonicalize(wanted.values) !== canonicalize(found.values)) return "must keep the values under slipway as Slipway writes them";
  for (const kind of new Set(wanted.manifests.map((each) => each.kind))) {
    const originals = wanted.manifests.filter((each) => each.kind === kind);
    const same = found.manifests.filter((each) => each.kind === kind);
    if (same.length !== originals.length) return `must render exactly ${numeral(originals.length)} ${kind}, not ${same.length}`;
    for (const [index, manifest] of same.entries()) {
      const original = originals[index];
      const difference = original && differenceOf(identityOf(original), identityOf(manifest));
      if (difference !== undefined) return `must keep ${difference} of the ${kind} as Slipway writes it`;
    }
  }
  return undefined;
}

function numeral(count: number): string {
  return count === 1 ? "one" : String(count);
}

interface Rendered {
  readonly manifests: readonly Manifest[];
  /** What a file of Helm values holds under `slipway`. */
  readonly values: readonly unknown[];
}

function manifestsIn(text: string): Rendered | string {
  try {
    const documents = loadAll(text, { schema: CORE_SCHEMA }).filter((document) => document !== null && document !== undefined);
    const values = documents.map((document) => valuesSchema.safeParse(document).data);
    return {
      manifests: z.array(manifestSchema).parse(documents.filter((_, index) => values[index] === undefined)),
      values: values.flatMap((each) => (each === undefined ? [] : [each.slipway])),
    };
  } catch (error) {
    if (error instanceof z.ZodError) return z.prettifyError(error);
    return error instanceof Error ? error.message : String(error);
  }
}

/** What makes a manifest the one of a version: its name, what selects it, Slipway's marks, and where traffic goes. */
function identityOf({ apiVersion, metadata, spec, kind }: Manifest): Readonly<Record<string, unknown>> {
  const marks = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(values)
        .filter(([key]) => /^(?:slipway\.dev|app\.kubernetes\.io)\//.test(key))
        .toSorted(),
    );
  return {
    apiVersion,
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "metadata.labels": marks(metadata.labels),
    "metadata.annotations": marks(metadata.annotations),
    "spec.selector": spec?.selector,
    ...(kind === "HTTPRoute" && {
      "spec.rules[].backendRefs": [...new Set((spec?.rules ?? []).map((rule) => canonicalize(rule.backendRefs)))],
    }),
    ...Object.fromEntries((splits[kind] ?? []).map((path) => [path, at(path, { spec })])),
  };
}

/** Where other kinds say which version gets how much. */
const splits: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec.replicas"],
  InferenceService: ["spec.canary", "spec.predictor.canaryTrafficPercent", "spec.predictor.name", "spec.predictor.model.storageUri"],
  Rollout: ["spec.replicas", "spec.strategy"],
  Canary: ["spec.targetRef", "spec.analysis.stepWeights"],
  Model: ["spec.storageUri"],
  Experiment: ["spec.candidates", "spec.mirror"],
};

function at(path: string, value: unknown): unknown {
  return path.split(".").reduce<unknown>((inside, part) => recordSchema.safeParse(inside).data?.[part], value);
}

const recordSchema = z.record(z.string(), z.unknown());

function differenceOf(wanted: Readonly<Record<string, unknown>>, found: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(wanted).find((part) => canonicalize(wanted[part]) !== canonicalize(found[part]));
}
