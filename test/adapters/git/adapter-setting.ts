import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cachedClone } from "#adapters/git/cached-clone.ts";
import { environmentsRepository } from "#adapters/git/environments-repository.ts";
import { evidenceLog } from "#adapters/git/evidence-log.ts";
import type { Change } from "#domain/environment/change.ts";
import type { CommitSha } from "#domain/model/names.ts";
import { type GitHttp, gitHttp } from "#test/support/git-http.ts";

export const token = "ghs_verySecretInstallationToken0123456789";
export const identity = { name: "slipway[bot]", email: "slipway[bot]@users.noreply.github.com" };

/** A repository behind HTTP, and as many clones of it as a test asks for; `close` stops and removes all. */
export async function adapterSetting(first?: Readonly<Record<string, string>>) {
  const host: GitHttp = await gitHttp(token, first);
  const root = mkdtempSync(join(tmpdir(), "git-adapter-"));
  let clones = 0;
  return {
    host,
    root,
    replica(folder = join(root, `clone-${(clones += 1)}`), given = token) {
      const clone = cachedClone({ url: host.url, folder, token: async () => given });
      return { folder, repository: environmentsRepository({ clone, identity }), log: evidenceLog({ clone, identity }) };
    },
    close: async () => {
      await host.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function textChange(base: CommitSha, path: string, text: string): Change {
  return { base, subject: "Write a file", trailers: { step: "test" }, writes: [{ kind: "text", path, text }] };
}
