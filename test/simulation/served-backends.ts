import { manifestsFolder } from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { BlobId, EnvironmentName } from "#domain/model/names.ts";
import { backendsInGit, type ServedBackend } from "#test/support/git-follower.ts";
import { ranker } from "#test/support/world-texts.ts";

const known = new Map<string, readonly ServedBackend[]>();
const mostKnown = 20_000;

/** What the manifests of a commit serve, if they are applied to an empty cluster. */
export function servedBackends(
  { blob }: { blob(id: BlobId): string | undefined },
  snapshot: EnvironmentsSnapshot,
  environment: EnvironmentName,
): readonly ServedBackend[] {
  const folder = manifestsFolder(environment, ranker);
  const files = [...snapshot.entries].filter(([path]) => path.startsWith(folder));
  const key = files.map(([path, id]) => `${path} ${id}`).join("\n");
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= mostKnown) known.clear();
  const backends = backendsInGit(new Map(files.map(([path, id]) => [path, blob(id) ?? ""])));
  known.set(key, backends);
  return backends;
}
