import { z } from "zod";
import type { Permissions } from "./github-client.ts";
import { isMissing } from "./github-unavailable.ts";

export interface InstallationTokens {
  /** A token for one repository that can do no more than the permissions say. */
  token(repository: string, permissions: Permissions): Promise<string>;
  /** The token no longer works: the next one is minted anew. */
  forget(repository: string, permissions: Permissions): void;
}

/** The calls as the App itself that tokens need. */
interface AppCalls {
  /** The installation that covers a repository; `anew` says that the one known is gone. */
  installationOf(repository: string, anew?: "anew"): Promise<number>;
  /** Mints a token: `POST /app/installations/{installation_id}/access_tokens`. */
  mint(installation: number, body: { readonly repositories: readonly string[]; readonly permissions: Permissions }): Promise<unknown>;
  now(): number;
}

const mintedSchema = z.object({ token: z.string().min(1), expires_at: z.string() });

/** A token that is about to expire could do so in the middle of what it is wanted for. */
const margin = 5 * 60_000;

interface Minted {
  readonly token: string;
  readonly expires: number;
}

export function installationTokens(app: AppCalls): InstallationTokens {
  const minted = new Map<string, Minted>();
  const minting = new Map<string, Promise<Minted>>();

  async function mintOnce(repository: string, permissions: Permissions, anew?: "anew"): Promise<Minted> {
    const installation = await app.installationOf(repository, anew);
    const [, name = repository] = repository.split("/");
    const answer = mintedSchema.parse(await app.mint(installation, { repositories: [name], permissions }));
    return { token: answer.token, expires: Date.parse(answer.expires_at) };
  }

  /** An App that was removed and installed again has another installation. */
  async function mint(repository: string, permissions: Permissions): Promise<Minted> {
    try {
      return await mintOnce(repository, permissions);
    } catch (error) {
      if (!isMissing(error)) throw error;
      return await mintOnce(repository, permissions, "anew");
    }
  }

  return {
    async token(repository, permissions) {
      const key = keyOf(repository, permissions);
      const known = minted.get(key);
      if (known !== undefined && known.expires - margin > app.now()) return known.token;
      const pending = minting.get(key) ?? mint(repository, permissions).finally(() => minting.delete(key));
      minting.set(key, pending);
      const fresh = await pending;
      minted.set(key, fresh);
      return fresh.token;
    },
    forget(repository, permissions) {
      minted.delete(keyOf(repository, permissions));
    },
  };
}

function keyOf(repository: string, permissions: Permissions): string {
  return `${repository.toLowerCase()} ${JSON.stringify(Object.entries(permissions).toSorted())}`;
}
