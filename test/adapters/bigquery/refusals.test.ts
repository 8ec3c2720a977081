import { afterEach, describe, expect, test } from "vitest";
import type { BigQuerySettings } from "#adapters/bigquery/client.ts";
import { bigqueryEvaluationEngine } from "#adapters/bigquery/evaluation-engine.ts";
import { bigqueryTables } from "#adapters/bigquery/remote-tables.ts";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { type HttpDouble, httpDouble } from "#test/support/http-double.ts";
import { metric, scoringRequest } from "#test/support/scoring-request.ts";

let server: HttpDouble | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const table = { schema: { fields: ["query_id", "item_id", "score", "label"].map((name) => ({ name, type: "STRING" })) }, etag: "1" };

type Reply = { readonly status?: number; readonly body: object };

/** BigQuery as far as a test needs it: `query` answers what is asked of /queries. */
async function bigquery(
  query: (body: { dryRun?: boolean; query: string }) => Reply,
  ofTable: Reply = { body: table },
): Promise<BigQuerySettings> {
  server = await httpDouble((request, body, response) => {
    const { status = 200, body: answer } = request.url?.includes("/tables/") === true ? ofTable : query(JSON.parse(body || "{}"));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  return { url: server.url, credentials: null, project: "acme", mostBytes: 1_000_000_000 };
}

const at = (name: string) => [{ path: `bigquery://acme.shop.${name}`, name: `bigquery://acme.shop.${name}` }];

async function problemOf(settings: BigQuerySettings, over: Partial<ScoringRequest> = {}): Promise<PreflightFinding> {
  const request = scoringRequest("", {
    candidate: at("candidate"),
    baseline: at("baseline"),
    labels: at("labels"),
    metrics: [metric("ndcg@10")],
    ...over,
  });
  const { table: scored, problems } = await bigqueryEvaluationEngine(settings).score(request);
  expect(scored).toBeNull();
  return problems[0] ?? { code: "none", verdict: "pass", message: "" };
}

describe("scoring on BigQuery is refused with one clear message", () => {
  test("where it would scan more than the budget, both numbers said, and nothing run", async () => {
    const asked: (boolean | undefined)[] = [];
    const settings = await bigquery(({ dryRun }) => {
      asked.push(dryRun);
      return { body: { totalBytesProcessed: "600000000" } };
    });
    const { code, message } = await problemOf(settings);
    expect(code).toBe("scan-too-large");
    expect(message).toContain("would scan 1.80 GB (1800000000 bytes), more than the budget of 1.00 GB (1000000000 bytes): nothing was run");
    expect(asked).toEqual([true, true, true]);
  });

  test("without credentials", async () => {
    const none = { token: async () => ({ kind: "none", reason: "There are no credentials." }) as const, project: async () => null };
    const settings = { ...(await bigquery(() => ({ body: {} }))), credentials: none };
    expect(await problemOf(settings)).toEqual({ code: "credentials-missing", verdict: "error", message: "There are no credentials." });
  });

  test("with credentials that BigQuery does not accept, or that may not read", async () => {
    const error = { error: { message: "Invalid Credentials" } };
    expect(await problemOf(await bigquery(() => ({ body: {} }), { status: 401, body: error }))).toMatchObject({
      code: "credentials-refused",
    });
    await server?.close();
    const denied = { error: { message: "Access Denied: Table acme:shop.candidate", errors: [{ reason: "accessDenied" }] } };
    const problem = await problemOf(await bigquery(() => ({ body: {} }), { status: 403, body: denied }));
    expect(problem.code).toBe("access-denied");
    expect(problem.message).toContain("BigQuery Data Viewer");
  });

  test("where nothing answers", async () => {
    const settings = await bigquery(() => ({ body: {} }));
    await server?.close();
    server = undefined;
    const { code, message } = await problemOf(settings);
    expect(code).toBe("bigquery-unreachable");
    expect(message).toContain("Check the network");
  });

  test("where an answer breaks off", async () => {
    server = await httpDouble((_, __, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": 1000 });
      response.write("{", () => response.destroy());
    });
    const settings = { url: server.url, credentials: null, project: "acme", mostBytes: 1e9 };
    expect(await problemOf(settings)).toMatchObject({ code: "bigquery-unreachable" });
  });

  test("with a token that no header can hold, which is not said", async () => {
    const token = async () => ({ kind: "token", token: "hid\nden" }) as const;
    const settings = { ...(await bigquery(() => ({ body: {} }))), credentials: { token, project: async () => null } };
    const { code, message } = await problemOf(settings);
    expect(code).toBe("credentials-refused");
    expect(message).not.toContain("hid");
  });

  test("where a table is not there: no data of an arm, an error of the labels", async () => {
    const missing = { status: 404, body: { error: { message: "Not found" } } };
    const settings = await bigquery(() => ({ body: {} }), missing);
    expect(await problemOf(settings)).toMatchObject({ code: "predictions-missing", verdict: "no-data" });
    expect(await bigqueryTables(settings).locate("bigquery://acme.shop.candidate")).toEqual({ kind: "missing" });
  });

  test("where some inputs are tables and others files", async () => {
    const settings = await bigquery(() => ({ body: {} }));
    expect(await problemOf(settings, { labels: [{ path: "/tmp/labels.parquet", name: "labels.parquet" }] })).toMatchObject({
      code: "sources-mixed",
    });
  });

  test("where BigQuery itself finds a mistake", async () => {
    const settings = await bigquery(() => ({
      status: 400,
      body: { error: { message: "Syntax error", errors: [{ reason: "invalidQuery" }] } },
    }));
    expect(await problemOf(settings)).toMatchObject({
      code: "bigquery-failed",
      message:
        "BigQuery could not answer the query: Syntax error. Try again later; if it stays, export the tables to Parquet and evaluate the files.",
    });
  });
});

test("a table's digest changes with the table", async () => {
  const digest = async (facts: object): Promise<string> => {
    const located = await bigqueryTables(await bigquery(() => ({ body: {} }), { body: { ...table, ...facts } })).locate(
      "bigquery://acme.shop.t",
    );
    await server?.close();
    return located.kind === "found" ? located.digest : located.kind;
  };
  const whole = { lastModifiedTime: "1", numRows: "10", numBytes: "100" };
  expect(await digest(whole)).toBe(await digest(whole));
  for (const change of [{ lastModifiedTime: "2" }, { numRows: "11" }, { numBytes: "101" }])
    expect(await digest({ ...whole, ...change })).not.toBe(await digest(whole));
  expect(await digest({ etag: "1" })).not.toBe(await digest({ etag: "2" }));
});
