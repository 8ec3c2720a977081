// Cuts GitHub's OpenAPI document down to the operations and webhooks that the GitHub double serves, with every schema they reach.
// npx node tools/github-openapi-subset.ts <folder of @octokit/openapi> [names.json] [target.json]
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Names = z.object({ operations: z.array(z.string()), webhooks: z.array(z.string()) });
const Operation = z.looseObject({ operationId: z.string() });
const Components = z.record(z.string(), z.record(z.string(), z.unknown()));
const Document = z.looseObject({
  openapi: z.string(),
  info: z.unknown(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  "x-webhooks": z.record(z.string(), z.unknown()),
  components: Components,
});
type Document = z.infer<typeof Document>;

/** The part of the document that the named operations and webhooks need; a name that GitHub does not know is an error. */
function subsetOf(document: Document, names: z.infer<typeof Names>): object {
  const wanted = new Set(names.operations);
  const paths: Record<string, Record<string, unknown>> = {};
  const found = new Set<string>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, value] of Object.entries(methods)) {
      const operation = Operation.safeParse(value);
      if (!operation.success || !wanted.has(operation.data.operationId)) continue;
      found.add(operation.data.operationId);
      paths[path] = { ...paths[path], [method]: value };
    }
  }
  const webhooks = Object.fromEntries(names.webhooks.map((name) => [name, document["x-webhooks"][name]]));
  const unknown = [
    ...names.operations.filter((name) => !found.has(name)),
    ...names.webhooks.filter((name) => webhooks[name] === undefined),
  ];
  if (unknown.length > 0) throw new Error(`GitHub's document has no ${unknown.join(", ")}`);

  return {
    openapi: document.openapi,
    info: document.info,
    paths,
    "x-webhooks": webhooks,
    components: reachedFrom([paths, webhooks], document.components),
  };
}

function reachedFrom(start: unknown, all: z.infer<typeof Components>): z.infer<typeof Components> {
  const reached: z.infer<typeof Components> = {};
  const waiting: unknown[] = [start];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (value === null || typeof value !== "object") continue;
    const reference = "$ref" in value && typeof value.$ref === "string" ? value.$ref.split("/") : undefined;
    const [, , kind, name] = reference ?? [];
    if (kind !== undefined && name !== undefined && kind !== "examples" && reached[kind]?.[name] === undefined) {
      const target = all[kind]?.[name];
      reached[kind] = { ...reached[kind], [name]: target };
      waiting.push(target);
    }
    waiting.push(...Object.values(value));
  }
  return reached;
}

/** Examples, prose and GitHub's own remarks are most of the document and no part of the contract. `this` is the object that holds the key. */
function withoutProse(this: object, key: string, value: unknown): unknown {
  const inSchema = ("type" in this && typeof this.type === "string") || "schema" in this;
  const isExample = inSchema && (key === "example" || key === "examples");
  const isDescription = inSchema && key === "description" && typeof value === "string";
  return key === "x-github" || key === "externalDocs" || isExample || isDescription ? undefined : value;
}

const [source, namesFile = "sandbox/github/operations.json", target = "sandbox/github/openapi.json"] = process.argv.slice(2);
if (source === undefined) {
  console.error("usage: node tools/github-openapi-subset.ts <folder of @octokit/openapi> [names.json] [target.json]");
  process.exit(64);
}
const document = Document.parse(JSON.parse(readFileSync(join(source, "generated/api.github.com.json"), "utf8")));
const names = Names.parse(JSON.parse(readFileSync(namesFile, "utf8")));
const text = `${JSON.stringify(subsetOf(document, names), withoutProse)}\n`;
writeFileSync(target, text);
console.log(`${names.operations.length} operations, ${names.webhooks.length} webhooks, ${text.length} bytes`);
