import { setTimeout as pause } from "node:timers/promises";
import { contentSpacing } from "./content-spacing.ts";
import { etagCache } from "./etag-cache.ts";
import { type GitHubAccess, githubClient } from "./github-client.ts";
import { octokitFor } from "./octokit.ts";

export interface TokenAccessOptions {
  /** `https://api.github.com`, or a GitHub Enterprise Server's `https://<host>/api/v3`. */
  readonly baseUrl: string;
  /** owner/name */
  readonly repository: string;
  readonly token: string;
  /** Whose token it is. */
  readonly login: string;
}

/** GitHub for one repository by a token that somebody else made, with whatever rights it has. */
export function tokenAccess({ baseUrl, repository, token, login }: TokenAccessOptions): GitHubAccess {
  const waiting = { pause: async (milliseconds: number) => void (await pause(milliseconds)), now: Date.now };
  const requester = new (octokitFor({ baseUrl }))({ auth: { token } });
  const connection = {
    requester,
    baseUrl,
    repository,
    spacing: contentSpacing(0, waiting),
    pages: etagCache(),
    unauthorized: () => undefined,
  };
  return {
    client: async (_, permissions) => githubClient({ ...connection, permissions, ...waiting }),
    self: async () => ({ login }),
  };
}
