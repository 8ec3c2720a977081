import { gatesSetAside, type Override, type SetAside } from "#domain/environment/override.ts";
import { gatesThatRarelyPass, rarelyPasses } from "#domain/evaluation/preflight.ts";
import type { Report } from "#domain/evaluation/report.ts";
import { worstVerdict } from "#domain/evaluation/verdict.ts";
import { countLooks, type Look } from "#domain/evidence/look.ts";
import { floorPrefix, type Gate, type GateRule, normalGates } from "#domain/gate/gate.ts";
import { judgeReport, overallVerdict } from "#domain/gate/judge-gates.ts";
import { judgeForLooks } from "#domain/gate/looks-correction.ts";
import type { ClusterTrial } from "#domain/manifest/cluster-trial.ts";
import { ignoredChanges, judgedDefinition, type ModelDefinition, modelDefinitionSchema } from "#domain/model/model-definition.ts";
import type { BlobId, CommitSha, ModelName, RepositoryName, VersionRef } from "#domain/model/names.ts";
import { modelRules } from "#domain/policy/model-rules.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { type BackgroundFacts, backgroundOf } from "#domain/report/background.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import { chooseEvidence, type RecordedReport, type RefusedRun } from "#domain/report/choose-evidence.ts";
import { evaluationDigest } from "#domain/report/evaluation-digest.ts";
import type { JudgementCode, ModelJudgement, PullRequestJudgement, Refusal, SelfReportedEvidence } from "#domain/report/judgement.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import { type Problem, printProblem } from "#domain/text/problem.ts";

/** All that is known of a head when it is judged. */
export interface HeadFacts {
  readonly repository: { readonly id: number; readonly name: RepositoryName };
  readonly pullRequest: number;
  readonly head: CommitSha;
  readonly base: string;
  readonly policy: SchemaResult<Policy>;
  readonly models: readonly ModelFacts[];
  /** Runs of this head whose evidence was refused, the newest last. */
  readonly refusedRuns: readonly RefusedRun[];
  readonly looks: LooksTaken;
  /** The policy file by its exact bytes; undefined where there is none. */
  readonly policyBlob: BlobId | undefined;
}

/** What recorded runs looked at, repetitions included. */
export interface LooksTaken {
  readonly pullRequest: readonly Look[];
  /** In all pull requests; null: not counted. */
  readonly all: readonly Look[] | null;
}

export interface ModelFacts {
  readonly model: ModelName;
  /** model.yaml at the head; undefined when the pull request removes it. */
  readonly headText: string | undefined;
  /** model.yaml on the default branch; undefined for a new model. */
  readonly trustedText: string | undefined;
  /** The dataset file that the judging definition names, on the default branch. */
  readonly datasetText: string | undefined;
  /** What is live in the reference environment; undefined when that could not be read. */
  readonly live: VersionRef | null | undefined;
  /** Every recorded report of this head about this model, oldest first. */
  readonly recorded: readonly RecordedReport[];
  /** What people set aside for the head's version. */
  readonly overrides: readonly Override[];
  readonly background?: BackgroundFacts;
  /** What the reference environment's cluster says of the version's manifests; left out where policy does not ask it. */
  readonly trial?: ClusterTrial;
}

/** Judges a head on recorded evidence, under today's rules. Pure: the same facts give the same judgement. */
export function judgePullRequest(facts: HeadFacts): PullRequestJudgement {
  const { policy } = facts;
  const models = facts.models.map((model) => judgeModel(model, policy.kind === "ok" ? policy.value : undefined, facts));
  return {
    pullRequest: facts.pullRequest,
    head: facts.head,
    refusals: models.length === 0 ? [] : refusalsOf(facts),
    models,
    verdict: models.length === 0 ? "pass" : worstVerdict(models.map((model) => model.verdict)),
  };
}

/** The definition that judges, and the one that is judged (invariant 4); a model that is new is measured by the head's own. */
export function definitionsOf(
  facts: Pick<ModelFacts, "model" | "headText" | "trustedText">,
  path: string = definitionPath(facts.model),
): Definitions {
  if (facts.headText === undefined) return { kind: "removed" };
  const head = parseWithSchema(modelDefinitionSchema, facts.headText, path);
  if (head.kind === "invalid") return head;
  if (head.value.name !== facts.model) return { kind: "invalid", problems: [wrongName(path, facts.model, head.value.name)] };
  if (facts.trustedText === undefined) return { kind: "read", isNew: true, head: head.value, trusted: head.value };
  const trusted = parseWithSchema(modelDefinitionSchema, facts.trustedText, path);
  return trusted.kind === "invalid" ? trusted : { kind: "read", isNew: false, head: head.value, trusted: trusted.value };
}

