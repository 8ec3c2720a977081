import { recordsFolder } from "#domain/environment/paths.ts";
import type { CommitRecord, EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import { parseRelease, type ReleaseRecord } from "#domain/rollout/release.ts";
import type { World } from "./world.ts";

/** The release whose first commit this is: Slipway may have died before it could say what it had started. */
export async function releaseStartedBy(
  { environments }: Pick<World, "environments">,
  snapshot: EnvironmentsSnapshot,
  { message }: Pick<CommitRecord, "message">,
): Promise<ReleaseRecord | undefined> {
  const { "Slipway-Release": id, "Slipway-Step": step } = parseTrailers(message);
  if (id === undefined || step !== "start") return undefined;
  const path = [...snapshot.entries.keys()].find((file) => file.startsWith(recordsFolder) && file.endsWith(`/${id}.yaml`));
  const text = path && (await environments.read(snapshot.head, path));
  const record = path && text ? parseRelease(text, path) : undefined;
  return record?.kind === "ok" ? record.value : undefined;
}
