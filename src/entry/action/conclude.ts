import { actionsRunner } from "#adapters/actions-runner/actions-runner.ts";
import { ActionError, readInputs, verdictVariable } from "./action-io.ts";

/** Fails the job when the verdict is one of those that were named; the evidence is uploaded by then, whatever it says. */
export async function conclude(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { failOn } = readInputs(environment);
  const verdict = environment[verdictVariable] ?? "";
  if (verdict === "") throw new ActionError("The evaluation left no verdict: its own step says why.");
  if (!failOn.includes(verdict)) return;
  actionsRunner(environment).annotate({
    level: "error",
    message: `The verdict is ${verdict}, on which this job fails (input fail-on). The run's summary has the numbers.`,
  });
  process.exitCode = 1;
}
