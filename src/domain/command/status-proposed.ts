import { stateIn } from "#domain/environment/read-snapshot.ts";
import { unapproved } from "./deploy-approvals.ts";
import { overCapacity } from "./deploy-capacity.ts";
import { passingModel } from "./deploy-model.ts";
import { outOfOrder } from "./deploy-order.ts";
import { closedUnmerged, fromFork, judgedUnfit, stillDraft, stillOpen } from "./deploy-pull-request.ts";
import type { PlacedRequest } from "./deploy-request.ts";
import { remedies } from "./refusal-reasons.ts";
import type { Blocker } from "./status-blockers.ts";

/**
 * What keeps the version that the pull request proposes out of an environment that does not have it, whoever asks: the pull request, its gates,
 * the order, the room and the approvals. What stands in every version's way there (holds, locks, freezes) is said of the state.
 */
export function proposedBlockers(request: PlacedRequest): readonly Blocker[] {
  const { model } = request.command;
  const passing = passingModel(request);
  const digest = request.judgement.models.find((judged) => judged.model === model)?.candidate?.digest;
  const state = model === null ? undefined : stateIn(request.snapshot, request.environment.name, model);
  if (state?.kind === "ok" && (state.value.live.digest === digest || state.value.release?.candidate.digest === digest)) return [];
  const unfit = [judgedUnfit, fromFork, closedUnmerged, stillDraft, stillOpen].flatMap((refusal) => refusal(request) ?? []).slice(0, 1);
  const rest =
    passing.kind === "refuse" ? [passing] : [outOfOrder, overCapacity, unapproved].flatMap((refusal) => refusal(request, passing) ?? []);
  return [...unfit, ...rest].map(({ code, message, who, nextLine }) => {
    const remedy = remedies[code];
    return { what: message.replace(/\.$/, ""), who: who ?? remedy.who, next: nextLine ?? remedy.next ?? "" };
  });
}
