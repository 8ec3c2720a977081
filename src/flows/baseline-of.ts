import type { Report } from "#domain/evaluation/report.ts";
import type { ModelDefinition } from "#domain/model/model-definition.ts";
import type { Digest, ModelName, VersionLabel, VersionRef } from "#domain/model/names.ts";
import type { LiveAnswer } from "#domain/report/live-answer.ts";
import type { SlipwayApp } from "#ports/slipway-app.ts";

/** A version that a person named; the digest only where they named it. */
export type AskedBaseline = { readonly version: VersionLabel; readonly digest?: Digest };

export interface ChosenBaseline {
  readonly baseline: Report["baseline"];
  readonly floors: LiveAnswer["floors"];
  /** What a person should know, and what stays out of the report: it depends on more than the inputs. */
  readonly notices: readonly string[];
}

const noFloors: LiveAnswer["floors"] = { all: [], firstVersion: [] };

/** What the candidate is compared with: what was asked for, else what the App says is live, else the default branch's version. */
export async function baselineOf(
  app: SlipwayApp | undefined,
  { model, baseline: asked }: { readonly model: ModelName; readonly baseline: AskedBaseline | undefined },
  candidate: VersionRef,
  trusted: ModelDefinition | null,
): Promise<ChosenBaseline> {
  const ofBranch = trusted === null ? null : { version: trusted.version, digest: trusted.artifact.digest };
  if (asked !== undefined) {
    const known = [ofBranch, candidate].find((version) => version?.version === asked.version);
    const baseline = { version: asked.version, digest: asked.digest ?? known?.digest ?? null, environment: null, source: "flag" };
    return { baseline, floors: noFloors, notices: [] };
  }
  const live = app === undefined ? undefined : await app.live(model);
  if (live?.kind === "answer") {
    const { models, commit, floors } = live.answer;
    const found = Object.hasOwn(models, model) ? models[model] : undefined;
    if (found === null) return { baseline: null, floors, notices: [] };
    if (found !== undefined) return { baseline: { ...found, source: `environments@${commit}` }, floors, notices: [] };
  }
  const why = live === undefined ? [] : [unanswered(model, live.kind === "unanswered" ? live.reason : "it does not know this model")];
  const floors = live?.kind === "answer" ? live.answer.floors : noFloors;
  if (ofBranch === null) return { baseline: null, floors, notices: why };
  if (ofBranch.digest === candidate.digest) {
    return {
      baseline: null,
      floors,
      notices: [...why, "There is no other version to compare with: the default branch has this very digest."],
    };
  }
  return { baseline: { ...ofBranch, environment: null, source: "base-branch" }, floors, notices: why };
}

function unanswered(model: ModelName, reason: string): string {
  return `The Slipway App did not say what is live of ${model} (${reason}); the default branch's version is the baseline.`;
}
