import { z } from "zod";
import { environmentNameSchema, identifierSchema, loginSchema, modelNameSchema } from "#domain/model/names.ts";
import { durationSchema, instantSchema } from "#domain/model/time.ts";
import { permissionLevels } from "./policy.ts";

const whoSchema = z.strictObject({
  login: loginSchema,
  teams: z.array(identifierSchema).default([]),
  permission: z.enum(["none", ...permissionLevels]).default("write"),
  /** Whether the person owns the model, by its definition or by CODEOWNERS. */
  owner: z.boolean().default(false),
  codeOwner: z.boolean().default(false),
});

const doesSchema = z.strictObject({ command: identifierSchema, environment: environmentNameSchema, model: modelNameSchema.optional() });

/** What the world is like when it is tried; what is left out speaks for it. */
const givenSchema = z.strictObject({
  /** Who opened the pull request. */
  author: loginSchema.prefault("author"),
  /** Whether it is merged; as the environment asks for, when left out. */
  merged: z.boolean().optional(),
  /** For how long the version has been verified, by environment. */
  verified: z.record(environmentNameSchema, durationSchema).default({}),
  /** Who approved exactly what is to be released. */
  approvedBy: z.array(loginSchema).default([]),
  /** The weight of other models' open releases in the environment, in per cent. */
  open: z.record(modelNameSchema, z.number().int().min(0).max(100)).default({}),
  /** Whether nothing was live before. */
  firstVersion: z.boolean().default(false),
});

const expectationSchema = z.union([z.literal("allowed"), z.strictObject({ refused: z.string().min(1) })]);

/** One row: who does what, when, in which world, and whether policy lets them. */
export const policyCaseSchema = z.strictObject({
  name: z.string().min(1).max(200),
  who: whoSchema,
  does: doesSchema,
  at: instantSchema,
  given: givenSchema.prefault({}),
  expect: expectationSchema,
});
export type PolicyCase = Readonly<z.infer<typeof policyCaseSchema>>;
export type TriedAction = Omit<PolicyCase, "name" | "expect">;

/** `.slipway/policy.test.yaml`: a table of what the policy's authors mean, tried on the rules that decide for real. */
export const policyTestSchema = z.strictObject({
  apiVersion: z.literal("slipway/v1"),
  kind: z.literal("PolicyTest"),
  tests: z.array(policyCaseSchema).min(1).max(1000),
});
