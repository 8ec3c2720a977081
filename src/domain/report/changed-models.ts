import { type ModelName, modelNameSchema } from "#domain/model/names.ts";

const definition = /^models\/([^/]+)\//;

/** The models that a pull request touches: those with a changed file below `models/<name>/`. A folder that is no model name is passed over. */
export function changedModels(paths: readonly string[]): readonly ModelName[] {
  const names = new Set<ModelName>();
  for (const path of paths) {
    const parsed = modelNameSchema.safeParse(definition.exec(path)?.[1]);
    if (parsed.success) names.add(parsed.data);
  }
  return [...names].toSorted();
}

export function definitionPath(model: ModelName): string {
  return `models/${model}/model.yaml`;
}

export function datasetPath(dataset: string): string {
  return `datasets/${dataset}.yaml`;
}
