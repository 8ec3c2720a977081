import { stat } from "node:fs/promises";
import { type Instant, instantOf } from "#domain/model/time.ts";
import type { Indicator } from "#domain/slo/objective.ts";
import type { Metrics, RequestQuery } from "#ports/metrics.ts";
import { type DuckDbSettings, openSandbox, type Sandbox } from "./sandbox.ts";

/** Only what a query needs is read of a line; the log holds more (version, query_id, unit, clicked, clicked_rank). */
const columns =
  "{time: 'TIMESTAMPTZ', environment: 'VARCHAR', model: 'VARCHAR', digest: 'VARCHAR', latency_ms: 'DOUBLE', status: 'INTEGER'}";

/** A request that failed is bad for every indicator: a fast error is no good answer. */
const goodBy = {
  availability: "status < 500",
  latency: "status < 500 AND latency_ms <= $milliseconds",
} as const satisfies Record<Indicator["kind"], string>;

export type RequestMetrics = Metrics & { readonly close: () => void };

/**
 * Counts requests in logs of JSON lines, one object a request: `{time, environment, model, digest, latency_ms, status, …}`. Another process
 * appends to the logs while they are read: a line that is not whole yet is passed over, and found by the next query.
 */
export async function requestMetrics(logs: readonly string[], settings: DuckDbSettings): Promise<RequestMetrics> {
  const sandbox = await openSandbox(logs, settings);
  return {
    count: async (query) => {
      const good = `count(*) FILTER (${goodBy[query.indicator.kind]})`;
      const [row] = await select(sandbox, logs, query, `count(*)::DOUBLE AS total, (${good})::DOUBLE AS good`);
      return { good: numberIn(row, "good"), total: numberIn(row, "total") };
    },
    firstBad: async (query) => {
      const bad = `NOT coalesce(${goodBy[query.indicator.kind]}, false)`;
      const [row] = await select(sandbox, logs, query, `epoch_ms(min(time) FILTER (${bad}))::DOUBLE AS first`);
      return instantIn(row, "first");
    },
    close: sandbox.close,
  };
}

type Row = Readonly<Record<string, unknown>> | undefined;

async function select({ connection }: Sandbox, logs: readonly string[], query: RequestQuery, what: string): Promise<readonly Row[]> {
  const present = await existing(logs);
  if (present.length === 0) return [];
  const { environment, model, digest, from, to, indicator } = query;
  const sql = `SELECT ${what} FROM read_json(from_json($logs, '["VARCHAR"]'), format = 'newline_delimited', ignore_errors = true, columns = ${columns})
    WHERE environment = $environment AND model = $model AND digest = $digest AND time >= $from::TIMESTAMPTZ AND time < $to::TIMESTAMPTZ`;
  const latency = indicator.kind === "latency" && what.includes("$milliseconds") ? { milliseconds: indicator.atMostMilliseconds } : {};
  const parameters = { logs: JSON.stringify(present), environment, model, digest, from, to, ...latency };
  const result = await connection.runAndReadAll(sql, parameters);
  return result.getRowObjectsJS();
}

/** A log appears with its first request; until then there is none. */
async function existing(logs: readonly string[]): Promise<readonly string[]> {
  const sizes = await Promise.all(
    logs.map((log) =>
      stat(log).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return logs.filter((_, index) => (sizes[index] ?? 0) > 0);
}

function numberIn(row: Row, column: string): number {
  const value = row?.[column];
  return typeof value === "number" ? value : 0;
}

function instantIn(row: Row, column: string): Instant | null {
  const value = row?.[column];
  return typeof value === "number" ? instantOf(value) : null;
}
