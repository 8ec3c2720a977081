import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CORE_SCHEMA, load } from "js-yaml";
import { z } from "zod";
import { projectFolder } from "#test/support/run-entry.ts";

const fields = z.record(z.string(), z.unknown());
const additions = z.object({ predictor: fields, canary: fields });
const properties = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject({ properties: z.looseObject(shape) });
const inferenceService = z.looseObject({
  spec: z.looseObject({
    names: z.looseObject({ kind: z.literal("InferenceService") }),
    versions: z.array(
      z.looseObject({
        schema: z.looseObject({ openAPIV3Schema: properties({ spec: properties({ predictor: z.looseObject({ properties: fields }) }) }) }),
      }),
    ),
  }),
});

/** KServe's definition with the fields of 0.20 that `crds.d/kserve-canary.yaml` names; any other document as it is. */
export function withKserveCanary(document: unknown): unknown {
  const parsed = inferenceService.safeParse(document).data;
  if (parsed === undefined) return document;
  const added = additions.parse(
    load(readFileSync(join(projectFolder, "tools", "kubernetes", "crds.d", "kserve-canary.yaml"), "utf8"), { schema: CORE_SCHEMA }),
  );
  for (const { schema } of parsed.spec.versions) {
    const { spec } = schema.openAPIV3Schema.properties;
    Object.assign(spec.properties, { canary: added.canary });
    Object.assign(spec.properties.predictor.properties, added.predictor);
  }
  return parsed;
}