export type Definitions =
  | { readonly kind: "read"; readonly isNew: boolean; readonly head: ModelDefinition; readonly trusted: ModelDefinition }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] }
  | { readonly kind: "removed" };

/** The gates that judge a model: its own of the default branch and policy's floors; a new model's own only inform. */
export function gatesFor(
  definitions: Extract<Definitions, { kind: "read" }>,
  policy: Pick<Policy, "floors">,
  isFirst: boolean,
): readonly Gate[] {
  const from = { dataset: definitions.trusted.evaluation.dataset };
  const own = definitions.isNew
    ? definitions.trusted.gates.map((rule): GateRule => ({ ...rule, blocks: "never" }))
    : definitions.trusted.gates;
  const floors = isFirst ? [...policy.floors.all, ...policy.floors.firstVersion] : policy.floors.all;
  return [...normalGates(own, from), ...normalGates(floors, { ...from, idPrefix: floorPrefix })];
}

function judgeModel(
  facts: ModelFacts,
  policy: Policy | undefined,
  { refusedRuns, looks, policyBlob }: Pick<HeadFacts, "refusedRuns" | "looks" | "policyBlob">,
): ModelJudgement {
  const { model } = facts;
  const blank = {
    model,
    candidate: null,
    baseline: facts.live ?? null,
    problems: [],
    ignoredChanges: [],
    evidence: null,
    looks: null,
    selfReported: null,
  };
  const unjudged = (verdict: ModelJudgement["verdict"], code: JudgementCode, message: string): ModelJudgement => ({
    ...blank,
    verdict,
    code,
    message,
  });

  const definitions = definitionsOf(facts);
  if (definitions.kind === "removed") return unjudged("pass", "removed", "The model is removed here; what is live stays live.");
  if (definitions.kind === "invalid") {
    const [first] = definitions.problems;
    const message = first === undefined ? "The definition cannot be read." : `The definition cannot be read: ${printProblem(first)}`;
    return { ...unjudged("error", "definition-invalid", message), problems: definitions.problems };
  }
  const { head, trusted } = definitions;
  const candidate: VersionRef = { version: head.version, digest: head.artifact.digest };
  const known = { ...blank, candidate, ignoredChanges: ignoredChanges(trusted, head) };
  if (policy === undefined)
    return { ...known, verdict: "error", code: "model-not-in-policy", message: "The policy cannot be read, so no gate can be judged." };
  if (modelRules(policy, model) === undefined)
    return {
      ...known,
      verdict: "error",
      code: "model-not-in-policy",
      message: `The policy names no model ${model}. A platform engineer adds it to .slipway/policy.yaml.`,
    };
  if (facts.live === undefined)
    return {
      ...known,
      verdict: "error",
      code: "live-unreadable",
      message: "What is live could not be read from the environments repository.",
    };
  if (facts.live?.digest === candidate.digest)
    return {
      ...known,
      verdict: "pass",
      code: "digest-unchanged",
      message: `${candidate.version} is already live: there is nothing to release.`,
    };

  const gates = gatesFor(definitions, policy, facts.live === null);
  const lookedAt = (report: Report): number => Math.max(1, countLooks(looks.pullRequest, report.dataset));
  const judge = (report: Report): Report => judgedAnew(report, gates, policy.looks === "bonferroni" ? lookedAt(report) : 1);
  const definition = evaluationDigest(judgedDefinition(trusted, head).evaluation, facts.datasetText);
  const demands = { definition, candidate, baseline: facts.live };
  const chosen = chooseEvidence(facts.recorded, demands, judge, refusedRuns);
  const selfReported = newestSelfReported(facts.recorded, judge);
  if (chosen.kind === "none") return { ...known, selfReported, verdict: chosen.verdict, code: chosen.code, message: chosen.message };
  const people = policy.overrides?.people ?? 1;
  const aside = policyBlob === undefined ? [] : gatesSetAside(facts.overrides, chosen.evidence.digest, policyBlob, people);
  const report = withSetAside(chosen.evidence.report, aside);
  return {
    ...known,
    selfReported,
    evidence: { ...chosen.evidence, report },
    looks: {
      pullRequest: lookedAt(report),
      all: looks.all === null ? null : countLooks([...looks.all, ...looks.pullRequest], report.dataset),
      corrected: policy.looks === "bonferroni" ? report.verdict : judgedAnew(report, gates, lookedAt(report)).verdict,
      counts: policy.looks === "bonferroni",
    },
    ...((report.verdict === "pass" && triedOut(facts.trial)) || { verdict: report.verdict, code: "judged", message: sentenceOf(report) }),
    ...(facts.background && { background: backgroundOf(facts.background, facts.recorded, chosen.evidence.digest, judge) }),
  };
}

