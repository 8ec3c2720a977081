import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDefinition } from "#domain/model/definition-rules.ts";
import { modelDefinitionSchema } from "#domain/model/model-definition.ts";
import { modelNameSchema } from "#domain/model/names.ts";
import { type ProposedDefinition, printProposedDataset, printProposedDefinition } from "#domain/model/proposed-definition.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import { parseYaml } from "#domain/text/parse-yaml.ts";
import { digest } from "#test/domain/report/judgement-builder.ts";

function proposed(change: Partial<ProposedDefinition> = {}): ProposedDefinition {
  return {
    name: modelNameSchema.parse("search-ranker"),
    version: "2026.11.20-3",
    artifact: { uri: "../../new.parquet", format: "parquet", digest: digest("c") },
    artifactNamed: false,
    task: "ranking",
    dataset: "search-ranker-eval",
    predictions: "../../{version}.parquet",
    labels: "../../labels.parquet",
    columns: { query: "query_id", item: "item_id", score: "score", label: "grade" },
    metrics: ["ndcg@10", "recall@50"],
    gates: [
      { rule: { metric: "ndcg@10", noWorseThan: "2%" }, reason: "equal quality passes this in 84% of evaluations" },
      { rule: { metric: "recall@50", noWorseThan: 0.004, blocks: "on-fail" }, reason: "no usual share is large enough" },
    ],
    sliceable: ["locale"],
    ...change,
  };
}

describe("a proposed model.yaml", () => {
  it("reads like this", async () => {
    await expect(printProposedDefinition(proposed())).toMatchFileSnapshot("golden/proposed-model.yaml");
  });

  it("is a definition that Slipway accepts, with all that was proposed", () => {
    const text = printProposedDefinition(proposed());
    const read = parseWithSchema(modelDefinitionSchema, text, "model.yaml");
    if (read.kind !== "ok") throw new Error(JSON.stringify(read.problems));
    expect(checkDefinition(read.value, text, "model.yaml")).toEqual([]);
    const { name, version, artifact, evaluation, gates } = read.value;
    const { task, dataset, predictions, labels, columns, metrics } = evaluation;
    expect({ name, version, artifact, task, dataset, predictions, labels, metrics }).toEqual({
      name: proposed().name,
      version: proposed().version,
      artifact: proposed().artifact,
      task: "ranking",
      dataset: "search-ranker-eval",
      predictions: proposed().predictions,
      labels: proposed().labels,
      metrics: proposed().metrics,
    });
    expect(columns).toEqual(proposed().columns);
    expect(gates).toEqual(proposed().gates.map(({ rule }) => rule));
  });

  it("keeps any column name, version and path as it is: nothing in a file can write YAML", () => {
    const name = fc.string({ minLength: 1, maxLength: 40, unit: "binary" }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(name, name, name, (query, score, reason) => {
        const text = printProposedDefinition(
          proposed({
            columns: { query, item: "yes", score, label: "1e3" },
            sliceable: [query, "# no comment"],
            gates: [{ rule: { metric: "ndcg@10", noWorseThan: "2%" }, reason: `${reason}\ngates: []` }],
          }),
        );
        const { value, errors } = parseYaml(text, "model.yaml");
        expect(errors).toEqual([]);
        expect(value).toMatchObject({
          evaluation: { columns: { query, item: "yes", score, label: "1e3" } },
          gates: [{ metric: "ndcg@10" }],
        });
      }),
    );
  });

  it("comes with a dataset file that is YAML", () => {
    expect(parseYaml(printProposedDataset("search-ranker-eval"), "x.yaml")).toMatchObject({
      errors: [],
      value: { kind: "DataContract", id: "search-ranker-eval" },
    });
  });
});
