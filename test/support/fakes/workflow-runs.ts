import type { RunFacts } from "#domain/evidence/run.ts";
import type { EvidenceArtifact, WorkflowRuns } from "#ports/workflow-runs.ts";

export interface FakeWorkflowRuns extends WorkflowRuns {
  /** A completed attempt; a later attempt of the same run becomes the current one. */
  complete(facts: RunFacts): void;
  /** The run leaves this as its newest artifact. */
  leave(run: number, artifact: EvidenceArtifact): void;
}

export function fakeWorkflowRuns(): FakeWorkflowRuns {
  const attempts = new Map<number, RunFacts[]>();
  const artifacts = new Map<number, EvidenceArtifact>();
  return {
    async ofHead(head) {
      const current = [...attempts.values()].flatMap((ofRun) => ofRun.toSorted((a, b) => b.attempt - a.attempt).slice(0, 1));
      return current.filter(({ headSha }) => headSha === head).toSorted((a, b) => b.id - a.id);
    },
    facts: async (run, attempt) => attempts.get(run)?.find((facts) => facts.attempt === attempt),
    evidence: async (run) => artifacts.get(run) ?? { kind: "none" },
    complete(facts) {
      const others = (attempts.get(facts.id) ?? []).filter(({ attempt }) => attempt !== facts.attempt);
      attempts.set(facts.id, [...others, facts]);
    },
    leave: (run, artifact) => void artifacts.set(run, artifact),
  };
}
