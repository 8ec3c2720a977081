import type { z } from "zod";
import { approvalsFileSchema } from "#domain/environment/approval.ts";
import { holdSchema } from "#domain/environment/hold.ts";
import { overridesFileSchema } from "#domain/environment/override.ts";
import { environmentStateSchema } from "#domain/environment/state.ts";
import { evidenceSchema } from "#domain/evaluation/evidence.ts";
import { reportSchema } from "#domain/evaluation/report.ts";
import { incidentSchema } from "#domain/incident/incident.ts";
import { modelDefinitionSchema } from "#domain/model/model-definition.ts";
import { repositoryFileSchema } from "#domain/model/repository-file.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { policyTestSchema } from "#domain/policy/policy-test-file.ts";
import { releaseRecordSchema } from "#domain/rollout/release.ts";

export interface PublishedSchema {
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly title: string;
  readonly make: () => z.ZodType;
}

/** The schemas that people's editors and other programs rely on; one line publishes one more. */
export const publishedSchemas: readonly PublishedSchema[] = [
  { file: "schemas/model.schema.json", title: "models/<name>/model.yaml", make: () => modelDefinitionSchema },
  { file: "schemas/repository.schema.json", title: "slipway.yaml of a model repository", make: () => repositoryFileSchema },
  { file: "schemas/policy.schema.json", title: ".slipway/policy.yaml", make: () => policySchema },
  { file: "schemas/policy-test.schema.json", title: ".slipway/policy.test.yaml", make: () => policyTestSchema },
  { file: "schemas/state.schema.json", title: ".slipway/state/<env>/<model>.yaml", make: () => environmentStateSchema },
  { file: "schemas/release.schema.json", title: ".slipway/releases/<env>/<model>/<id>.yaml", make: () => releaseRecordSchema },
  { file: "schemas/hold.schema.json", title: ".slipway/holds/<env>/<model>/<digest>.yaml", make: () => holdSchema },
  { file: "schemas/approvals.schema.json", title: ".slipway/approvals/<env>/<model>.yaml", make: () => approvalsFileSchema },
  { file: "schemas/overrides.schema.json", title: ".slipway/overrides/<model>/<digest>.yaml", make: () => overridesFileSchema },
  { file: "schemas/incident.schema.json", title: ".slipway/incidents/<id>.yaml", make: () => incidentSchema },
  { file: "schemas/report.schema.json", title: "report.json", make: () => reportSchema },
  { file: "schemas/evidence.schema.json", title: "evidence.json", make: () => evidenceSchema },
];
