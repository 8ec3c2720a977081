import { z } from "zod";
import type { Made } from "#domain/model/made.ts";
import type { Digest } from "#domain/model/names.ts";
import type { ManifestDocument } from "./adoptable.ts";

const text = z.string().optional();
const annotatedSchema = z.looseObject({
  metadata: z.looseObject({
    annotations: z.looseObject({ "slipway.dev/digest": text, "slipway.dev/artifact": text, "slipway.dev/image": text }),
  }),
});
const valuesSchema = z.looseObject({
  slipway: z.looseObject({ versions: z.array(z.looseObject({ digest: z.string(), artifact: z.string(), image: text })) }),
});

/** What a version is made of, as its own manifests say; undefined where they do not. */
export function madeOf(documents: readonly ManifestDocument[], digest: Digest): Made | undefined {
  for (const { value } of documents) {
    const annotations = annotatedSchema.safeParse(value).data?.metadata.annotations;
    const named = annotations && {
      digest: annotations["slipway.dev/digest"],
      artifact: annotations["slipway.dev/artifact"],
      image: annotations["slipway.dev/image"],
    };
    const found = [...(named === undefined ? [] : [named]), ...(valuesSchema.safeParse(value).data?.slipway.versions ?? [])];
    const same = found.find((each) => each.digest === digest);
    if (same?.artifact !== undefined) return { artifact: same.artifact, ...(same.image !== undefined && { image: same.image }) };
  }
  return undefined;
}
