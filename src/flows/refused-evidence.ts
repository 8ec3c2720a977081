import type { RunFacts } from "#domain/evidence/run.ts";
import type { CommitSha } from "#domain/model/names.ts";
import { type Instant, millisecondsBetween } from "#domain/model/time.ts";
import type { RefusedRun } from "#domain/report/choose-evidence.ts";

/** A refusal that is forgotten costs one download at the next resync. */
const remembered = 1_000;

/** What is listed of a run may be late, so an artifact that was refused is looked at again, only not at each resync. */
const askAgainAfter = 10 * 60_000;

/**
 * Which run attempts left evidence that was refused, and why. A cache and no state: the artifacts say it, and after a restart the first
 * resync reads them again.
 */
export class RefusedEvidence {
  readonly #runs = new Map<string, { readonly head: CommitSha; readonly at: Instant; readonly refused: RefusedRun }>();

  remember({ id: run, attempt, headSha: head }: RunFacts, reason: string, at: Instant): void {
    this.#runs.set(key(run, attempt), { head, at, refused: { run, attempt, reason } });
    const [oldest] = this.#runs.keys();
    if (oldest !== undefined && this.#runs.size > remembered) this.#runs.delete(oldest);
  }

  forget(run: number, attempt: number): void {
    this.#runs.delete(key(run, attempt));
  }

  wasJustRefused(run: number, attempt: number, now: Instant): boolean {
    const known = this.#runs.get(key(run, attempt));
    return known !== undefined && millisecondsBetween(known.at, now) < askAgainAfter;
  }

  /** The newest run last. */
  ofHead(sha: CommitSha): readonly RefusedRun[] {
    return [...this.#runs.values()]
      .filter(({ head }) => head === sha)
      .map(({ refused }) => refused)
      .toSorted((a, b) => a.run - b.run || a.attempt - b.attempt);
  }
}

function key(run: number, attempt: number): string {
  return `${run}-${attempt}`;
}
