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
type Manifest = z.infer<typeof manifestSchema>;

/** Why an override's manifests are not the ones that Slipway writes; undefined when they differ only in what a shop may choose. */
export function sameManifest(shipped: string, override: string): string | undefined {
  const wanted = manifestsIn(shipped);
  const found = manifestsIn(override);
  if (typeof wanted === "string") return `cannot be compared: ${wanted}`;
  if (typeof found === "string") return `renders no manifest: ${found}`;
  for (const manifest of wanted) {
    const same = found.filter((each) => each.kind === manifest.kind);
    const [only] = same;
    if (only === undefined || same.length > 1) return `must render exactly one ${manifest.kind}, not ${same.length}`;
    const difference = differenceOf(identityOf(manifest), identityOf(only));
    if (difference !== undefined) return `must keep ${difference} of the ${manifest.kind} as Slipway writes it`;
  }
  return undefined;
}

function manifestsIn(text: string): readonly Manifest[] | string {
  try {
    const documents = loadAll(text, { schema: CORE_SCHEMA }).filter((document) => document !== null && document !== undefined);
    return z.array(manifestSchema).parse(documents);
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
  };
}

function differenceOf(wanted: Readonly<Record<string, unknown>>, found: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(wanted).find((part) => canonicalize(wanted[part]) !== canonicalize(found[part]));
}
