import type { ErrorObject, ValidateFunction } from "ajv";
import { gitHubDescription, type Match } from "./github-description.ts";

export interface Violation {
  readonly about: "request" | "response" | "webhook" | "unserved";
  readonly operation: string;
  readonly status?: number;
  readonly message: string;
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

export function loadContract(): Contract {
  const description = gitHubDescription();
  const violations: Violation[] = [];
  const kept = new Set<string>();

  function violated(violation: Violation): Violation {
    violations.push(violation);
    return violation;
  }

  function check(validate: ValidateFunction | undefined, value: unknown, about: Omit<Violation, "message">): Violation | undefined {
    if (validate === undefined || validate(value)) return undefined;
    return violated({ ...about, message: describe(validate.errors ?? []) });
  }

  return {
    operations: description.operations,
    violations,
    kept,
    match: description.match,
    checkRequest({ operation }, query, body) {
      const about = { about: "request", operation } as const;
      const wrong = check(description.query(operation), Object.fromEntries(query), about);
      const wanted = description.body(operation);
      if (wrong !== undefined || (body === undefined && !wanted.required)) return wrong;
      return check(wanted.validate, body, about);
    },
    checkResponse({ operation }, status, body) {
      const about = { about: "response", operation, status } as const;
      const response = description.response(operation, status);
      // Refusals that every operation may give (401, 403, 404, 422 …) have one shape and are not listed with each operation.
      if (response === undefined)
        return status >= 400 ? undefined : violated({ ...about, message: `GitHub does not answer ${status} here` });
      const wrong = check(response.validate, body, about);
      if (wrong === undefined) kept.add(`${operation} ${status}`);
      return wrong;
    },
    checkWebhook(name, payload) {
      const about = { about: "webhook", operation: name } as const;
      const validate = description.webhook(name);
      if (validate === undefined) return violated({ ...about, message: "no such webhook in GitHub's description" });
      const wrong = check(validate, payload, about);
      if (wrong === undefined) kept.add(`webhook ${name}`);
      return wrong;
    },
  };
}

function describe(errors: readonly ErrorObject[]): string {
  return errors.map((error) => `${error.instancePath || "/"} ${error.message ?? ""} ${JSON.stringify(error.params)}`).join("; ");
}
