import type { Look } from "#domain/evidence/look.ts";
import type { AcceptedRun } from "#domain/evidence/run.ts";

/** Every accepted run of a pull request, whole, in `refs/slipway/evidence/<repository id>/<pull request>` of the environments repository. */
export interface EvidenceLog {
  /** Adds a run; the same run and attempt a second time changes nothing. Safe against a concurrent append. */
  append(entry: EvidenceEntry): Promise<"appended" | "present">;
  /** All runs of the pull request, in the order in which they were taken in. */
  read(repositoryId: number, pullRequest: number): Promise<readonly EvidenceEntry[]>;
  /** What all recorded runs of all pull requests looked at, repetitions included. What others record may take a minute to show. */
  looks(): Promise<readonly Look[]>;
}

/** One run as it was taken in. Bytes are exact, since digests are of bytes. */
export interface EvidenceEntry {
  readonly accepted: AcceptedRun;
  readonly files: EvidenceFiles;
}

export interface EvidenceFiles {
  readonly evidence: Uint8Array;
  /** By file name, as `evidence.json` lists them. */
  readonly reports: ReadonlyMap<string, Uint8Array>;
  /** The run's OIDC token, and the issuer's keys at that time: together they can be verified years later. */
  readonly token?: string;
  readonly keys?: string;
  /** The Sigstore bundle that attests `evidence`, and the trust root at that time: they, too, can be verified years later. */
  readonly attestation?: string;
  readonly trustRoot?: string;
}