/** A version that passes all gates is of no use where the cluster would not take it; what nobody could ask is no pass. */
function triedOut(trial: ClusterTrial | undefined): Pick<ModelJudgement, "verdict" | "code" | "message"> | undefined {
  if (trial === undefined || trial.kind === "taken") return undefined;
  if (trial.kind === "unknown")
    return {
      verdict: "error",
      code: "cluster-not-asked",
      message: `All gates pass, but the cluster could not be asked about the manifests: ${trial.reason}`,
    };
  const [first, ...more] = trial.reasons;
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
  return { verdict: "fail", code: "cluster-refuses", message: `All gates pass, but the cluster would refuse this: ${first}${others}` };
}

/** A report's measurements under today's gates: what it said of its own gates was a preview. */
function judgedAnew(report: Report, gates: readonly Gate[], looks: number): Report {
  const judged = looks === 1 ? judgeReport(report, gates) : judgeForLooks(report, gates, looks);
  const others = report.preflight.filter(({ code }) => code !== rarelyPasses);
  const preflight = [...others, ...gatesThatRarelyPass(judged.gates, report.measurements)];
  return { ...report, gates: [...judged.gates], leftOut: [...judged.leftOut], preflight, verdict: judged.verdict };
}

/** The gates that people set aside stand in nobody's way; what they found is shown all the same. */
function withSetAside(report: Report, aside: readonly SetAside[]): Report {
  if (aside.length === 0) return report;
  const gates = report.gates.map((gate) => {
    const word = aside.find(({ name }) => name === gate.id);
    return word === undefined ? gate : { ...gate, setAside: { by: [...word.by], reason: word.reason } };
  });
  return { ...report, gates, verdict: overallVerdict(gates, report.preflight) };
}

function refusalsOf({ policy, models, repository, base }: HeadFacts): readonly Refusal[] {
  if (policy.kind === "invalid") {
    const [first] = policy.problems;
    return [{ code: "policy-unreadable", message: `The policy cannot be read${first === undefined ? "" : `: ${printProblem(first)}`}` }];
  }
  return models.flatMap(({ model }): Refusal[] => {
    const rule = modelRules(policy.value, model);
    if (rule === undefined) return [];
    if (rule.id !== repository.id || rule.repository !== repository.name) {
      return [{ code: "repository-not-named-by-policy", message: `The policy lets only ${rule.repository} release ${model}.` }];
    }
    return rule.bases.includes(base)
      ? []
      : [
          {
            code: "base-not-named-by-policy",
            message: `The policy releases ${model} only from ${rule.bases.join(", ")}; this pull request wants to be merged into another branch.`,
          },
        ];
  });
}

function newestSelfReported(recorded: readonly RecordedReport[], judge: (report: Report) => Report): SelfReportedEvidence | null {
  const newest = recorded.findLast(({ trust }) => trust.kind === "self-reported");
  if (newest === undefined || newest.trust.kind !== "self-reported") return null;
  return { report: judge(newest.read.report), run: newest.run.run.id, attempt: newest.run.run.attempt, reason: newest.trust.reason };
}

function sentenceOf(report: Report): string {
  const first = report.gates.find((gate) => gate.blocks !== "never" && gate.setAside === undefined && gate.verdict !== "pass");
  if (report.verdict === "pass") return `All ${report.gates.filter((gate) => gate.blocks !== "never").length} blocking gates pass.`;
  return first === undefined ? "No gate could be judged." : first.message;
}

function wrongName(file: string, folder: ModelName, name: ModelName): Problem {
  return { file, line: 1, column: 1, path: ["name"], message: `the model is named ${name}, but it lies in models/${folder}/` };
}
