import type { VersionRef } from "#domain/model/names.ts";

/** How far the second write of a breach has come, by what Git and GitHub show. */
export interface RollbackFacts {
  readonly target: VersionRef | undefined;
  readonly proposal: { readonly number: number; readonly state: "open" | "merged" | "closed" } | undefined;
  readonly issue: number | undefined;
  /** The pull request that would take the route away, where nothing can be restored. */
  readonly removal: { readonly number: number; readonly state: "open" | "merged" | "closed" } | undefined;
  /** Whether there is a route that could be taken away. */
  readonly hasRoute: boolean;
  /** Whether policy lets Slipway merge the pull request itself. */
  readonly merges: boolean;
}

export type RollbackStep =
  | { readonly kind: "open-incident" }
  | { readonly kind: "propose"; readonly target: VersionRef }
  | { readonly kind: "propose-removal" }
  | { readonly kind: "merge"; readonly number: number }
  | { readonly kind: "close"; readonly number: number; readonly issue: number }
  | { readonly kind: "wait"; readonly code: "no-verified-target" | "closed-by-a-person" | "waits-for-a-person"; readonly message: string };

/**
 * The next step of a rollback whose weight is already back. Each step shows in Git or on GitHub once it is done, so a crash between any
 * two is found here. Rolling back is never frozen (invariant 6); nothing is rolled back to what was never verified (invariant 8).
 */
export function decideRollback(facts: RollbackFacts): RollbackStep {
  const { target, proposal, issue } = facts;
  if (proposal === undefined && target !== undefined) return { kind: "propose", target };
  if (issue === undefined) return { kind: "open-incident" };
  if (proposal === undefined) {
    if (facts.removal === undefined && facts.hasRoute) return { kind: "propose-removal" };
    return {
      kind: "wait",
      code: "no-verified-target",
      message: `no earlier version was verified here that is not held: a person must decide what the route serves${removalText(facts.removal)}`,
    };
  }
  switch (proposal.state) {
    case "merged":
      return { kind: "close", number: proposal.number, issue };
    case "closed":
      return { kind: "wait", code: "closed-by-a-person", message: `pull request #${proposal.number} was closed unmerged; the hold stays` };
    case "open":
      return facts.merges
        ? { kind: "merge", number: proposal.number }
        : { kind: "wait", code: "waits-for-a-person", message: `pull request #${proposal.number} waits for a person to merge it` };
  }
}

function removalText(removal: RollbackFacts["removal"]): string {
  switch (removal?.state) {
    case undefined:
      return "";
    case "open":
      return `; pull request #${removal?.number} proposes to remove it`;
    case "merged":
      return `; pull request #${removal?.number}, which removed it, is merged`;
    case "closed":
      return `; pull request #${removal?.number}, which proposed to remove it, was closed unmerged`;
  }
}
