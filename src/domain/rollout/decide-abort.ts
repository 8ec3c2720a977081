import type { OpenRelease, VerifiedVersion } from "#domain/environment/state.ts";

/** What is known of an open release and of the pull request that proposed its version. */
export interface AbortFacts {
  readonly open: Pick<OpenRelease, "phase" | "pullRequest">;
  /** undefined when there is no such pull request. */
  readonly pullRequest: { readonly state: "open" | "closed"; readonly merged: boolean } | undefined;
  /** Set when someone else than Slipway wrote the model's files last (invariant 10). */
  readonly editedBy: string | undefined;
  /** The version beside the canary with the files that serve it alone; undefined when it was never verified here. */
  readonly stable: VerifiedVersion | undefined;
  /** Why the stable version is held. */
  readonly stableHeldBecause: string | undefined;
}

export type AbortDecision =
  | { readonly kind: "abort"; readonly code: "closed-unmerged"; readonly message: string; readonly restores: VerifiedVersion }
  /** Nothing asks for an end. */
  | { readonly kind: "keep"; readonly code: KeepCode; readonly message: string }
  /** The release should end, and only a person can end it. */
  | { readonly kind: "blocked"; readonly code: BlockedCode; readonly message: string };

export type KeepCode = "stopping" | "pull-request-missing" | "pull-request-open" | "pull-request-merged";
export type BlockedCode = "edited" | "stable-not-verified" | "stable-held";

/**
 * Whether a release ends because nobody wants its version any more: its pull request was closed unmerged. A release that is stopping is
 * the rollback's. Going back is never frozen, and goes back to what is live and was verified, or not at all (invariant 6).
 */
export function decideAbort({ open, pullRequest, editedBy, stable, stableHeldBecause }: AbortFacts): AbortDecision {
  const proposal = `pull request #${open.pullRequest.number}`;
  if (open.phase === "stopping") return { kind: "keep", code: "stopping", message: "the rollback ends this release" };
  if (pullRequest === undefined) return { kind: "keep", code: "pull-request-missing", message: `there is no ${proposal}` };
  if (pullRequest.merged) return { kind: "keep", code: "pull-request-merged", message: `${proposal} is merged` };
  if (pullRequest.state === "open") return { kind: "keep", code: "pull-request-open", message: `${proposal} is open` };

  const closed = `${proposal} was closed unmerged`;
  if (editedBy !== undefined)
    return { kind: "blocked", code: "edited", message: `${closed}, but the model's files were edited by ${editedBy}` };
  if (stable === undefined)
    return {
      kind: "blocked",
      code: "stable-not-verified",
      message: `${closed}, but what is live beside the canary was never verified here`,
    };
  if (stableHeldBecause !== undefined)
    return { kind: "blocked", code: "stable-held", message: `${closed}, but ${stable.version} is held: ${stableHeldBecause}` };
  return { kind: "abort", code: "closed-unmerged", message: closed, restores: stable };
}
