import { short } from "#domain/model/names.ts";
import type { Answer } from "#domain/report/answer-view.ts";
import { printDeploy } from "./deploy.ts";
import { environmentStages } from "./deploy-environment.ts";
import { passingModel } from "./deploy-model.ts";
import { pullRequestStages } from "./deploy-pull-request.ts";
import type { DeployRefusal } from "./deploy-refusal.ts";
import type { PlacedRequest } from "./deploy-request.ts";
import { headMeantBy } from "./deploy-sha.ts";
import { readState } from "./read-state.ts";

/** Every question that a deploy would be asked now, each with its answer: the same questions in the same order, but all of them. */
export function explainDeploy(line: string, request: PlacedRequest): Answer {
  const rows = pullRequestStages.map(([question, refusal]) => row(question, refusal(request)));
  const head = headMeantBy(request);
  rows.push(row("the commit was evaluated and is the head", head.kind === "refuse" ? head : undefined));
  const passing = passingModel(request);
  rows.push(row("every gate that blocks passes", passing.kind === "refuse" ? passing : undefined));
  const read = passing.kind === "refuse" ? undefined : readState(request, passing);
  if (passing.kind !== "refuse" && read !== undefined)
    rows.push(
      ...(read.kind === "refuse"
        ? [row("the state can be read", read)]
        : environmentStages.map(([question, refusal]) => row(question, refusal(request, passing, read.state)))),
    );
  const blocked = rows.filter(([, ok]) => ok !== yes).length;
  const place = `${request.environment.name} for ${request.comment.author}`;
  const unasked = passing.kind === "refuse" ? " The environment is asked about a version that passes." : "";
  return {
    command: line,
    kind: "told",
    sentence:
      blocked === 0
        ? `A deploy to ${place} would start now.`
        : `A deploy to ${place} would be refused now: ${blocked} of ${rows.length} checks say no.${unasked}`,
    table: { columns: ["check", "ok", "because"], rows },
    ...(blocked === 0 && { next: printDeploy({ ...request.command, sha: short(request.pullRequest.head) }) }),
  };
}

const yes = "✅";

function row(question: string, refusal: DeployRefusal | undefined): readonly [string, string, string] {
  return refusal === undefined ? [question, yes, ""] : [question, "⛔", refusal.message];
}
