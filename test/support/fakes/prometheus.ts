import type { IncomingHttpHeaders } from "node:http";
import { httpDouble } from "#test/support/http-double.ts";
import type { StoredSample } from "#test/support/scraped-requests.ts";

export interface PrometheusDouble {
  readonly url: string;
  /** Every expression that was asked for, in order. */
  readonly asked: readonly string[];
  readonly headers: readonly IncomingHttpHeaders[];
  add(samples: readonly StoredSample[]): void;
  close(): Promise<void>;
}

/**
 * Answers the few forms of PromQL that Slipway sends, below `/prometheus` as behind a proxy; anything else is a parse error. The
 * integration tests hold it to what a real Prometheus answers, by the same contract.
 */
export async function startPrometheusDouble(): Promise<PrometheusDouble> {
  const stored: StoredSample[] = [];
  const asked: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = await httpDouble((request, body, response) => {
    const form = new URLSearchParams(body);
    const query = form.get("query") ?? "";
    asked.push(query);
    headers.push(request.headers);
    const data = request.url === "/prometheus/api/v1/query" ? answerTo(query, Number(form.get("time")) * 1000, stored) : undefined;
    const answer =
      data === undefined ? { status: "error", errorType: "bad_data", error: `parse error: ${query}` } : { status: "success", data };
    response.writeHead(data === undefined ? 400 : 200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  return { url: `${server.url}/prometheus`, asked, headers, add: (samples) => void stored.push(...samples), close: server.close };
}

const form = /^(?:count( by \(le\))? ?\(last_over_time\()?(\w+)\{(.*)\}\[(\d+)ms\]\)*$/;

function answerTo(query: string, time: number, stored: readonly StoredSample[]): object | undefined {
  const [found, by, metric = "", matchers = "", range] = form.exec(query) ?? [];
  if (found === undefined) return undefined;
  const tests = [...matchers.matchAll(/(\w+)(=~?)("(?:[^"\\]|\\.)*")/g)].map(([, label = "", operator, text = '""']) => {
    const value: string = JSON.parse(text);
    return (labels: StoredSample["labels"]) =>
      operator === "=" ? (labels[label] ?? "") === value : new RegExp(`^(?:${value})$`).test(labels[label] ?? "");
  });
  const samples = stored
    .filter(
      (sample) =>
        sample.metric === metric && sample.at >= time - Number(range) && sample.at <= time && tests.every((fits) => fits(sample.labels)),
    )
    .toSorted((a, b) => a.at - b.at);
  const series = [...Map.groupBy(samples, ({ labels }) => JSON.stringify(labels)).values()];
  if (!query.startsWith("count")) {
    const result = series.map((all) => ({
      metric: { __name__: metric, ...all[0]?.labels },
      values: all.map(({ at, value }) => [at / 1000, String(value)]),
    }));
    return { resultType: "matrix", result };
  }
  const groups = Map.groupBy(series, ([sample]) => (by === undefined ? "" : (sample?.labels["le"] ?? "")));
  const result = [...groups].map(([le, all]) => ({ metric: by === undefined ? {} : { le }, value: [time / 1000, String(all.length)] }));
  return { resultType: "vector", result };
}
