// GitHub's OpenAPI description as this process knows it: parsed once, a validator compiled when it is first needed.
import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { z } from "zod";

const Schema = z.record(z.string(), z.unknown());
type Schema = z.infer<typeof Schema>;
const Content = z.object({ content: z.record(z.string(), z.object({ schema: Schema.optional() })).optional() });
const Reference = z.object({ $ref: z.string() });
const Parameter = z.object({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema: Schema.optional() });
const Operation = z.object({
  operationId: z.string(),
  parameters: z.array(z.union([Reference, Parameter])).default([]),
  requestBody: z.object({ required: z.boolean().optional(), ...Content.shape }).optional(),
  responses: z.record(z.string(), z.union([Reference, Content])),
});
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  "x-webhooks": z.record(z.string(), z.object({ post: z.object({ requestBody: Content }) })),
  components: z.record(z.string(), z.record(z.string(), Schema)),
});

const json = "application/json";

export interface Match {
  readonly operation: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface Description {
  readonly operations: ReadonlySet<string>;
  match(method: string, path: string): Match | undefined;
  query(operation: string): ValidateFunction | undefined;
  body(operation: string): { readonly required: boolean; readonly validate: ValidateFunction | undefined };
  /** Undefined: GitHub does not list this status for the operation. */
  response(operation: string, status: number): { readonly validate: ValidateFunction | undefined } | undefined;
  webhook(name: string): ValidateFunction | undefined;
}

let known: Description | undefined;

export function gitHubDescription(): Description {
  known ??= readDescription(new URL("./openapi.json", import.meta.url));
  return known;
}

function readDescription(file: URL): Description {
  const document = Document.parse(JSON.parse(readFileSync(file, "utf8")));
  const components = { $id: "github", components: toJsonSchema(document.components) };
  const [exact, coercing] = [false, true].map((coerceTypes) => {
    const ajv = new Ajv({ strict: false, logger: false, coerceTypes });
    formats.default(ajv);
    ajv.addFormat("email", /@/); // the strict grammar refuses `1+slipway[bot]@users.noreply.github.com`, which GitHub itself writes
    return ajv.addSchema(components);
  });
  const compiled = new Map<string, ValidateFunction | undefined>();
  const operations = new Map<string, z.infer<typeof Operation>>();
  const routes: { method: string; literals: number; pattern: RegExp; names: readonly string[]; operation: string }[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      operations.set(operation.operationId, operation);
      routes.push({ method: method.toUpperCase(), ...patternOf(path), operation: operation.operationId });
    }
  }
  routes.sort((a, b) => b.literals - a.literals);

  /** A query holds text only: numbers and booleans are read from it. Bodies are taken at their word. */
  function validator(key: string, ajv: Ajv | undefined, schema: Schema | undefined): ValidateFunction | undefined {
    if (!compiled.has(key)) compiled.set(key, schema === undefined ? undefined : ajv?.compile(Schema.parse(toJsonSchema(schema))));
    return compiled.get(key);
  }

  function resolve<Out>(value: unknown, schema: z.ZodType<Out>): Out {
    const reference = Reference.safeParse(value);
    if (!reference.success) return schema.parse(value);
    const [, , kind = "", name = ""] = reference.data.$ref.split("/");
    return schema.parse(document.components[kind]?.[name]);
  }

  function querySchema(operation: z.infer<typeof Operation>): Schema {
    const all = operation.parameters.map((parameter) => resolve(parameter, Parameter));
    const inQuery = all.filter((parameter) => parameter.in === "query");
    return {
      type: "object",
      properties: Object.fromEntries(inQuery.map((parameter) => [parameter.name, parameter.schema ?? {}])),
      required: inQuery.filter((parameter) => parameter.required).map((parameter) => parameter.name),
    };
  }

  return {
    operations: new Set(operations.keys()),
    match(method, path) {
      for (const route of routes) {
        const found = route.method === method ? route.pattern.exec(path) : null;
        if (found === null) continue;
        const params = Object.fromEntries(route.names.map((name, index) => [name, decoded(found[index + 1] ?? "")]));
        return { operation: route.operation, params };
      }
      return undefined;
    },
    query(name) {
      const operation = operations.get(name);
      return operation && validator(`${name} query`, coercing, querySchema(operation));
    },
    body(name) {
      const wanted = operations.get(name)?.requestBody;
      return { required: wanted?.required === true, validate: validator(`${name} body`, exact, wanted?.content?.[json]?.schema) };
    },
    response(name, status) {
      const response = operations.get(name)?.responses[String(status)];
      if (response === undefined) return undefined;
      return { validate: validator(`${name} ${status}`, exact, resolve(response, Content).content?.[json]?.schema) };
    },
    webhook: (name) => validator(`webhook ${name}`, exact, document["x-webhooks"][name]?.post.requestBody.content?.[json]?.schema),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // names nothing, and is told so
  }
}

/** Refs, paths and the two sides of a comparison may hold slashes; the route with the most literal segments is asked first. */
function patternOf(path: string): { pattern: RegExp; names: readonly string[]; literals: number } {
  const names: string[] = [];
  const pattern = path
    .replaceAll(".", "\\.")
    .replace(/\/\{path\}/, "(?:/{path})?")
    .replace(/\{(\w+)\}/g, (_, name: string) => {
      names.push(name);
      return ["path", "ref", "base", "head"].includes(name) ? "(.*)" : "([^/]+)";
    });
  return { pattern: new RegExp(`^${pattern}$`), names, literals: path.split("/").filter((part) => !part.startsWith("{")).length };
}

/** OpenAPI 3.0 says `nullable`, JSON Schema says so in the type; references point into the one shared document. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    if (key === "$ref" && typeof inner === "string") return [key, inner.replace(/^#/, "github#")];
    return [isAlternative(key, inner) ? "anyOf" : key, toJsonSchema(inner)];
  });
  const { nullable, ...schema } = Object.fromEntries(entries);
  if (typeof nullable !== "boolean") return nullable === undefined ? schema : { ...schema, nullable };
  if (!nullable) return schema;
  return { anyOf: [schema, { type: "null" }] };
}

/**
 * Two places where GitHub's own answers would not pass GitHub's description: alternatives overlap (basic-error fits most of them), so "exactly one"
 * becomes "any"; and `GET /app/installations` says that an account is a user and an enterprise, where every other operation says or.
 */
function isAlternative(key: string, value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return key === "oneOf" || (key === "allOf" && value.some((part) => z.object({ title: z.literal("Enterprise") }).safeParse(part).success));
}
