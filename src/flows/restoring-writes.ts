import type { FileWrite } from "#domain/environment/change.ts";
import { manifestsFolder } from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { BlobId } from "#domain/model/names.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";

/** A verified version's files, byte for byte, and nothing else in the model's folder. */
export function restoringWrites(
  snapshot: EnvironmentsSnapshot,
  record: Pick<ReleaseRecord, "environment" | "model">,
  files: Readonly<Record<string, BlobId>>,
): readonly FileWrite[] {
  const extra = [...ownedFiles(snapshot, record).keys()].filter((path) => files[path] === undefined);
  return [
    ...Object.entries(files).map(([path, blob]): FileWrite => ({ kind: "blob", path, blob })),
    ...extra.map((path): FileWrite => ({ kind: "delete", path })),
  ];
}

/** What stands in the model's folder. */
export function ownedFiles(
  snapshot: EnvironmentsSnapshot,
  { environment, model }: Pick<ReleaseRecord, "environment" | "model">,
): ReadonlyMap<string, BlobId> {
  const folder = manifestsFolder(environment, model);
  return new Map([...snapshot.entries].filter(([path]) => path.startsWith(folder)));
}
