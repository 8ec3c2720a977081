import type { Patch } from "./patched-modules.ts";

/** More would hold more memory than it saves time. */
const mostKnown = 20_000;

/**
 * Pure functions that are asked the same again and again, by every history anew: in the simulation they remember what they answered. They stay
 * what they are, so every mutant of them is one.
 */
export const remembered: readonly Patch[] = [
  remembering({
    file: "domain/text/parse-with-schema.ts",
    signature:
      "export function parseWithSchema<Schema extends z.ZodType>(schema: Schema, text: string, file: string): SchemaResult<z.output<Schema>> {",
    call: "schema, text, file",
    of: "schema",
    key: "`${file} ${text}`",
  }),
  remembering({
    file: "domain/environment/read-snapshot.ts",
    signature: "export function policyIn(snapshot: EnvironmentsSnapshot): SchemaResult<Policy> {",
    call: "snapshot",
    key: 'snapshot.texts.get(policyPath) ?? ""',
  }),
  remembering({
    file: "flows/offered-run.ts",
    signature: "export function offeredRun(repositoryId: number, facts: RunFacts, files: EvidenceFiles): OfferedRun {",
    call: "repositoryId, facts, files",
    of: "files",
  }),
  remembering({
    file: "domain/evidence/accept-run.ts",
    signature: "export function acceptRun(offered: OfferedRun): Acceptance {",
    call: "offered",
    key: "JSON.stringify([offered.repositoryId, offered.facts, offered.evidence.digest, [...offered.reports].map(([name, { digest }]) => [name, digest])])",
  }),
  remembering({
    file: "domain/report/judge-pull-request.ts",
    signature: "export function judgePullRequest(facts: HeadFacts): PullRequestJudgement {",
    call: "facts",
    of: "facts.policy",
    key: "JSON.stringify({ ...facts, policy: null, models: facts.models.map((one) => ({ ...one, recorded: one.recorded.map(({ run, trust, read }) => [run, trust, read.digest]) })) })",
  }),
  remembering({
    file: "domain/report/comment-view.ts",
    signature:
      "export function commentView(judgement: PullRequestJudgement, policy: Policy | undefined, limits: Limits = fullLimits): CommentView {",
    call: "judgement, policy, limits",
    of: "judgement",
    key: "JSON.stringify(limits)",
  }),
  remembering({
    file: "domain/report/check-view.ts",
    signature: "export function checkView(judgement: PullRequestJudgement, limits?: Limits): CheckText {",
    call: "judgement, limits",
    of: "judgement",
    key: "JSON.stringify(limits)",
  }),
];

interface Remembered {
  readonly file: string;
  /** The first line of the function. */
  readonly signature: string;
  /** Its arguments. */
  readonly call: string;
  /** The object that answers are remembered with, and forgotten with; all are remembered together where there is none. */
  readonly of?: string;
  /** What the answer depends on beside that, as text. */
  readonly key?: string;
}

function remembering({ file, signature, call, of = "everything", key = '""' }: Remembered): Patch {
  return {
    file,
    from: signature,
    to: `const everything = {};
const known = new WeakMap<object, Map<string, unknown>>();
${signature}
  let answers = known.get(${of});
  if (answers === undefined || answers.size >= ${mostKnown}) known.set(${of}, (answers = new Map()));
  const key = ${key};
  if (!answers.has(key)) answers.set(key, answeredAnew(${call}));
  return answers.get(key);
}
${signature.replace(/^export function \w+/, "function answeredAnew")}`,
  };
}
