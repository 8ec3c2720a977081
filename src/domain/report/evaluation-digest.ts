import { canonicalDigest, definitionDigest } from "#domain/evaluation/definition-digest.ts";
import type { EvaluationDefinition } from "#domain/model/model-definition.ts";
import type { Digest } from "#domain/model/names.ts";
import { datasetPath } from "#domain/report/changed-models.ts";
import { parseYaml } from "#domain/text/parse-yaml.ts";

/**
 * `inputs.definition` of a report: what the Action writes and what the App demands are the same computation.
 *
 * @param datasetText the dataset file that the definition names; undefined when there is none
 */
export function evaluationDigest(evaluation: EvaluationDefinition, datasetText: string | undefined): Digest {
  return definitionDigest(evaluation, datasetValue(evaluation, datasetText));
}

/** The files that make a holdout what it is, by the digests of their bytes; null for one that is not named or not there. */
export type DatasetFiles = { readonly labels: Digest | null; readonly items: Digest | null };

/**
 * Identifies what was evaluated on: what the dataset's file says, not its layout, and the bytes of the labels and the catalogue. New
 * labels are another holdout: draws are seeded anew, and looks are counted from one. Predictions are not in it, not even where they
 * bring the labels: every candidate would be a holdout of its own, and nobody would ever see how often one was looked at.
 */
export function datasetDigest(evaluation: EvaluationDefinition, datasetText: string | undefined, { labels, items }: DatasetFiles): Digest {
  return canonicalDigest({ dataset: datasetValue(evaluation, datasetText), labels, items });
}

function datasetValue({ dataset }: EvaluationDefinition, text: string | undefined): unknown {
  return text === undefined ? null : (parseYaml(text, datasetPath(dataset)).value ?? null);
}
