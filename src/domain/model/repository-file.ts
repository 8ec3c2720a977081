import { z } from "zod";
import { repositoryNameSchema } from "#domain/model/names.ts";

export const repositoryFilePath = "slipway.yaml";

/** `slipway.yaml` of a model repository's default branch: where its models are released. Policy there must name this repository in turn. */
export const repositoryFileSchema = z.strictObject({
  apiVersion: z.literal("slipway/v1"),
  kind: z.literal("Repository"),
  environments: repositoryNameSchema,
});
