import { z } from "zod";
import { wordSchema } from "#domain/environment/approval.ts";
import {
  type BlobId,
  blobIdSchema,
  digestSchema,
  type EnvironmentName,
  environmentNameSchema,
  loginSchema,
  modelNameSchema,
} from "#domain/model/names.ts";
import { instantSchema } from "#domain/model/time.ts";
import { sameLogin } from "#domain/policy/roles.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import { printYaml } from "#domain/text/print-yaml.ts";

const consent = {
  by: loginSchema,
  at: instantSchema,
  command: wordSchema,
  reason: z.string().min(1).max(1000),
  /** The policy file by its exact bytes: under another policy an override is void. */
  policy: blobIdSchema,
};

/** One person's word that one named gate, or one freeze, is not to stop this version. */
const overrideSchema = z.discriminatedUnion("of", [
  /** `evidence`: the report whose gate it is; another report's is judged as ever. */
  z.strictObject({ of: z.literal("gate"), name: z.string().min(1).max(300), evidence: digestSchema, ...consent }),
  z.strictObject({ of: z.literal("freeze"), name: z.string().min(1).max(300), environment: environmentNameSchema, ...consent }),
]);
export type Override = Readonly<z.infer<typeof overrideSchema>>;

/** `.slipway/overrides/<model>/<digest>.yaml`: who set what aside for one version, and why; only ever added to. */
export const overridesFileSchema = z.strictObject({
  schema: z.literal("slipway/overrides/v1"),
  model: modelNameSchema,
  digest: digestSchema,
  overrides: z.array(overrideSchema).min(1).max(200),
});
export type OverridesFile = Readonly<z.infer<typeof overridesFileSchema>>;

export function printOverrides(file: OverridesFile): string {
  return printYaml(z.encode(overridesFileSchema, file));
}

export function parseOverrides(text: string, path: string): SchemaResult<OverridesFile> {
  return parseWithSchema(overridesFileSchema, text, path);
}

/** A gate or freeze that enough people set aside. */
export interface SetAside {
  readonly name: string;
  readonly by: readonly string[];
  /** Of the first of them. */
  readonly reason: string;
}

/** Every gate of a report that at least so many distinct people set aside under this policy. */
export function gatesSetAside(overrides: readonly Override[], evidence: string, policy: BlobId, people: number): readonly SetAside[] {
  const valid = overrides.filter((each) => each.of === "gate" && each.evidence === evidence && each.policy === policy);
  return [...new Set(valid.map(({ name }) => name))].flatMap((name) => {
    const consents = distinct(valid.filter((each) => each.name === name));
    const [first] = consents;
    if (first === undefined || consents.length < people) return [];
    return [{ name, by: consents.map(({ by }) => by), reason: first.reason }];
  });
}

/** Whether somebody set a freeze of an environment aside for this version under this policy. */
export function freezeSetAside(overrides: readonly Override[], name: string, environment: EnvironmentName, policy: BlobId): boolean {
  return overrides.some((each) => each.of === "freeze" && each.name === name && each.environment === environment && each.policy === policy);
}

function distinct(overrides: readonly Override[]): readonly Override[] {
  return overrides.filter(({ by }, index) => overrides.findIndex((other) => sameLogin(other.by, by)) === index);
}
