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
import { tiers } from "#domain/model/tier.ts";
import { durationSchema } from "#domain/model/time.ts";
import { rolloutDefaultsSchema } from "#domain/rollout/plan.ts";
import { freezeWindowSchema } from "./freeze-window.ts";

/** A share of traffic, written 5% or 0.5%; a number from 0 to 1 in the normal form. */
const shareSchema = z
  .string()
  .regex(/^(?:100|\d{1,2})(?:\.\d{1,4})?%$/, "a share is written like 5%")
  .transform((text) => Number(text.slice(0, -1)) / 100);

/** How many people must agree, none of them the author, to exactly what is released. */
const approvalsSchema = z.strictObject({ people: z.number().int().min(1).max(10).default(1), role: identifierSchema.default("approver") });

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([item, z.array(item).min(1)]).transform((written): readonly z.output<T>[] => (Array.isArray(written) ? written : [written]));

const environmentSchema = z.strictObject({
  name: environmentNameSchema,
  /** The environments in which the same digest must be verified first: all of them. */
  after: oneOrMore(environmentNameSchema).default([]),
  /** For how long at least it must have been verified there. */
  verifiedFor: durationSchema.default(0),
  /** Whether a release may start from an open pull request's head, or only from what was merged. */
  from: z.enum(["pull-request", "merged"]).default("merged"),
  /** Whether the merge of a version starts its release, without a command. */
  onMerge: z.boolean().default(false),
  /** Whether Slipway merges a rollback pull request itself. */
  rollback: z.enum(["merge", "propose"]).default("propose"),
  approvals: approvalsSchema.optional(),
  /** How many releases may be open at once, of all models. */
  releases: z.number().int().min(1).max(10_000).optional(),
  /** Blast radius: the share of all traffic that may be on versions that are not verified, over all models. */
  exposure: shareSchema.optional(),
  /** Whether the cluster is asked, before a pull request passes, if it would take the version's manifests. */
  dryRun: z.boolean().default(false),
  /** The Kubernetes namespace its manifests name. */
  namespace: environmentNameSchema.optional(),
});
export type EnvironmentRules = Readonly<z.infer<typeof environmentSchema>>;

/** The roles that Slipway itself asks for; a policy may name others, for its own matrix of commands. */
export const roleNames = ["deployer", "approver", "holder"] as const;
export type RoleName = string;

export const permissionLevels = ["read", "triage", "write", "maintain", "admin"] as const;
export type PermissionLevel = (typeof permissionLevels)[number];

/** Who has a role: any of these people, teams (slugs of the organisation), permission levels on the model repository, or those a model belongs to. */
const roleSchema = z.strictObject({
  users: z.array(loginSchema).default([]),
  teams: z.array(identifierSchema).default([]),
  permissions: z.array(z.enum(permissionLevels)).default([]),
  /** The `owners` of the model's definition on the default branch. */
  owners: z.boolean().default(false),
  /** The owners that CODEOWNERS on the default branch gives the model's folder. */
  codeOwners: z.boolean().default(false),
});
export type Role = Readonly<z.infer<typeof roleSchema>>;

/** For one command: which roles may use it, by environment; "*" stands for those that are not named. */
const commandRulesSchema = z.record(
  z.union([z.literal("*"), environmentNameSchema]),
  z.union([z.literal("nobody"), oneOrMore(identifierSchema)]),
);

/** What a rollout may not go beyond. */
const ceilingSchema = z.strictObject({
  /** The greatest weight of the first step, in per cent. */
  firstWeight: z.number().int().min(1).max(100).optional(),
  /** How many times greater a step's weight may be than the one before it. */
  growth: z.number().gt(1).max(100).optional(),
  /** The shortest window of a step, and the shortest bake at 100 %. */
  window: durationSchema.optional(),
  bake: durationSchema.optional(),
  extend: z.number().int().min(0).max(20).optional(),
});
export type RolloutCeiling = Readonly<z.infer<typeof ceilingSchema>>;

/** Setting one named gate aside: who may, and how many distinct people it takes. */
const overridesSchema = z.strictObject({
  role: identifierSchema.default("approver"),
  people: z.number().int().min(1).max(5).default(1),
  /** Whether the policy's own floors can be set aside too. */
  floors: z.boolean().default(false),
});

/** As GitHub names them in the claim `runner_environment`. */
const runnerKinds = ["github-hosted", "self-hosted"] as const;

const trustedWorkflowSchema = z.strictObject({
  workflow: z
    .string()
    .regex(
      /^[0-9A-Za-z._-]+\/[0-9A-Za-z._-]+\/\.github\/workflows\/[0-9A-Za-z._-]+\.ya?ml$/,
      "a workflow is owner/name/.github/workflows/<file>.yml",
    ),
  sha: z.array(commitShaSchema).min(1),
  /** Where its jobs may run; a called workflow runs on the caller's own runners when they have the label. */
  runners: z.array(z.enum(runnerKinds)).min(1).optional(),
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
      /** Its share of all traffic, for the blast radius of an environment. */
      traffic: shareSchema.optional(),
    }),
  ),
  environments: z.array(environmentSchema).min(1).max(20),
  /** The environment whose live version is the baseline; the last in order when not named. */
  reference: environmentNameSchema.optional(),
  trustedWorkflows: z.array(trustedWorkflowSchema).default([]),
  roles: z.record(identifierSchema, roleSchema).default({}),
  /** Command × environment × role, where it differs from what each command asks for by itself. */
  commands: z.record(identifierSchema, commandRulesSchema).default({}),
  overrides: overridesSchema.optional(),
  rollout: z
    .strictObject({
      /** The pace of models whose definitions say none, by tier. */
      defaults: z.partialRecord(z.enum(tiers), rolloutDefaultsSchema).default({}),
      ceilings: z.partialRecord(z.enum(tiers), ceilingSchema).default({}),
    })
    .prefault({}),
  floors: z.strictObject({ all: z.array(gateRuleSchema).default([]), firstVersion: z.array(gateRuleSchema).default([]) }).prefault({}),
  /** Whether gates get stricter with each candidate that a pull request tries on one holdout, or the tries are only told. */
  looks: z.enum(["told", "bonferroni"]).default("told"),
  freezes: z.array(freezeWindowSchema).default([]),
});
export type Policy = Readonly<z.infer<typeof policySchema>>;
