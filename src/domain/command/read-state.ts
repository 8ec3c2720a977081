import { statePath } from "#domain/environment/paths.ts";
import { stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import { printProblem } from "#domain/text/problem.ts";
import type { PassingModel } from "./deploy-model.ts";
import { type DeployRefusal, refuse } from "./deploy-refusal.ts";
import type { PlacedRequest } from "./deploy-request.ts";

/** null when the model was never in that environment; a state that cannot be read is not taken for none. */
export function readState(request: PlacedRequest, passing: PassingModel, environment = request.environment.name): ReadState {
  const read = stateIn(request.snapshot, environment, passing.model);
  if (read === undefined) return { kind: "state", state: null };
  if (read.kind === "ok") return { kind: "state", state: read.value };
  const [first] = read.problems;
  const where = first === undefined ? statePath(environment, passing.model) : printProblem(first);
  return refuse(
    "state-unreadable",
    `What runs in ${environment} cannot be read, so nothing may grow there: ${where}. A platform engineer mends the file.`,
  );
}

type ReadState = { readonly kind: "state"; readonly state: EnvironmentState | null } | DeployRefusal;
