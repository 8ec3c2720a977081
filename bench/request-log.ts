/**
 * `node bench/request-log.ts [--lines 100000]`: what it takes to count one window's requests in a log of JSON lines, which the App does for
 * every release that is on its way at each resync, against reading and parsing the same lines in Node. Ratios, in one run.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { requestMetrics } from "#adapters/duckdb/request-metrics.ts";
import { digestSchema, environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { instantOf, instantSchema } from "#domain/model/time.ts";

const { values } = parseArgs({ options: { lines: { type: "string", default: "100000" } } });
const count = Number(values.lines);
const rounds = 7;
const start = Date.UTC(2026, 10, 20, 8);
const window = 1000;
const digest = digestSchema.parse(`sha256:${"a".repeat(64)}`);

const folder = mkdtempSync(join(tmpdir(), "bench-requests-"));
const log = join(folder, "requests.jsonl");
const line = (n: number): string =>
  `${JSON.stringify({ time: new Date(start + n).toISOString(), environment: "production", model: "search-ranker", digest, latency_ms: n % 100, status: 200 })}\n`;
writeFileSync(log, Array.from({ length: count }, (_, n) => line(n)).join(""));

const metrics = await requestMetrics([log], { threads: 2, memoryLimit: "256MB", temporaryDirectory: folder });
const query = {
  environment: environmentNameSchema.parse("production"),
  model: modelNameSchema.parse("search-ranker"),
  digest,
  from: instantOf(start),
  to: instantSchema.parse(instantOf(start + window)),
  indicator: { kind: "latency", atMostMilliseconds: 50 },
} as const;

const ways = {
  "requestMetrics().count": async () => (await metrics.count(query)).total,
  "JSON.parse of every line": async () => {
    const requests = readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((text): { time: string } => JSON.parse(text));
    return requests.filter(({ time }) => Date.parse(time) < start + window).length;
  },
};

const least: Record<string, number> = {};
for (let round = 0; round < rounds; round += 1) {
  for (const [name, way] of Object.entries(ways)) {
    const begun = performance.now();
    const found = await way();
    if (found !== Math.min(window, count)) throw new Error(`${name} counted ${found} requests`);
    least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, performance.now() - begun);
  }
}
const own = least["requestMetrics().count"] ?? 0;
process.stdout.write(
  `one window in a log of ${count.toLocaleString("en")} lines, least of ${rounds} alternating rounds\n\n| who | ms | ours / theirs |\n| --- | --- | --- |\n`,
);
for (const [name, time] of Object.entries(least)) process.stdout.write(`| ${name} | ${time.toFixed(1)} | ${(own / time).toFixed(2)} |\n`);
metrics.close();
rmSync(folder, { recursive: true, force: true });
