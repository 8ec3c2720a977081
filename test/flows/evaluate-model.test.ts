import { describe, expect, it } from "vitest";
import { digestSchema, modelNameSchema, type VersionRef, versionLabelSchema } from "#domain/model/names.ts";
import { liveAnswerSchema } from "#domain/report/live-answer.ts";
import { type EvaluationOutcome, evaluateModel } from "#flows/evaluate-model.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { evaluationEngineFake, type Row } from "#test/support/fakes/evaluation-engine.ts";
import { fakeSlipwayApp } from "#test/support/fakes/slipway-app.ts";
import { fakeWorkspace, type Oddity } from "#test/support/fakes/workspace.ts";
import { digests, modelYaml } from "#test/support/ranker-repository.ts";
import { unexplainedNulls } from "#test/support/unexplained-nulls.ts";

const ranker = modelNameSchema.parse("search-ranker");
const definition = "models/search-ranker/model.yaml";
const labels = "data/labels.csv";
const predictionsOf = (version: string): string => `models/search-ranker/predictions/${version}.csv`;
const other = digestSchema.parse(`sha256:${"0".repeat(64)}`);

type Files = Readonly<Record<string, string | Oddity>>;

const rows: readonly Row[] = Array.from({ length: 40 }, (_, query) => ({
  query_id: `${query}`,
  document_id: "a",
  score: 1,
  grade: 1,
  length: "short",
}));

interface Setting {
  readonly trusted?: Files;
  readonly head?: Files;
  readonly live?: object | null | "unknown" | "unanswered";
  readonly baseline?: string;
  readonly digest?: string;
}

/** The default branch has the cosine ranker, the head proposes bm25; every file that is there holds the same rows. */
async function evaluated({
  trusted = {},
  head = {},
  live,
  baseline,
  digest,
}: Setting): Promise<{ readonly outcome: EvaluationOutcome; readonly asked: readonly ScoringRequest[] }> {
  const trees = {
    trusted: {
      [definition]: modelYaml({ version: "cosine" }),
      [labels]: "labels",
      [predictionsOf("cosine")]: "cosine",
      "datasets/cranfield.yaml": "v: 1\n",
      ...trusted,
    },
    head: { [definition]: modelYaml(), [labels]: "other labels", [predictionsOf("bm25")]: "bm25", ...head },
  };
  const paths = Object.entries(trees).flatMap(([tree, files]) => Object.keys(files).map((path) => `${tree}:${path}`));
  const engine = evaluationEngineFake({ files: new Map(paths.map((path) => [path, rows])) });
  const asked: ScoringRequest[] = [];
  const models = live === "unknown" ? {} : { [ranker]: live };
  const answer =
    live === "unanswered"
      ? undefined
      : { schema: "slipway/live/v1", commit: "e".repeat(40), models, floors: { all: [], firstVersion: [] } };
  const named =
    baseline === undefined
      ? undefined
      : { version: versionLabelSchema.parse(baseline), ...(digest !== undefined && { digest: digestSchema.parse(digest) }) };
  const world = {
    trusted: fakeWorkspace("trusted", trees.trusted),
    head: fakeWorkspace("head", trees.head),
    engine: {
      ...engine,
      score: async (request: ScoringRequest) => {
        asked.push(request);
        return engine.score(request);
      },
    },
    app: live === undefined ? undefined : fakeSlipwayApp(answer && liveAnswerSchema.parse(answer)),
  };
  return { outcome: await evaluateModel(world, { model: ranker, folder: "models/search-ranker", run: null, baseline: named }), asked };
}

function reportOf({ outcome }: { readonly outcome: EvaluationOutcome }) {
  if (outcome.kind !== "evaluated") throw new Error(`it was ${outcome.kind}`);
  expect(unexplainedNulls(outcome.report)).toEqual([]);
  return outcome.report;
}

const live = (version: string, digest: string) => ({ environment: "production", version, digest });
const cosine = { version: "cosine", digest: digests.cosine };

