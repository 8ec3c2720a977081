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

/** The digest of a dataset's file, by what it says and not by its layout. */
export function datasetDigest(evaluation: EvaluationDefinition, datasetText: string | undefined): Digest {
  return canonicalDigest(datasetValue(evaluation, datasetText));
}

function datasetValue({ dataset }: EvaluationDefinition, text: string | undefined): unknown {
  return text === undefined ? null : (parseYaml(text, datasetPath(dataset)).value ?? null);
}
