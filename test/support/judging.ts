import { expect } from "vitest";
import type { ModelJudgement } from "#domain/report/judgement.ts";
import { acceptEvidence } from "#flows/accept-evidence.ts";
import { judgePullRequestHead } from "#flows/judge-pull-request.ts";
import type { Pull, RunOptions, TestWorld } from "#test/support/world.ts";

/** What is thought of the one model of a pull request. */
export async function judged(w: TestWorld, pull: Pick<Pull, "number">): Promise<ModelJudgement> {
  const judgement = await judgePullRequestHead(w.world, w.models, pull.number);
  const [model] = judgement?.models ?? [];
  if (model === undefined) throw new Error("a model was judged");
  return model;
}

/** A run of the head, taken into the log. */
export async function measured(w: TestWorld, pull: Pull, run: RunOptions = {}): Promise<void> {
  const { id, attempt } = await w.completeRun(pull, run);
  expect(await acceptEvidence(w.world, w.models, id, attempt)).toMatchObject({ kind: "appended" });
}

export const check = (w: TestWorld, { head }: Pull) => w.reports.checkOf(head);
export const comment = (w: TestWorld, { number }: Pull) => w.reports.commentOf(number) ?? "";
export const success = { kind: "completed", conclusion: "success" };
export const failure = { kind: "completed", conclusion: "failure" };
