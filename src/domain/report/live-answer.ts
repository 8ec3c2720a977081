import { z } from "zod";
import { gateRuleSchema } from "#domain/gate/gate.ts";
import { commitShaSchema, digestSchema, environmentNameSchema, modelNameSchema, versionLabelSchema } from "#domain/model/names.ts";

const liveAnswerSchemaName = "slipway/live/v1";

/** What the App tells the Action before it measures: against what, and by which floors, so that the report holds what the App will ask of it. */
export const liveAnswerSchema = z.object({
  schema: z.literal(liveAnswerSchemaName),
  /** The commit of the environments repository that was read. */
  commit: commitShaSchema,
  /** null: the model was never live there. A model that is left out is one that the App cannot answer for. */
  models: z.record(
    modelNameSchema,
    z.object({ environment: environmentNameSchema, version: versionLabelSchema, digest: digestSchema }).nullable(),
  ),
  floors: z.object({ all: z.array(gateRuleSchema), firstVersion: z.array(gateRuleSchema) }),
});
export type LiveAnswer = Readonly<z.infer<typeof liveAnswerSchema>>;
