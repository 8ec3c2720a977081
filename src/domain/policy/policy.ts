import { z } from "zod";
import { gateRuleSchema } from "#domain/gate/gate.ts";
import {
  commitShaSchema,
  environmentNameSchema,
  identifierSchema,
  loginSchema,
  modelNameSchema,
  repositoryNameSchema,
} from "#domain/model/names.ts";

const environmentSchema = z.strictObject({
  name: environmentNameSchema,
  /** The environment in which the same digest must be verified first. */
  after: environmentNameSchema.optional(),
  /** Whether a release may start from an open pull request's head, or only from what was merged. */
  from: z.enum(["pull-request", "merged"]).default("merged"),
  onMerge: z.literal(false).default(false),
  /** Whether Slipway merges a rollback pull request itself. */
  rollback: z.enum(["merge", "propose"]).default("propose"),
  /** The Kubernetes namespace its manifests name. */
  namespace: environmentNameSchema.optional(),
});
export type EnvironmentRules = Readonly<z.infer<typeof environmentSchema>>;

export const roleNames = ["deployer", "approver", "holder"] as const;
export type RoleName = (typeof roleNames)[number];

export const permissionLevels = ["read", "triage", "write", "maintain", "admin"] as const;
export type PermissionLevel = (typeof permissionLevels)[number];

/** Who has a role: any of these people, teams (slugs of the organisation), or permission levels on the model repository. */
const roleSchema = z.strictObject({
  users: z.array(loginSchema).default([]),
  teams: z.array(identifierSchema).default([]),
  permissions: z.array(z.enum(permissionLevels)).default([]),
});
export type Role = Readonly<z.infer<typeof roleSchema>>;

const localTimeSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, "a local time is written like 2026-11-24T00:00");

const freezeWindowSchema = z.strictObject({
  name: identifierSchema,
  from: localTimeSchema,
  to: localTimeSchema,
  timeZone: z.string().refine(isTimeZone, "not a time zone of the IANA database, such as America/Toronto"),
});
export type FreezeWindow = Readonly<z.infer<typeof freezeWindowSchema>>;

const trustedWorkflowSchema = z.strictObject({
  workflow: z
    .string()
    .regex(
      /^[0-9A-Za-z._-]+\/[0-9A-Za-z._-]+\/\.github\/workflows\/[0-9A-Za-z._-]+\.ya?ml$/,
      "a workflow is owner/name/.github/workflows/<file>.yml",
    ),
  sha: z.array(commitShaSchema).min(1),
});

/** `.slipway/policy.yaml` of the environments repository. */
export const policySchema = z.strictObject({
  apiVersion: z.literal("slipway/v1"),
  kind: z.literal("Policy"),
  models: z.record(
    modelNameSchema,
    z.strictObject({
      repository: repositoryNameSchema,
      id: z.number().int().positive(),
      bases: z.array(z.string().min(1)).min(1).default(["main"]),
    }),
  ),
  environments: z.array(environmentSchema).min(1).max(20),
  /** The environment whose live version is the baseline; the last in order when not named. */
  reference: environmentNameSchema.optional(),
  trustedWorkflows: z.array(trustedWorkflowSchema).default([]),
  roles: z.partialRecord(z.enum(roleNames), roleSchema).default({}),
  floors: z.strictObject({ all: z.array(gateRuleSchema).default([]), firstVersion: z.array(gateRuleSchema).default([]) }).prefault({}),
  /** Whether gates get stricter with each candidate that a pull request tries on one holdout, or the tries are only told. */
  looks: z.enum(["told", "bonferroni"]).default("told"),
  freezes: z.array(freezeWindowSchema).default([]),
});
export type Policy = Readonly<z.infer<typeof policySchema>>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