describe("the baseline", () => {
  const elsewhere: Files = { [predictionsOf("older")]: "older" };
  const cases: readonly (readonly [string, Setting, (VersionRef & object) | object | null])[] = [
    [
      "is what a person names",
      { baseline: "older", digest: other, trusted: elsewhere, live: live("cosine", digests.cosine) },
      { version: "older", digest: other, environment: null, source: "flag" },
    ],
    ["is known by its label, when the default branch has it", { baseline: "cosine" }, { ...cosine, environment: null, source: "flag" }],
    [
      "is what the App says is live",
      { live: live("older", other), trusted: elsewhere },
      { ...live("older", other), source: `environments@${"e".repeat(40)}` },
    ],
    ["is the default branch's version without an App", {}, { ...cosine, environment: null, source: "base-branch" }],
    ["is that too when the App is silent", { live: "unanswered" }, { ...cosine, environment: null, source: "base-branch" }],
    ["is that too when the App does not know the model", { live: "unknown" }, { ...cosine, environment: null, source: "base-branch" }],
    ["is none when the App says that nothing is live", { live: null }, null],
    ["is none when the default branch has the very candidate", { trusted: { [definition]: modelYaml() } }, null],
  ];
  it.each(cases)("%s", async (_, setting, baseline) => {
    expect(reportOf(await evaluated(setting)).baseline).toEqual(baseline);
  });

  it("needs no evaluation when it is the candidate", async () => {
    const { outcome, asked } = await evaluated({ live: live("bm25", digests.bm25) });
    expect([outcome, asked]).toEqual([
      { kind: "unchanged", version: { version: "bm25", digest: digests.bm25 }, environment: "production" },
      [],
    ]);
  });

  it("is no-data, and the candidate measured alone, when its predictions are not there", async () => {
    const measured = await evaluated({ live: live("older", other) });
    expect(measured.asked).toMatchObject([{ baseline: null }]);
    expect(reportOf(measured)).toMatchObject({
      verdict: "no-data",
      inputs: { predictions: { baseline: null } },
      gates: [{ verdict: "no-data", reason: "predictions-missing" }, {}],
    });
  });

  it("cannot be found by digest when only its version was named", async () => {
    const template = modelYaml({ version: "cosine", evaluation: { predictions: "predictions/{digest}.csv" } });
    const report = reportOf(await evaluated({ trusted: { [definition]: template }, baseline: "older" }));
    expect(report.preflight.map(({ message }) => message)).toContain(
      "evaluation.predictions needs the digest of the baseline older: name it, as in --baseline older@sha256:….",
    );
  });
});

describe("a definition that cannot be read", () => {
  it("is said to be the default branch's where the head's is sound", async () => {
    const broken = modelYaml({ version: "cosine" }).replace("kind: Model", "kind: Modle");
    const message = expect.stringMatching(/^on the default branch: kind: /);
    expect((await evaluated({ trusted: { [definition]: broken } })).outcome).toMatchObject({
      kind: "invalid",
      problems: [{ file: definition, line: 2, message }],
    });
  });

  it("is the head's where both are broken", async () => {
    const broken = modelYaml().replace("kind: Model", "kind: Modle");
    const { outcome } = await evaluated({
      trusted: { [definition]: broken },
      head: { [definition]: broken.replace("version: bm25", "version: 7") },
    });
    expect(outcome).toMatchObject({ kind: "invalid", problems: [{ line: 2 }, { line: 4, message: expect.stringMatching(/^version: /) }] });
  });
});

