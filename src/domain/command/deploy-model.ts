import type { JudgedGate } from "#domain/evaluation/report.ts";
import { floorPrefix } from "#domain/gate/gate.ts";
import { type CommitSha, type ModelName, short, type VersionRef } from "#domain/model/names.ts";
import { modelRules } from "#domain/policy/model-rules.ts";
import type { JudgedEvidence, ModelJudgement } from "#domain/report/judgement.ts";
import { nearest } from "#domain/text/nearest.ts";
import { printDeploy } from "./deploy.ts";
import { type DeployRefusal, refuse } from "./deploy-refusal.ts";
import type { PlacedRequest } from "./deploy-request.ts";
import { printEvaluate } from "./evaluate.ts";

/** A model whose trusted evidence passes every gate that blocks. */
export interface PassingModel {
  readonly kind: "model";
  readonly model: ModelName;
  readonly candidate: VersionRef;
  readonly baseline: VersionRef | null;
  readonly evidence: JudgedEvidence;
}

/** The model that the command means, or why none can be released. */
export function passingModel(request: PlacedRequest): PassingModel | DeployRefusal {
  const judged = meantModel(request);
  if (judged.kind === "refuse") return judged;
  return notNamedByPolicy(request, judged.judgement.model) ?? evidenceOf(judged.judgement, request.pullRequest.head);
}

function meantModel(request: PlacedRequest): { readonly kind: "judged"; readonly judgement: ModelJudgement } | DeployRefusal {
  const { command, judgement, pullRequest } = request;
  const line = (model: ModelName) => printDeploy({ ...command, sha: command.sha ?? short(pullRequest.head), model });
  const names = judgement.models.map(({ model }) => model);
  if (command.model !== null) {
    const named = judgement.models.find(({ model }) => model === command.model);
    if (named !== undefined) return { kind: "judged", judgement: named };
    const word = nearest(command.model, names);
    const meant = names.find((name) => name === word);
    const changed = names.length === 0 ? "no model" : `only ${names.join(", ")}`;
    return refuse("model-not-changed", `This pull request does not change ${command.model}; it changes ${changed}.`, meant && line(meant));
  }
  const proposed = judgement.models.filter(({ code }) => code !== "removed");
  const [only, ...others] = proposed.length > 0 ? proposed : judgement.models;
  if (only === undefined) return refuse("no-model-changed", "This pull request changes no model, so there is nothing to deploy.");
  if (others.length === 0) return { kind: "judged", judgement: only };
  return refuse("model-required", `This pull request changes ${names.join(", ")}: say which one with --model.`, line(only.model));
}

function notNamedByPolicy({ policy, repository, pullRequest }: PlacedRequest, model: ModelName): DeployRefusal | undefined {
  const rules = modelRules(policy, model);
  if (rules === undefined) {
    return refuse(
      "model-not-in-policy",
      `The policy does not name ${model}, so nobody may release it. A platform engineer adds it to .slipway/policy.yaml.`,
    );
  }
  if (rules.id !== repository.id || rules.repository !== repository.name) {
    return refuse(
      "repository-not-named-by-policy",
      `The policy lets only ${rules.repository} (${rules.id}) release ${model}; this is ${repository.name} (${repository.id}).`,
    );
  }
  if (!rules.bases.includes(pullRequest.base.ref)) {
    return refuse(
      "base-not-named-by-policy",
      `The policy releases ${model} only from pull requests into ${rules.bases.join(", ")}. Change the base of this one.`,
    );
  }
  return undefined;
}

function evidenceOf(judgement: ModelJudgement, head: CommitSha): PassingModel | DeployRefusal {
  const { model, candidate, baseline, evidence, verdict, code, message } = judgement;
  if (verdict === "pass" && candidate !== null && evidence !== null) return { kind: "model", model, candidate, baseline, evidence };
  if (code === "definition-changed" || code === "baseline-moved") return refuse(code, message, printEvaluate(short(head)));
  if (code !== "judged") return refuse(code, message);
  if (evidence === null) return refuse("no-evidence", message);
  return refuse(
    "verdict-not-pass",
    `${model} ${candidate?.version ?? ""} may not be released: its verdict is ${verdict}. ${gatesInTheWay(evidence)}`.trim(),
  );
}

/** Whether a gate keeps its version from being released. */
export function standsInTheWay({ blocks, verdict, setAside }: Pick<JudgedGate, "blocks" | "verdict" | "setAside">): boolean {
  if (blocks === "never" || setAside !== undefined || verdict === "pass") return false;
  return !(blocks === "on-fail" && verdict === "inconclusive");
}

const mostGatesTold = 3;

function gatesInTheWay({ report }: JudgedEvidence): string {
  const gates = report.gates.filter(standsInTheWay);
  const told = gates.slice(0, mostGatesTold).map(({ id, metric, message }) => {
    if (id.startsWith(floorPrefix)) return `The policy's floor: ${message}`;
    return message.includes(metric) ? message : `${id}: ${message}`;
  });
  const more = gates.length > mostGatesTold ? [`And ${gates.length - mostGatesTold} more; the report has them all.`] : [];
  return gates.length === 0 ? "No gate that blocks was judged, and an empty set of gates is never success." : [...told, ...more].join(" ");
}
