import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "#sandbox/stage/eventually.ts";
import { freePort } from "#sandbox/stage/free-port.ts";
import { programIn } from "./program-in.ts";
import type { StoredSample } from "./scraped-requests.ts";

export interface PrometheusServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export interface PrometheusOptions {
  readonly folder: string;
  /** Samples that it has from the start, however old. */
  readonly stored?: readonly StoredSample[];
  /** What it scrapes as job `gateway`, `host:port`, four times a second. */
  readonly target?: string;
}

const centuries = "100y";

/** The Prometheus that `npm run test:integration` installed, on a port of its own. */
export async function startPrometheus({ folder, stored = [], target }: PrometheusOptions): Promise<PrometheusServer> {
  const binary = programIn("SLIPWAY_PROMETHEUS");
  const data = join(folder, "prometheus-data");
  await mkdir(data, { recursive: true });
  if (stored.length > 0) {
    const text = join(folder, "samples.txt");
    await writeFile(text, openMetrics(stored));
    await promisify(execFile)(join(dirname(binary), "promtool"), ["tsdb", "create-blocks-from", "openmetrics", text, data]);
  }
  const config = join(folder, "prometheus.yml");
  const scrapes = target === undefined ? [] : [{ job_name: "gateway", static_configs: [{ targets: [target] }] }];
  // JSON is YAML.
  await writeFile(config, JSON.stringify({ global: { scrape_interval: "250ms", scrape_timeout: "250ms" }, scrape_configs: scrapes }));
  const port = await freePort();
  const log = join(folder, "prometheus.log");
  const file = openSync(log, "a");
  const argv = [`--config.file=${config}`, `--storage.tsdb.path=${data}`, `--storage.tsdb.retention.time=${centuries}`];
  const child = spawn(binary, [...argv, `--web.listen-address=127.0.0.1:${port}`, "--log.level=warn"], { stdio: ["ignore", file, file] });
  const url = `http://127.0.0.1:${port}`;
  await eventually("Prometheus to be ready", async () => {
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${await readFile(log, "utf8")}`);
    return (await answers(`${url}/-/ready`)) || undefined;
  });
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, "exit");
    },
  };
}

function openMetrics(samples: readonly StoredSample[]): string {
  const lines = samples.map(({ metric, labels, at, value }) => {
    const written = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
    return `${metric}{${written.join(",")}} ${value} ${(at / 1000).toFixed(3)}`;
  });
  return `${lines.join("\n")}\n# EOF\n`;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
