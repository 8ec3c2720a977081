import { expect, test } from "vitest";
import { engineBySource } from "#entry/engine-by-source.ts";
import { remoteSettings } from "#entry/remote-settings.ts";
import type { EvaluationEngine } from "#ports/evaluation-engine.ts";
import { scoringRequest } from "#test/support/scoring-request.ts";

test("the budget is ten gigabytes unless somebody says more, and no head may name a place unless somebody says where", () => {
  expect(remoteSettings({}, undefined, undefined)).toEqual({
    kind: "settings",
    settings: { prefixes: [], mostBytesScanned: 1e10, environment: {} },
  });
  expect(remoteSettings({}, "2TB", "s3://acme/ bigquery://acme.models.,gs://acme/x/")).toMatchObject({
    settings: { mostBytesScanned: 2e12, prefixes: ["s3://acme/", "bigquery://acme.models.", "gs://acme/x/"] },
  });
});

test.each([
  ["10", undefined],
  ["-1GB", undefined],
  ["10 GB", undefined],
  [undefined, "s3://"],
  [undefined, "s3://acme"],
])("a budget of %s and the prefix %s are refused", (budget, prefixes) => {
  expect(remoteSettings({}, budget, prefixes)).toMatchObject({
    kind: "wrong",
    message: expect.stringContaining(prefixes === undefined ? "SLIPWAY_MAX_BYTES_SCANNED" : "SLIPWAY_REMOTE_PREFIXES"),
  });
});

test("tables are scored where they lie, files here; one table among files goes where it is refused", async () => {
  const engine = (name: string): EvaluationEngine => {
    const answer = { table: null, problems: [{ code: name, verdict: "error", message: name }] } as const;
    return {
      score: async () => answer,
      scoreRows: async () => ({ kind: "rows", ...answer }),
      scoreUnits: async () => answer,
      inspect: async () => ({ facts: null, problems: answer.problems }),
      readColumns: async () => answer,
    };
  };
  const { score } = engineBySource(engine("files"), engine("tables"));
  const code = async (over: Partial<ReturnType<typeof scoringRequest>>): Promise<string | undefined> =>
    (await score(scoringRequest("", over))).problems[0]?.code;
  const table = [{ path: "bigquery://acme.shop.t", name: "t" }];
  expect(await code({})).toBe("files");
  expect(await code({ candidate: table, baseline: table, labels: table })).toBe("tables");
  expect(await code({ labels: table })).toBe("tables");
});
