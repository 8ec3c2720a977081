import { z } from "zod";
import type { Permissions } from "./github-client.ts";
import { GitHubRefused, isMissing } from "./github-unavailable.ts";
import { neededPermissions, whoGrants } from "./needed-permissions.ts";

export interface InstallationTokens {
  /** A token for one repository that can do no more than the permissions say. */
  token(repository: string, permissions: Permissions): Promise<string>;
  /** A token that may read the names of an installation's repositories, and nothing else. */
  namesToken(installation: number): Promise<string>;
  /** The token no longer works: the next one is minted anew. */
  forget(repository: string, permissions: Permissions): void;
}

/** The calls as the App itself that tokens need. */
interface AppCalls {
  /** The installation that covers a repository; `anew` says that the one known is gone. */
  installationOf(repository: string, anew?: "anew"): Promise<number>;
  /** Mints a token: `POST /app/installations/{installation_id}/access_tokens`. */
  mint(installation: number, body: { readonly repositories?: readonly string[]; readonly permissions: Permissions }): Promise<unknown>;
  now(): number;
}

const mintedSchema = z.object({ token: z.string().min(1), expires_at: z.string() });
type Minted = z.infer<typeof mintedSchema>;

/** A token that is about to expire could do so in the middle of what it is wanted for. */
const margin = 5 * 60_000;

export function installationTokens(app: AppCalls): InstallationTokens {
  const minted = new Map<string, Minted>();
  const minting = new Map<string, Promise<Minted>>();

  async function cached(key: string, mint: () => Promise<unknown>): Promise<string> {
    const known = minted.get(key);
    if (known !== undefined && Date.parse(known.expires_at) - margin > app.now()) return known.token;
    const pending =
      minting.get(key) ??
      mint()
        .then((answer) => mintedSchema.parse(answer))
        .finally(() => minting.delete(key));
    minting.set(key, pending);
    const fresh = await pending;
    minted.set(key, fresh);
    return fresh.token;
  }

  async function mintFor(repository: string, permissions: Permissions, anew?: "anew"): Promise<unknown> {
    const installation = await app.installationOf(repository, anew);
    const [, name = repository] = repository.split("/");
    try {
      return await app.mint(installation, { repositories: [name], permissions });
    } catch (error) {
      throw error instanceof GitHubRefused && error.status === 422 ? notGranted(error, repository, permissions) : error;
    }
  }

  return {
    token: (repository, permissions) =>
      cached(keyOf(repository, permissions), async () => {
        try {
          return await mintFor(repository, permissions);
        } catch (error) {
          // An App that was removed and installed again has another installation.
          if (!isMissing(error)) throw error;
          return await mintFor(repository, permissions, "anew");
        }
      }),
    namesToken: (installation) =>
      cached(`installation ${installation}`, () => app.mint(installation, { permissions: { metadata: "read" } })),
    forget(repository, permissions) {
      minted.delete(keyOf(repository, permissions));
    },
  };
}

/** GitHub says no more than that something is not granted, or that the repository is not covered. */
function notGranted({ what, where, status }: GitHubRefused, repository: string, permissions: Permissions): GitHubRefused {
  const needs = neededPermissions(repository, permissions);
  return new GitHubRefused({ what, where, status, next: whoGrants(needs), needs });
}

function keyOf(repository: string, permissions: Permissions): string {
  return `${repository.toLowerCase()} ${JSON.stringify(Object.entries(permissions).toSorted())}`;
}
