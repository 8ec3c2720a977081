import { z } from "zod";
import type { GitHubAccess } from "#adapters/github/github-client.ts";
import { GitHubRefused } from "#adapters/github/github-unavailable.ts";

/** Answers of GitHub by route, for what the double cannot come to; a route that has none is refused. */
export function cannedAccess(answers: Readonly<Record<string, unknown>>): GitHubAccess {
  const answer = (route: string): unknown => {
    if (route in answers) return answers[route];
    throw new GitHubRefused({ what: "GitHub answered 403: Resource not accessible by integration", where: route, status: 403, next: "" });
  };
  return {
    self: async () => ({ appId: 1, login: "slipway[bot]" }),
    client: async () => ({
      get: async (route, _parameters, shape) => shape.parse(answer(route)),
      find: async (route, _parameters, shape) => shape.parse(answer(route)),
      list: async (route, _parameters, { item }) => z.array(item).parse(answer(route)),
      write: async (route, _parameters, shape) => shape.parse(answer(route)),
      download: async (route) => ({ kind: "bytes", bytes: z.instanceof(Uint8Array).parse(answer(route)), contentType: "" }),
    }),
  };
}
