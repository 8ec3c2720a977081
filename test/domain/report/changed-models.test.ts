import { expect, test } from "vitest";
import { modelNameSchema } from "#domain/model/names.ts";
import { changedModels, datasetPath, definitionPath } from "#domain/report/changed-models.ts";

test.each<readonly [string, readonly string[], readonly string[]]>([
  ["a definition", ["models/ranker/model.yaml"], ["ranker"]],
  ["any file below a model's folder", ["models/ranker/predictions/a/b.jsonl"], ["ranker"]],
  ["each model once, in order", ["models/b/x", "models/a/x", "models/b/y"], ["a", "b"]],
  ["nothing above the folders", ["models/README.md", "README.md", "slipway.yaml"], []],
  ["nothing in a folder that is called alike", ["other/models/a/model.yaml", "models-old/a/model.yaml"], []],
  ["no folder whose name is no model's", ["models/Ranker/model.yaml", "models/../x/model.yaml", "models/-a/x", "models/a b/x"], []],
  ["nothing for the datasets alone", ["datasets/made.yaml"], []],
  ["nothing for nothing", [], []],
])("changes %s", (_, paths, models) => {
  expect(changedModels(paths)).toEqual(models);
});

test("a model's definition and a dataset have their places", () => {
  expect(definitionPath(modelNameSchema.parse("ranker"))).toBe("models/ranker/model.yaml");
  expect(datasetPath("made")).toBe("datasets/made.yaml");
});
