import { releasePath } from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import type { ReleaseId } from "#domain/model/names.ts";
import { parseRelease, type ReleaseRecord } from "#domain/rollout/release.ts";
import type { SchemaResult } from "#domain/text/parse-with-schema.ts";
import type { World } from "./world.ts";

/** The record of a release; undefined when there is none. */
export async function readRelease(
  { environments }: World,
  snapshot: EnvironmentsSnapshot,
  { environment, model }: Pick<EnvironmentState, "environment" | "model">,
  id: ReleaseId,
): Promise<SchemaResult<ReleaseRecord> | undefined> {
  const path = releasePath(environment, model, id);
  const text = await environments.read(snapshot.head, path);
  return text === undefined ? undefined : parseRelease(text, path);
}
