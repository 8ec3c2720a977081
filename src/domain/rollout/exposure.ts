import type { Digest } from "#domain/model/names.ts";

/** What the cluster was seen to serve of one model. */
export type Exposure =
  | {
      readonly kind: "seen" /** Every gateway took the route at its newest generation. */;
      readonly accepted: boolean;
      readonly backends: readonly Backend[];
    }
  /** The API could not be read, or holds no such route: never taken for "nothing is exposed". */
  | { readonly kind: "unknown"; readonly reason: string };

export interface Backend {
  readonly digest: Digest;
  /** Per cent of the traffic. */
  readonly weight: number;
  readonly ready: number;
  readonly wanted: number;
  /** Per cent of the requests of which it gets a copy; left out where it gets none. */
  readonly mirrored?: number;
}

/** The exposure that a step asks for. */
export interface WantedExposure {
  readonly weight: number;
  readonly mirror: number | null;
  /** A controller walks the steps by itself: it may be ahead of what was judged, never behind. */
  readonly delegated: boolean;
}

/** Why a step is not yet what users meet; undefined when it is. */
export function notLiveBecause(exposure: Exposure, candidate: Digest, { weight, mirror, delegated }: WantedExposure): string | undefined {
  if (exposure.kind === "unknown") return `the cluster could not be read: ${exposure.reason}`;
  if (!exposure.accepted) return "the gateway has not taken the newest route";
  const served = exposure.backends.find((backend) => backend.digest === candidate);
  if (served === undefined) return "the route does not know the candidate yet";
  if (delegated ? served.weight < weight : served.weight !== weight) return `the cluster still serves the candidate at ${served.weight} %`;
  if (mirror !== null && served.mirrored !== mirror) return `the cluster copies ${served.mirrored ?? 0} % of the requests to the candidate`;
  const unready = exposure.backends.find(
    (backend) => (backend.weight > 0 || backend.mirrored !== undefined) && backend.ready < backend.wanted,
  );
  return unready && `${unready.ready} of ${unready.wanted} replicas of ${unready.digest.slice(7, 19)} are ready`;
}
