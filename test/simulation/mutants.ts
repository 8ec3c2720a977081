import type { Patch } from "./patched-modules.ts";

/** A defect that somebody could bring in: the simulation must find each of them, or it shows less than it seems to. */
interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
}

export const mutants: readonly Mutant[] = [
  {
    name: "a weight counts as seen live before the cluster shows it",
    patches: [
      {
        file: "domain/rollout/decide.ts",
        from: 'if (notLive === undefined) return { kind: "mark-live"',
        to: 'if (now !== undefined) return { kind: "mark-live"',
      },
      { file: "domain/rollout/decide.ts", from: 'if (notLive !== undefined) return wait("weight-not-live", notLive);', to: "" },
    ],
  },
  {
    name: "a freeze is ignored",
    patches: [
      {
        file: "domain/rollout/decide.ts",
        from: "if (restraints.frozenBy !== undefined) return",
        to: "if (restraints.frozenBy === '') return",
      },
    ],
  },
  {
    name: "a stop forgets the hold",
    patches: [{ file: "flows/release-change.ts", from: "...(move.hold ? [", to: "...(move.hold === null ? [" }],
  },
  {
    name: "a command is executed again when its answer was lost",
    patches: [
      {
        file: "flows/answer-command.ts",
        from: 'trailer: "Slipway-Command", value: printTrigger(trigger) });',
        to: 'trailer: "Slipway-Command", value: "never" });',
      },
    ],
  },
  {
    name: "an edited comment is executed",
    patches: [{ file: "domain/command/unfit-comment.ts", from: "if (updatedAt !== createdAt) {", to: 'if (updatedAt === "") {' }],
  },
  {
    name: "a push that lost its race counts as done",
    patches: [
      {
        file: "flows/compare-and-swap.ts",
        from: 'if (result.outcome.kind === "committed") return result.answer(result.outcome.commit);',
        to: 'if (result.outcome.kind !== "refused") return result.answer("commit" in result.outcome ? result.outcome.commit : "0".repeat(40));',
      },
    ],
  },
  {
    name: "an inconclusive window passes",
    patches: [
      {
        file: "domain/rollout/decide.ts",
        from: 'if (decisive?.verdict === "pass") return',
        to: 'if (looks.length > 0 && worstOf(looks[0]) === "inconclusive") return { kind: "passed", windows: looks[0] };\n  if (decisive?.verdict === "pass") return',
      },
    ],
  },
  {
    name: "the rollback of another release is taken for one's own",
    patches: [
      {
        file: "domain/environment/paths.ts",
        from: "return attempt === 1 ? `slipway/rollback/${id}` : `slipway/rollback/${id}-${attempt}`;",
        to: "return `slipway/rollback/${id.slice(0, 2)}${attempt}`;",
      },
    ],
  },
  {
    name: "what a person edited is overwritten",
    patches: [{ file: "domain/rollout/decide.ts", from: "if (restraints.editedBy !== undefined)", to: 'if (restraints.editedBy === "")' }],
  },
  {
    name: "a held version is restored",
    patches: [
      {
        file: "domain/rollout/moves.ts",
        from: "version.digest !== candidate.digest && !held(version)",
        to: "version.digest !== candidate.digest",
      },
    ],
  },
  {
    name: "a head is released that is not the head any more",
    patches: [
      {
        file: "domain/command/deploy-sha.ts",
        from: "if (meant.sha !== pullRequest.head || meant.sha !== judgement.head) {",
        to: 'if (meant.sha === "") {',
      },
    ],
  },
  {
    name: "a stop forgets the incident",
    patches: [{ file: "flows/release-change.ts", from: "...(move.incident ? [", to: "...(move.incident === null ? [" }],
  },
  {
    name: "one approval is enough where two are asked for",
    patches: [{ file: "domain/command/deploy-approvals.ts", from: "given.length >= rules.people", to: "given.length >= 1" }],
  },
  {
    name: "one person sets a gate aside where two must",
    patches: [{ file: "domain/report/judge-pull-request.ts", from: "policy.overrides?.people ?? 1", to: "1" }],
  },
  {
    name: "a merge releases where the policy does not say so",
    patches: [
      { file: "flows/release-merged.ts", from: ".filter(({ onMerge }) => onMerge)", to: "" },
      {
        file: "flows/release-merged.ts",
        from: "environmentRules(policy.value, environment)?.onMerge === true",
        to: "environmentRules(policy.value, environment) !== undefined",
      },
    ],
  },
  {
    name: "the head of a fork is released",
    patches: [
      {
        file: "domain/command/deploy-pull-request.ts",
        from: "if (pullRequest.headRepositoryId === repository.id) return undefined;",
        to: "if (pullRequest.headRepositoryId !== null) return undefined;",
      },
    ],
  },
];
