import type { EnvironmentsRepository } from "#ports/environments-repository.ts";

export type PushOutcome = "committed" | "moved" | "refused" | "failed";

/** The environments repository, with each push told: how it ended, not what it held. */
export function countedEnvironments(environments: EnvironmentsRepository, pushed: (outcome: PushOutcome) => void): EnvironmentsRepository {
  const told = async <Outcome extends { readonly kind: string }>(push: Promise<Outcome>): Promise<Outcome> => {
    try {
      const outcome = await push;
      // A branch that exists was pushed before, by whoever created it.
      if (outcome.kind !== "exists") pushed(outcome.kind === "moved" || outcome.kind === "refused" ? outcome.kind : "committed");
      return outcome;
    } catch (error) {
      pushed("failed");
      throw error;
    }
  };
  return {
    ...environments,
    commit: (change) => told(environments.commit(change)),
    branch: (name, change) => told(environments.branch(name, change)),
  };
}
