import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modelYaml, type RankerRepository, rankerRepository } from "#test/support/ranker-repository.ts";
import { runEntry } from "#test/support/run-entry.ts";

let repository: RankerRepository;
beforeEach(() => {
  repository = rankerRepository();
});
afterEach(() => repository.close());

const validate = (...args: readonly string[]) => runEntry("cli", ["validate", ...args], { folder: repository.root });

describe("slipway validate", () => {
  it("finds and reads the files of a repository", async () => {
    expect(await validate()).toEqual({ code: 0, stdout: "slipway.yaml is valid\nmodels/search-ranker/model.yaml is valid\n", stderr: "" });
  });

  it("says everything that is wrong with a model at once, each with its place and what was probably meant", async () => {
    const file = "models/search-ranker/model.yaml";
    repository.write(
      file,
      modelYaml({
        name: "other-ranker",
        evaluation: { metrics: "[ndcg@10, mrr, mrr, recal@50]" },
        gates: [
          '{metric: ndcg@5, noWorseThan: "2%"}',
          "{metric: mrr, slice: {lenght: short}, atLeast: 0.5}",
          "{metric: mrr, dataset: msmarco, atLeast: 0.5}",
        ],
      }),
    );
    expect(await validate(file)).toEqual({
      code: 1,
      stdout: [
        `${file}:1:1 the model is named other-ranker, but it lies in models/search-ranker/`,
        `${file}:12:27 the metric "mrr" is named twice`,
        `${file}:12:32 There is no metric "recal@50". Did you mean recall@50?`,
        `${file}:15:14 the gate's metric "ndcg@5" is not measured: add it to evaluation.metrics, which has "ndcg@10", "mrr", "mrr", "recal@50"; did you mean "ndcg@10"?`,
        `${file}:16:26 the slice "lenght=short" is not measured: declare it in evaluation.slices; did you mean "length"?`,
        `${file}:17:28 the gate's dataset "msmarco" is not measured; evaluation.dataset is "cranfield"`,
        "",
      ].join("\n"),
      stderr: "",
    });
  });

  it("reads metrics with a convention of their own, and says what is wrong with one", async () => {
    const file = "models/search-ranker/model.yaml";
    const good = "[ndcg@10, {metric: ndcg@10, name: ndcg_trec@10, convention: trec_eval}, {metric: mrr, name: mrr_2, minRel: 2}]";
    repository.write(file, modelYaml({ evaluation: { metrics: good }, gates: ["{metric: ndcg_trec@10, atLeast: 0.3}"] }));
    expect(await validate(file)).toEqual({ code: 0, stdout: `${file} is valid\n`, stderr: "" });
    const bad = "[{metric: ndcg@10, gain: exp2}, {metric: mrr, name: m, gian: exp2}, {metric: err, name: e, gain: exp2}]";
    const gates = ["{metric: e, atLeast: 0.1}"];
    repository.write(file, modelYaml({ evaluation: { metrics: bad.replace(/, \{metric: mrr.*?\}/, "") }, gates }));
    const { code, stdout } = await validate(file);
    expect(code).toBe(1);
    expect(stdout).toContain("ndcg@10 with a convention of its own needs a name of its own, such as name: ndcg_exp2@10.");
    expect(stdout).toContain('The metric "err" has no option gain; it has maxGrade, ties, unjudged, scores, noRelevant, missing.');
    repository.write(file, modelYaml({ evaluation: { metrics: bad }, gates }));
    expect((await validate(file)).stdout).toContain('unknown key "gian"; did you mean "gain"?');
  });

  it("says where a key is misspelt or has the wrong type", async () => {
    repository.write("model.yaml", modelYaml().replace("noWorseThan", "noWorse").replace("version: bm25", "version: [1]"));
    const { code, stdout } = await validate("model.yaml");
    expect(code).toBe(1);
    expect(stdout).toContain("model.yaml:4:10 version: expected text, found a list\n");
    expect(stdout).toMatch(/model\.yaml:15:\d+ unknown key "noWorse"; did you mean "noWorseThan"\?/);
  });

  it("checks a policy's rules beyond its shape", async () => {
    repository.write(
      ".slipway/policy.yaml",
      [
        "apiVersion: slipway/v1",
        "kind: Policy",
        "models: {}",
        "environments:",
        "  - {name: production, after: stagin}",
        "  - {name: staging}",
        "",
      ].join("\n"),
    );
    const { code, stdout } = await validate(".slipway/policy.yaml");
    expect(code).toBe(1);
    expect(stdout).toBe('.slipway/policy.yaml:5:31 "after" names "stagin", which is not an environment of this policy\n');
  });

  it("prints one JSON document with every problem and its path", async () => {
    repository.write("models/search-ranker/model.yaml", modelYaml({ gates: ["{metric: mrr, atLest: 1}"] }));
    const { code, stdout, stderr } = await validate("--json");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "slipway/validation/v1",
      valid: false,
      files: [
        { file: "slipway.yaml", kind: "Repository", problems: [] },
        {
          file: "models/search-ranker/model.yaml",
          kind: "Model",
          problems: expect.arrayContaining([expect.objectContaining({ line: 15, path: ["gates", 0, "atLest"] })]),
        },
      ],
    });
  });

  it("answers a file that is not there, no YAML, or of no known kind", async () => {
    repository.write("a.yaml", "a: [1\n");
    repository.write("b.yaml", "kind: Modle\n");
    const { code, stdout } = await validate("missing.yaml", "a.yaml", "b.yaml", join(repository.root, "data"));
    expect(code).toBe(1);
    const [missing, broken, unknown, folder] = stdout.split("\n");
    expect(missing).toBe("missing.yaml:1:1 there is no such file or folder");
    expect(broken).toMatch(/^a\.yaml:\d+:\d+ not valid YAML: /);
    expect(unknown).toBe('b.yaml:1:7 kind: expected one of Model, Policy, PolicyTest, Repository, found "Modle"; did you mean Model?');
    expect(folder).toMatch(/\/data:1:1 there is no model\.yaml, slipway\.yaml or \.slipway\/policy\.yaml in this folder$/);
  });
});

describe("help", () => {
  it("lists the verbs, explains one, and prints the version", async () => {
    const overview = await runEntry("cli", ["help"]);
    for (const verb of ["validate", "evaluate", "metrics", "adopt", "manifests"]) {
      expect(overview.stdout).toContain(`  ${verb} `);
      const { code, stdout } = await runEntry("cli", [verb, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^slipway ${verb} [\\s\\S]*Examples:\n  slipway ${verb}`));
    }
    expect(await runEntry("cli", ["--version"])).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "" });
  });
});
