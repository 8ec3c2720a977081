import { z } from "zod";
import type { CloudCredentials } from "#ports/cloud-credentials.ts";
import { BigQueryProblem } from "./bigquery-problem.ts";
import type { TableRef } from "./table-uri.ts";

export type BigQuerySettings = {
  /** Such as https://bigquery.googleapis.com. */
  readonly url: string;
  /** null: an emulator asks for none. */
  readonly credentials: CloudCredentials | null;
  /** The project that pays; null: that of the credentials, or else of the candidate's table. */
  readonly project: string | null;
  /** The most bytes that the queries of one evaluation which score may scan together, and any query alone. */
  readonly mostBytes: number;
};

export type Row = readonly (string | null)[];

/** What is known of a table without reading it: its columns' types, and what changes whenever it changes. */
export type TableFacts = { readonly columns: ReadonlyMap<string, string>; readonly version: string };

export type BigQueryClient = {
  /** null: there is no such table. */
  readonly table: (ref: TableRef) => Promise<TableFacts | null>;
  /** How many bytes a query would scan. Costs nothing. */
  readonly bytesOf: (sql: string) => Promise<number>;
  readonly rows: (sql: string) => Promise<readonly Row[]>;
};

const tableSchema = z.object({
  schema: z
    .object({ fields: z.array(z.object({ name: z.string(), type: z.string(), mode: z.string().optional() })).optional() })
    .optional(),
  etag: z.string().optional(),
  lastModifiedTime: z.string().optional(),
  numRows: z.string().optional(),
  numBytes: z.string().optional(),
});

const cellSchema = z.object({ v: z.union([z.string(), z.null(), z.boolean(), z.number()]) });
const answerSchema = z.object({
  jobComplete: z.boolean().optional(),
  jobReference: z.object({ jobId: z.string().optional(), location: z.string().optional() }).optional(),
  totalBytesProcessed: z.string().optional(),
  rows: z.array(z.object({ f: z.array(cellSchema) })).optional(),
  pageToken: z.string().optional(),
  errors: z.array(z.object({ reason: z.string().optional(), message: z.string().optional() })).optional(),
});
type Answer = z.infer<typeof answerSchema>;

const errorSchema = z.object({
  error: z.object({ message: z.string().optional(), errors: z.array(z.object({ reason: z.string().optional() })).optional() }),
});

/** BigQuery over its REST API: three calls, of which the client library would bring thirty. @param payer the project of a table, where none is named */
export function bigqueryClient(settings: BigQuerySettings, payer: string): BigQueryClient {
  const project = settings.project ?? settings.credentials?.project() ?? null;
  const query = async (body: object): Promise<Answer> => {
    const path = `/bigquery/v2/projects/${(await project) ?? payer}/queries`;
    return answerOf(await send(settings, path, { useLegacySql: false, ...body }), "the query");
  };
  return {
    table: async ({ project: owner, dataset, table }) => {
      const name = `${owner}.${dataset}.${table}`;
      const found = await send(settings, `/bigquery/v2/projects/${owner}/datasets/${dataset}/tables/${table}`, undefined);
      if (found.status === 404) return null;
      const { schema, etag, lastModifiedTime, numRows, numBytes } = tableSchema.parse(bodyOf(found, name));
      const columns = new Map(
        (schema?.fields ?? []).map(({ name: column, type, mode }) => [column, mode === "REPEATED" ? `${type}[]` : type]),
      );
      return { columns, version: [name, lastModifiedTime ?? etag, numRows, numBytes].join(" ") };
    },
    bytesOf: async (sql) => Number((await query({ query: sql, dryRun: true })).totalBytesProcessed ?? 0),
    rows: async (sql) => {
      const limit = { maximumBytesBilled: String(Math.max(settings.mostBytes, leastBilled)) };
      let answer = await query({ query: sql, ...limit, timeoutMs: 20_000, maxResults: 20_000, requestId: crypto.randomUUID() });
      const rows: Row[] = [];
      for (;;) {
        if (answer.jobComplete !== false)
          rows.push(...(answer.rows ?? []).map(({ f }) => f.map(({ v }) => (v === null ? null : String(v)))));
        const { jobId, location } = answer.jobReference ?? {};
        if (jobId === undefined || (answer.jobComplete !== false && answer.pageToken === undefined)) return rows;
        const page = new URLSearchParams({
          timeoutMs: "20000",
          maxResults: "20000",
          ...(location !== undefined && { location }),
          ...(answer.pageToken !== undefined && { pageToken: answer.pageToken }),
        });
        const path = `/bigquery/v2/projects/${(await project) ?? payer}/queries/${encodeURIComponent(jobId)}?${page}`;
        answer = answerOf(await send(settings, path, undefined), "the query's answer");
      }
    },
  };
}

