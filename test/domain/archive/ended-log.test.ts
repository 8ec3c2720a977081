import { describe, expect, it } from "vitest";
import type { EvidenceLogFacts } from "#domain/archive/archived.ts";
import { endedLog, logRetention } from "#domain/archive/ended-log.ts";
import { blobIdSchema, commitShaSchema, repositoryNameSchema } from "#domain/model/names.ts";
import { addMilliseconds } from "#domain/model/time.ts";
import { start } from "#test/support/builders.ts";

const blob = blobIdSchema.parse("b".repeat(40));

function facts(changes: Partial<EvidenceLogFacts> = {}): EvidenceLogFacts {
  return {
    log: { repositoryId: 1, pullRequest: 7, tip: commitShaSchema.parse("a".repeat(40)), files: new Map([["5-1/accepted.json", blob]]) },
    runs: { repository: repositoryNameSchema.parse("acme/models"), newest: start },
    pullRequest: { kind: "closed", at: start },
    ...changes,
  };
}
const after = (milliseconds: number) => addMilliseconds(start, milliseconds);

describe("the evidence log of a pull request", () => {
  it("is archived whole 90 days after it was closed, and not a moment earlier", () => {
    expect(endedLog(facts(), after(logRetention))).toEqual({
      kind: "ended",
      files: [{ path: "evidence-log/1/7/5-1/accepted.json", blob }],
    });
    expect(endedLog(facts(), after(logRetention - 1))).toEqual({ kind: "stays" });
  });

  it("stays 90 days after its newest run, whenever the pull request was closed", () => {
    const late = facts({ runs: { repository: repositoryNameSchema.parse("acme/models"), newest: after(1000) } });
    expect(endedLog(late, after(logRetention))).toEqual({ kind: "stays" });
    expect(endedLog(late, after(logRetention + 1000))).toMatchObject({ kind: "ended" });
  });

  it.each<[string, Partial<EvidenceLogFacts>, string | undefined]>([
    ["that is open", { pullRequest: { kind: "open" } }, undefined],
    [
      "of which nobody knows",
      { pullRequest: { kind: "unknown", reason: "no token" } },
      "The evidence log of acme/models#7 stays: no token.",
    ],
    ["that cannot be read", { runs: undefined }, "The evidence log of repository 1#7 stays, since a run in it cannot be read."],
  ])("stays for ever while it is of one %s", (_, changes, problem) => {
    const end = endedLog(facts(changes), after(100 * logRetention));
    expect(end).toEqual({ kind: "stays", ...(problem !== undefined && { problem }) });
  });
});
