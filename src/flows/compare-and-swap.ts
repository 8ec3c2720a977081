import type { CommitSha } from "#domain/model/names.ts";
import type { CommitOutcome } from "#ports/environments-repository.ts";

/** The environments repository moved under every attempt: something writes to it faster than Slipway can read it. */
export class EnvironmentsKeepMoving extends Error {
  constructor(attempts: number) {
    super(`The environments repository moved under each of ${attempts} attempts to commit. Slipway tries again at the next resync.`);
    this.name = "EnvironmentsKeepMoving";
  }
}

const attempts = 8;

/** What one attempt came to: an answer without a write, or a write and the answer if it lands. */
export type Attempt<Answer> =
  | { readonly kind: "nothing-to-write"; readonly answer: Answer }
  | {
      readonly kind: "wrote";
      readonly outcome: CommitOutcome;
      readonly answer: (commit: CommitSha) => Answer;
      readonly refused: (message: string) => Answer;
    };

/** Runs gather, decide and commit again from fresh reading while the repository has moved in between (invariant 2). */
export async function compareAndSwap<Answer>(attempt: () => Promise<Attempt<Answer>>): Promise<Answer> {
  for (let count = 0; count < attempts; count += 1) {
    const result = await attempt();
    if (result.kind === "nothing-to-write") return result.answer;
    if (result.outcome.kind === "committed") return result.answer(result.outcome.commit);
    if (result.outcome.kind === "refused") return result.refused(result.outcome.message);
  }
  throw new EnvironmentsKeepMoving(attempts);
}
