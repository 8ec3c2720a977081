import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

type Manifest = { readonly metadata: { readonly name: string }; readonly spec: unknown };

/** An object as an API server keeps it: the manifest, and what the server knows about it. */
export type Stored<M extends Manifest> = {
  readonly manifest: M;
  readonly model: string;
  readonly uid: string;
  readonly createdAt: string;
  /** Counts changes of the spec, from 1. */
  readonly generation: number;
};

/** What is stored when manifests are applied over it: unchanged specs keep their generation, objects no longer asked for are gone. */
export function applied<M extends Manifest>(
  before: ReadonlyMap<string, Stored<M>>,
  wanted: readonly { readonly model: string; readonly manifest: M }[],
  now: string,
): ReadonlyMap<string, Stored<M>> {
  return new Map(
    wanted.map(({ model, manifest }) => {
      const old = before.get(manifest.metadata.name);
      if (old === undefined) return [manifest.metadata.name, { manifest, model, uid: randomUUID(), createdAt: now, generation: 1 }];
      const changed = !isDeepStrictEqual(old.manifest.spec, manifest.spec);
      return [manifest.metadata.name, { ...old, manifest, model, generation: old.generation + (changed ? 1 : 0) }];
    }),
  );
}
