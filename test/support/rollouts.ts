import type { ManifestInput } from "#domain/manifest/target.ts";
import { servingSchema } from "#domain/rollout/serving.ts";

/** An image by its digest; a tag would be refused. */
export const image = (digit = "1"): string => `ghcr.io/acme/ranker@sha256:${digit.repeat(64)}`;

/** How a version is served where a test does not care. */
export const gatewayRollout: ManifestInput["rollout"] = {
  target: "gateway-api",
  output: "manifests",
  serving: servingSchema.parse({ image: image() }),
  steps: [],
};
