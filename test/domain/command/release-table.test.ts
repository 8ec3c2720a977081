import { describe, expect, it } from "vitest";
import { refusedAnswer, remedies } from "#domain/command/refusal-reasons.ts";
import { releaseCommands, releaseTableCell, type SituationName, situations } from "#domain/command/release-table.ts";

/** One word a command, in the order of `releaseCommands`: the step of its commit after `✓`, or the reason of the refusal. */
const table: Readonly<Record<SituationName, string>> = {
  //                                    pause           resume          retry               abort               rollback hold         unhold    deploy       --supersede     promote
  "nothing on its way": "no-release-open no-release-open no-release-open no-release-open ✓stop ✓hold not-held ✓start ✓start ✓start",
  "nothing on its way, nothing older verified":
    "no-release-open no-release-open no-release-open no-release-open ✓hold ✓hold not-held ✓start ✓start ✓start",
  progressing: "✓pause not-paused nothing-failed ✓aborted ✓stop ✓hold not-held release-open ✓aborted,start release-open",
  "progressing, files edited by a person":
    "edited edit-not-named edited edit-not-named ✓stop ✓hold not-held release-open not-superseded release-open",
  "progressing, what is live is held":
    "✓pause not-paused nothing-failed stable-held ✓stop ✓hold not-held release-open not-superseded release-open",
  "paused by Slipway": "already-paused ✓resume ✓resume ✓aborted ✓stop ✓hold not-held release-open ✓aborted,start release-open",
  "paused by a person": "already-paused ✓resume paused-by-a-person ✓aborted ✓stop ✓hold not-held release-open ✓aborted,start release-open",
  "paused, its version held": "already-paused held held ✓aborted ✓stop already-held ✓unhold release-open ✓aborted,start release-open",
  "stopping, no rollback pull request yet":
    "stopping stopping rollback-on-its-way rollback-on-its-way stopping already-held ✓unhold release-open not-superseded release-open",
  "stopping, rollback pull request open":
    "stopping stopping rollback-open rollback-open stopping already-held ✓unhold release-open not-superseded release-open",
  "stopping, rollback pull request closed":
    "stopping stopping ✓roll-back-again-2 ✓aborted stopping already-held ✓unhold release-open not-superseded release-open",
  "stopping, rollback pull request merged":
    "stopping stopping rollback-on-its-way rollback-on-its-way stopping already-held ✓unhold release-open not-superseded release-open",
  "stopping, nothing left to restore":
    "stopping stopping no-verified-target ✓aborted stopping already-held ✓unhold release-open not-superseded release-open",
};

const rows = situations.flatMap(([name, situation]) =>
  releaseCommands.map((typed, index) => [typed, name, table[name].split(" ")[index] ?? "", situation] as const),
);

describe("what a command does to a release", () => {
  it.each(rows)("%s, %s: %s", (typed, _, expected, situation) => {
    const cell = releaseTableCell(typed, situation);
    const step = cell.kind === "done" ? `✓${cell.step.replace("aborted, then start", "aborted,start").replaceAll(" ", "-")}` : cell.code;
    expect(step).toBe(expected);
  });

  it.each(situations)("every refusal says what, why, who can and the line to type: %s", (_, situation) => {
    for (const typed of releaseCommands) {
      const cell = releaseTableCell(typed, situation);
      if (cell.kind === "done") continue;
      const answer = refusedAnswer({ line: `/slipway ${typed} production` }, cell);
      expect([typed, cell.code in remedies, answer.sentence]).toEqual([typed, true, expect.stringMatching(/^[A-Za-z0-9].{20,}[.)]$/)]);
      expect(answer.who).not.toBe("");
      expect(answer.next).toMatch(/^(?:\/slipway|gh) /);
    }
  });
});
