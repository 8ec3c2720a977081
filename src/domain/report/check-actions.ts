import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { DeployCommand } from "#domain/command/deploy.ts";
import type { EvaluateCommand } from "#domain/command/evaluate.ts";
import { shaPrefixSchema } from "#domain/command/sha-prefix.ts";
import type { RunAttempt } from "#domain/evidence/listed-run.ts";
import type { HeadFacts } from "./judge-pull-request.ts";
import type { PullRequestJudgement } from "./judgement.ts";

/** A button of the head's check. GitHub shows at most three, with 20 characters for label and identifier and 40 for the description. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  /** `<verb>:<10 hex digits>` of all that it is offered on: another version, other evidence or another policy make another button. */
  readonly identifier: string;
  /** The line that a person would type instead; its commit is the check's. */
  readonly command: DeployCommand | EvaluateCommand;
}

const longestLabel = 20;

/** What can be done about a head by a click, as it is judged now. A button is a hint like a comment: who may, and whether, is decided when it is clicked. */
export function checkActions(judgement: PullRequestJudgement, facts: HeadFacts, pull: PullRequest): readonly CheckAction[] {
  if (judgement.models.length === 0 || pull.headRepositoryId !== facts.repository.id || pull.state === "closed") return [];
  return [evaluateAction(facts), ...deployActions(judgement, facts, pull)];
}

interface PullRequest {
  readonly state: "open" | "closed";
  readonly draft: boolean;
  readonly headRepositoryId: number | null;
}

/** The newest attempt whose evidence the log holds. */
export function newestAttempt({ models }: Pick<HeadFacts, "models">): RunAttempt | null {
  const attempts = models.flatMap(({ recorded }) => recorded.map(({ run }) => ({ run: run.run.id, attempt: run.run.attempt })));
  return attempts.toSorted((a, b) => b.run - a.run || b.attempt - a.attempt)[0] ?? null;
}

function evaluateAction(facts: HeadFacts): CheckAction {
  return {
    label: "Evaluate again",
    description: "Runs this head's trusted workflow again",
    identifier: identifierOf("evaluate", newestAttempt(facts)),
    command: { kind: "evaluate", sha: shaPrefixSchema.parse(facts.head) },
  };
}

/** To the first environment that takes open pull requests, where one model passes: a draft and several models need words. */
function deployActions({ models, refusals }: PullRequestJudgement, facts: HeadFacts, { draft }: PullRequest): readonly CheckAction[] {
  const only = models.find(({ code }) => code !== "removed");
  const several = models.some((other) => other.code !== "removed" && other !== only);
  if (facts.policy.kind === "invalid" || refusals.length > 0 || draft || only === undefined || several) return [];
  const { model, verdict, evidence, candidate } = only;
  const environment = facts.policy.value.environments.find(({ from }) => from === "pull-request")?.name;
  if (environment === undefined || verdict !== "pass" || evidence === null) return [];
  const label = `Deploy to ${environment}`;
  return [
    {
      label: label.length <= longestLabel ? label : `${label.slice(0, longestLabel - 1)}…`,
      description: "Starts a gated canary of this version",
      identifier: identifierOf("deploy", [environment, model, candidate?.digest, evidence.digest, facts.policyBlob]),
      command: { kind: "deploy", environment, sha: shaPrefixSchema.parse(facts.head), model },
    },
  ];
}

function identifierOf(verb: string, basis: unknown): string {
  return `${verb}:${bytesToHex(sha256(utf8ToBytes(JSON.stringify(basis)))).slice(0, 10)}`;
}
