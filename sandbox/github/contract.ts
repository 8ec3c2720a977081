import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
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

export interface Violation {
  readonly about: "request" | "response" | "webhook" | "unserved";
  readonly operation: string;
  readonly status?: number;
  readonly message: string;
}

export interface Match {
  readonly operation: string;
  readonly params: Readonly<Record<string, string>>;
}

/** GitHub's OpenAPI description, asked at run time. A validator is compiled when its operation is first used. */
export interface Contract {
  readonly operations: ReadonlySet<string>;
  readonly violations: Violation[];
  /** Operation and status of every answer that was checked and kept the contract, e.g. `pulls/get 200`. */
  readonly kept: Set<string>;
  match(method: string, path: string): Match | undefined;
  checkRequest(match: Match, query: URLSearchParams, body: unknown): Violation | undefined;
  checkResponse(match: Match, status: number, body: unknown): Violation | undefined;
  checkWebhook(name: string, payload: unknown): Violation | undefined;
}

export function loadContract(file = new URL("./openapi.json", import.meta.url)): Contract {
  const document = Document.parse(JSON.parse(readFileSync(file, "utf8")));
  const components = { $id: "github", components: toJsonSchema(document.components) };
  const [exact, coercing] = [false, true].map((coerceTypes) => {
    const ajv = new Ajv({ strict: false, logger: false, coerceTypes });
    formats.default(ajv);
    ajv.addFormat("email", /@/); // the strict grammar refuses `1+slipway[bot]@users.noreply.github.com`, which GitHub itself writes
    return ajv.addSchema(components);
  });
  const compiled = new Map<string, ValidateFunction | undefined>();
  const violations: Violation[] = [];
  const kept = new Set<string>();

  const operations = new Map<string, z.infer<typeof Operation>>();
  const routes: { method: string; literals: number; pattern: RegExp; names: readonly string[]; operation: string }[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      operations.set(operation.operationId, operation);
      routes.push({ method: method.toUpperCase(), ...patternOf(path), operation: operation.operationId });
    }
  }
  routes.sort((a, b) => b.literals - a.literals);

  function validator(key: string, schema: () => Schema | undefined): ValidateFunction | undefined {
    if (!compiled.has(key)) {
      const found = schema();
      // A query holds text only: numbers and booleans are read from it. Bodies are taken at their word.
      const ajv = key.endsWith(" query") ? coercing : exact;
      compiled.set(key, found === undefined ? undefined : ajv?.compile(Schema.parse(toJsonSchema(found))));
    }
    return compiled.get(key);
  }

  function check(validate: ValidateFunction | undefined, value: unknown, violation: Omit<Violation, "message">): Violation | undefined {
    if (validate === undefined || validate(value)) return undefined;
    const found = { ...violation, message: describe(validate.errors ?? []) };
    violations.push(found);
    return found;
  }

  function resolve<Out>(value: unknown, schema: z.ZodType<Out>): Out {
    const reference = Reference.safeParse(value);
    if (!reference.success) return schema.parse(value);
    const [, , kind = "", name = ""] = reference.data.$ref.split("/");
    return schema.parse(document.components[kind]?.[name]);
  }

  function parametersSchema(operation: z.infer<typeof Operation>): Schema {
    const parameters = operation.parameters
      .map((parameter) => resolve(parameter, Parameter))
      .filter((parameter) => parameter.in === "query");
    return {
      type: "object",
      properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.schema ?? {}])),
      required: parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name),
    };
  }

  return {
    operations: new Set(operations.keys()),
    violations,
    kept,
    match(method, path) {
      for (const route of routes) {
        const found = route.method === method ? route.pattern.exec(path) : null;
        if (found === null) continue;
        const params = Object.fromEntries(route.names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? "")]));
        return { operation: route.operation, params };
      }
      return undefined;
    },
    checkRequest(match, query, body) {
      const operation = operations.get(match.operation);
      if (operation === undefined) return undefined;
      const about = { about: "request", operation: match.operation } as const;
      const values = Object.fromEntries(query);
      const wrong = check(
        validator(`${match.operation} query`, () => parametersSchema(operation)),
        values,
        about,
      );
      if (wrong !== undefined || (body === undefined && operation.requestBody?.required !== true)) return wrong;
      return check(
        validator(`${match.operation} body`, () => operation.requestBody?.content?.["application/json"]?.schema),
        body,
        about,
      );
    },
    checkResponse(match, status, body) {
      const operation = operations.get(match.operation);
      const about = { about: "response", operation: match.operation, status } as const;
      const response = operation?.responses[String(status)];
      // Refusals that every operation may give (401, 403, 404, 422 …) have one shape and are not listed with each operation.
      if (response === undefined && status >= 400) return undefined;
      if (response === undefined) {
        const violation = { ...about, message: `GitHub does not answer ${status} here` };
        violations.push(violation);
        return violation;
      }
      const wrong = check(
        validator(`${match.operation} ${status}`, () => resolve(response, Content).content?.["application/json"]?.schema),
        body,
        about,
      );
      if (wrong === undefined) kept.add(`${match.operation} ${status}`);
      return wrong;
    },
    checkWebhook(name, payload) {
      const description = document["x-webhooks"][name];
      const about = { about: "webhook", operation: name } as const;
      if (description === undefined) {
        const violation = { ...about, message: "no such webhook in GitHub's description" };
        violations.push(violation);
        return violation;
      }
      const wrong = check(
        validator(`webhook ${name}`, () => description.post.requestBody.content?.["application/json"]?.schema),
        payload,
        about,
      );
      if (wrong === undefined) kept.add(`webhook ${name}`);
      return wrong;
    },
  };
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

function describe(errors: readonly ErrorObject[]): string {
  return errors.map((error) => `${error.instancePath || "/"} ${error.message ?? ""} ${JSON.stringify(error.params)}`).join("; ");
}