/** BigQuery bills at least so much for a table, and refuses a lower limit. */
const leastBilled = 10 * 1024 * 1024;

type Reply = { readonly status: number; readonly text: string };

const attempts = 4;

/** Server errors and throttling pass: they are asked again, each time twice as late. */
async function send(settings: BigQuerySettings, path: string, body: object | undefined): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    const token = settings.credentials === null ? null : await tokenOf(settings.credentials);
    const reply = await fetch(`${settings.url}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: headersWith(token),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
      redirect: "error",
    })
      .then(async (answer): Promise<Reply> => ({ status: answer.status, text: await answer.text() }))
      .catch((error: unknown) => {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
        const message = `BigQuery cannot be reached at ${settings.url} (${cause}). Check the network of this machine, and its proxy.`;
        throw new BigQueryProblem("bigquery-unreachable", message, { cause: error });
      });
    const passes = reply.status === 429 || reply.status >= 500;
    if (!passes || attempt === attempts) return reply;
    await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
  }
}

/** What is said of a header that cannot be sent holds the header. */
function headersWith(token: string | null): Headers {
  try {
    return new Headers({ "content-type": "application/json", ...(token !== null && { authorization: `Bearer ${token}` }) });
  } catch {
    const message = "The token of this machine's Google credentials holds what a header cannot, such as a line break. Make new ones.";
    throw new BigQueryProblem("credentials-refused", message);
  }
}

async function tokenOf(credentials: CloudCredentials): Promise<string> {
  const answer = await credentials.token();
  if (answer.kind === "none") throw new BigQueryProblem("credentials-missing", answer.reason);
  return answer.token;
}

function answerOf(reply: Reply, what: string): Answer {
  const answer = answerSchema.parse(bodyOf(reply, what));
  const [first] = answer.errors ?? [];
  if (first !== undefined) throw refusal(400, first.reason, first.message ?? "no reason given", what);
  return answer;
}

function bodyOf({ status, text }: Reply, what: string): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new BigQueryProblem(
      "bigquery-failed",
      `BigQuery answered ${status} to ${what}, and not in JSON. Try again later, or look at what BIGQUERY_EMULATOR_HOST or a proxy answers.`,
    );
  }
  if (status < 400) return body;
  const { data } = errorSchema.safeParse(body);
  throw refusal(status, data?.error.errors?.[0]?.reason, data?.error.message ?? "no reason given", what);
}

function refusal(status: number, reason: string | undefined, said: string, what: string): BigQueryProblem {
  const detail = said.replaceAll(/\s+/g, " ").slice(0, 300);
  if (status === 401) {
    const message = `BigQuery does not accept the credentials of this machine (${detail}). Run gcloud auth application-default login again, or correct GOOGLE_APPLICATION_CREDENTIALS.`;
    return new BigQueryProblem("credentials-refused", message);
  }
  if (reason === "bytesBilledLimitExceeded") {
    const message = `BigQuery refused to scan that much: ${detail}. Raise the budget with --max-bytes-scanned (SLIPWAY_MAX_BYTES_SCANNED in a workflow), or evaluate on a sample or a partition, as a view.`;
    return new BigQueryProblem("scan-too-large", message);
  }
  if (status === 403 || reason === "accessDenied") {
    const message = `These credentials may not ask BigQuery for ${what} (${detail}). They need the roles BigQuery Data Viewer on the tables and BigQuery Job User on the project that pays.`;
    return new BigQueryProblem("access-denied", message);
  }
  return new BigQueryProblem(
    "bigquery-failed",
    `BigQuery could not answer ${what}: ${detail}. Try again later; if it stays, export the tables to Parquet and evaluate the files.`,
  );
}