describe("the files", () => {
  it("come each from its own tree, called by a name that does not depend on the machine", async () => {
    const { asked } = await evaluated({});
    expect(asked).toMatchObject([
      {
        candidate: [{ path: `head:${predictionsOf("bm25")}`, name: predictionsOf("bm25") }],
        baseline: [{ path: `trusted:${predictionsOf("cosine")}`, name: predictionsOf("cosine") }],
        labels: [{ path: `trusted:${labels}`, name: labels }],
      },
    ]);
  });

  it("have a catalogue of the default branch, whose digest is in the report", async () => {
    const items = "models/search-ranker/items.csv";
    const withItems = (yaml: string): string => yaml.replace("  labels:", "  items: items.csv\n  labels:");
    const trusted = { [definition]: withItems(modelYaml({ version: "cosine" })), [items]: "ours" };
    const { asked, outcome } = await evaluated({ trusted, head: { [definition]: withItems(modelYaml()), [items]: "theirs" } });
    expect(asked).toMatchObject([{ items: [{ path: `trusted:${items}`, name: items }] }]);
    expect(reportOf({ outcome }).inputs.items).toMatch(/^sha256:/);
    expect(reportOf(await evaluated({})).inputs).not.toHaveProperty("items");
    const without = await evaluated({ trusted: { ...trusted, [items]: { kind: "folder" } } });
    expect(without.asked).toEqual([]);
    expect(reportOf(without)).toMatchObject({
      verdict: "error",
      preflight: expect.arrayContaining([expect.objectContaining({ verdict: "error" })]),
    });
  });

  it("of a new model are the head's, but for labels that the default branch has", async () => {
    const gone = { [definition]: { kind: "folder" } } as const;
    const without = {
      trusted: fakeWorkspace("trusted", { [labels]: "labels" }),
      head: fakeWorkspace("head", { [definition]: modelYaml(), [predictionsOf("bm25")]: "bm25", [labels]: "own" }),
    };
    const asked: ScoringRequest[] = [];
    const engine = {
      ...evaluationEngineFake({ files: new Map() }),
      score: async (request: ScoringRequest) => {
        asked.push(request);
        return { table: null, problems: [] };
      },
    };
    const outcome = await evaluateModel(
      { ...without, engine, app: undefined },
      { model: ranker, folder: "models/search-ranker", run: null, baseline: undefined },
    );
    expect(reportOf({ outcome }).baseline).toBeNull();
    expect(asked).toMatchObject([{ labels: [{ path: `trusted:${labels}` }], candidate: [{ path: `head:${predictionsOf("bm25")}` }] }]);
    expect((await evaluated({ trusted: gone })).outcome).toMatchObject({
      kind: "invalid",
      problems: [{ message: "the file is not read: it is a folder" }],
    });
  });

  it("are not scored once one of them is refused", async () => {
    const { outcome, asked } = await evaluated({ head: { [predictionsOf("bm25")]: { kind: "link" } } });
    expect(asked).toEqual([]);
    expect(reportOf({ outcome })).toMatchObject({ verdict: "error", measurements: [] });
  });

  describe("of training units", () => {
    const ids = "models/search-ranker/training.csv";
    const training = (written: string, files: Setting) => {
      const yaml = (version: string) =>
        modelYaml({ version, evaluation: { trainingUnits: written, columns: "{query: query_id, item: document_id, label: grade}" } });
      const trees = { trusted: { [definition]: yaml("cosine"), ...files.trusted }, head: { [definition]: yaml("bm25"), ...files.head } };
      return evaluated(trees);
    };
    const found = async (run: ReturnType<typeof training>) =>
      reportOf(await run)
        .preflight.filter(({ code }) => code.includes("training"))
        .map(({ code, verdict }) => [code, verdict]);

    it("are the default branch's, and the same units are an error unless that share is allowed", async () => {
      const files = { trusted: { [ids]: "ids" } };
      expect(await found(training("training.csv", files))).toEqual([["units-seen-in-training", "error"]]);
      expect(await found(training("{file: training.csv, allow: 1}", files))).toEqual([["units-seen-in-training", "pass"]]);
      expect(await found(training("training.csv", { head: { [ids]: "ids" } }))).toEqual([["training-units-missing", "error"]]);
    });

    it("may come with the version whose name they bear", async () => {
      const ofVersion = "models/search-ranker/training-bm25.csv";
      expect(await found(training('"training-{version}.csv"', { head: { [ofVersion]: "ids" } }))).toEqual([
        ["units-seen-in-training", "error"],
      ]);
    });
  });

  it("are compared, by the window of their labels, with when the candidate was trained", async () => {
    const yaml = (version: string, trainedUntil: string) =>
      modelYaml({
        version,
        evaluation: { window: "{from: 2026-11-18T00:00:00Z, to: 2026-11-25T00:00:00Z}" },
        more: `lineage: {trainedUntil: ${trainedUntil}}`,
      });
    const verdict = async (trainedUntil: string) => {
      const setting = {
        trusted: { [definition]: yaml("cosine", "2026-11-01T00:00:00Z") },
        head: { [definition]: yaml("bm25", trainedUntil) },
      };
      return reportOf(await evaluated(setting)).preflight.find(({ code }) => code === "window-overlaps-training")?.verdict;
    };
    expect(await verdict("2026-11-18T00:00:00Z")).toBe("pass");
    expect(await verdict("2026-11-19T00:00:00Z")).toBe("error");
  });

  it("make the definition's digest with the dataset, whatever the layout", async () => {
    const one = reportOf(await evaluated({ trusted: { "datasets/cranfield.yaml": "a: 1\nb: 2\n" } }));
    const same = reportOf(await evaluated({ trusted: { "datasets/cranfield.yaml": "{b: 2, a: 1}\n" } }));
    const another = reportOf(await evaluated({ trusted: { "datasets/cranfield.yaml": "a: 1\nb: 3\n" } }));
    expect(same.inputs.definition).toBe(one.inputs.definition);
    expect(another.inputs.definition).not.toBe(one.inputs.definition);
  });
});

it("has nothing to say of a model that the head removes", async () => {
  const empty = { trusted: fakeWorkspace("trusted", { [definition]: modelYaml() }), head: fakeWorkspace("head", {}) };
  const engine = evaluationEngineFake({ files: new Map() });
  expect(
    await evaluateModel(
      { ...empty, engine, app: undefined },
      { model: ranker, folder: "models/search-ranker", run: null, baseline: undefined },
    ),
  ).toEqual({
    kind: "removed",
  });
});
