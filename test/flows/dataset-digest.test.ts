import { describe, expect, it } from "vitest";
import type { Report } from "#domain/evaluation/report.ts";
import { countLooks, looksOf } from "#domain/evidence/look.ts";
import { modelNameSchema } from "#domain/model/names.ts";
import { evaluateModel } from "#flows/evaluate-model.ts";
import { evaluationEngineFake, type Row } from "#test/support/fakes/evaluation-engine.ts";
import { fakeWorkspace } from "#test/support/fakes/workspace.ts";
import { modelYaml } from "#test/support/ranker-repository.ts";

const model = modelNameSchema.parse("search-ranker");
const folder = "models/search-ranker";
const labels = "data/labels.csv";
const catalogue = "data/items.csv";
const dataset = "datasets/cranfield.yaml";

const rows: readonly Row[] = Array.from({ length: 40 }, (_, query) => ({
  query_id: `${query}`,
  document_id: "a",
  score: 1,
  grade: 1,
  length: "short",
}));

type Files = Readonly<Record<string, string>>;

/** The report of bm25 against cosine where the trees' files have these texts; every file that is scored holds the same rows. */
async function reportWith(trusted: Files, head: Files = {}, items = false): Promise<Report> {
  const yaml = (version: string): string =>
    modelYaml({ version, evaluation: items ? { items: "../../data/items.csv" } : {}, gates: ["{metric: ndcg@10, noWorseThan: 2%}"] });
  const trees = {
    trusted: {
      [`${folder}/model.yaml`]: yaml("cosine"),
      [labels]: "labels",
      [`${folder}/predictions/cosine.csv`]: "cosine",
      [dataset]: "v: 1\n",
      ...trusted,
    },
    head: { [`${folder}/model.yaml`]: yaml("bm25"), [`${folder}/predictions/bm25.csv`]: "bm25", ...head },
  };
  const paths = Object.entries(trees).flatMap(([tree, files]) => Object.keys(files).map((path) => `${tree}:${path}`));
  const world = {
    trusted: fakeWorkspace("trusted", trees.trusted),
    head: fakeWorkspace("head", trees.head),
    engine: evaluationEngineFake({ files: new Map(paths.map((path) => [path, rows])) }),
    app: undefined,
  };
  const outcome = await evaluateModel(world, { model, folder, run: null, baseline: undefined });
  if (outcome.kind !== "evaluated") throw new Error(outcome.kind);
  return outcome.report;
}

const digestWith = async (...given: Parameters<typeof reportWith>): Promise<string> => (await reportWith(...given)).dataset.digest;

describe("the digest of the dataset", () => {
  it("changes with the bytes of the labels, with those of the catalogue and with the dataset's file", async () => {
    const found = await Promise.all([
      digestWith({}),
      digestWith({ [labels]: "corrected labels" }),
      digestWith({ [catalogue]: "items" }, {}, true),
      digestWith({ [catalogue]: "more items" }, {}, true),
      digestWith({ [dataset]: "v: 2\n" }),
    ]);
    expect(new Set(found).size).toBe(found.length);
  });

  it("stays the same whatever a pull request proposes, and however the dataset's file is laid out", async () => {
    const before = await digestWith({});
    expect(await digestWith({ [dataset]: "# a comment\nv:   1\n" })).toBe(before);
    expect(await digestWith({}, { [labels]: "labels of the head", [`${folder}/predictions/bm25.csv`]: "others" })).toBe(before);
    expect(await digestWith({ [`${folder}/predictions/cosine.csv`]: "others" })).toBe(before);
  });

  it("counts looks at corrected labels from one", async () => {
    const [old, corrected] = await Promise.all([reportWith({}), reportWith({ [labels]: "corrected labels" })]);
    const looks = [old, old, corrected].flatMap(looksOf);
    expect([countLooks(looks, old.dataset), countLooks(looks, corrected.dataset)]).toEqual([1, 1]);
    expect(countLooks(looksOf(old), corrected.dataset)).toBe(0);
  });
});
