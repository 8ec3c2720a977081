import { type CaseOutcome, runPolicyCase, type TriedPolicy } from "#domain/command/try-policy.ts";
import { policyPath } from "#domain/environment/paths.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { checkPolicy } from "#domain/policy/policy-rules.ts";
import { type PolicyCase, policyTestSchema } from "#domain/policy/policy-test-file.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import type { Problem } from "#domain/text/problem.ts";
import type { Documents } from "#ports/documents.ts";

const policyTestPath = ".slipway/policy.test.yaml";

export interface TriedCase extends CaseOutcome {
  readonly test: PolicyCase;
}

/** Reads the policy of an environments repository's work tree, with the calendars that it names. */
export async function readPolicy(documents: Documents, folder: string): Promise<SchemaResult<TriedPolicy>> {
  const path = below(folder, policyPath);
  const text = await textOf(documents, path);
  if (typeof text !== "string") return { kind: "invalid", problems: [text] };
  const parsed = parseWithSchema(policySchema, text, path);
  if (parsed.kind === "invalid") return parsed;
  const problems = checkPolicy(parsed.value, text, path);
  if (problems.length > 0) return { kind: "invalid", problems };

  const others = new Map<string, string>();
  for (const { calendar } of parsed.value.freezes) {
    if (calendar === undefined) continue;
    const read = await textOf(documents, below(folder, calendar));
    // A calendar that is missing freezes, here as in production.
    if (typeof read === "string") others.set(calendar, read);
  }
  return { kind: "ok", value: { policy: parsed.value, text, others } };
}

/** Runs the table of tests beside a policy. */
export async function testPolicy(documents: Documents, folder: string): Promise<SchemaResult<readonly TriedCase[]>> {
  const tried = await readPolicy(documents, folder);
  if (tried.kind === "invalid") return tried;
  const path = below(folder, policyTestPath);
  const text = await textOf(documents, path);
  if (typeof text !== "string") return { kind: "invalid", problems: [text] };
  const parsed = parseWithSchema(policyTestSchema, text, path);
  if (parsed.kind === "invalid") return parsed;

  return { kind: "ok", value: parsed.value.tests.map((test) => ({ test, ...runPolicyCase(tried.value, test) })) };
}

function below(folder: string, path: string): string {
  return folder === "." || folder === "" ? path : `${folder.replace(/\/+$/, "")}/${path}`;
}

async function textOf(documents: Documents, path: string): Promise<string | Problem> {
  const [document] = await documents.read([path]);
  if (document?.kind === "text") return document.text;
  return { file: path, line: 1, column: 1, path: [], message: document?.reason ?? "there is no such file" };
}
