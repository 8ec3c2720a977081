import { z } from "zod";

export type PrometheusServer = {
  /** The base URL, with the path below which a proxy serves it, if any. */
  readonly url: string;
  /** The whole header: `Bearer …` or `Basic …`. */
  readonly authorization?: string;
};

/** One counter, gauge or bucket, with what it said. */
export type Series = { readonly labels: Readonly<Record<string, string>>; readonly samples: readonly Sample[] };

/** What one scrape saw. @property at milliseconds since the epoch */
export type Sample = { readonly at: number; readonly value: number };

/** Why Prometheus gives no answer to rely on. Never holds a secret. */
export class PrometheusProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PrometheusProblem";
  }
}

const patience = 10_000;

/** A raw sample takes about 25 bytes: this is three days of forty counters, scraped every 15 s. */
const largestAnswer = 16 * 1024 * 1024;

const longestReason = 300;

const sampleSchema = z
  .tuple([z.number(), z.string()])
  .transform(([seconds, value]) => ({ at: Math.round(seconds * 1000), value: Number(value) }));
const labelsSchema = z.record(z.string(), z.string());

/** https://prometheus.io/docs/prometheus/latest/querying/api/: of the result types, a selector gives a matrix, an aggregation a vector. */
const answerSchema = z.object({
  status: z.literal("success"),
  warnings: z.array(z.string()).default([]),
  data: z.discriminatedUnion("resultType", [
    z.object({ resultType: z.literal("vector"), result: z.array(z.object({ metric: labelsSchema, value: sampleSchema })) }),
    z.object({ resultType: z.literal("matrix"), result: z.array(z.object({ metric: labelsSchema, values: z.array(sampleSchema) })) }),
  ]),
});
const refusalSchema = z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() });

/** Asks one Prometheus, or what speaks its API; each question is about one moment. A partial answer is none. */
export function prometheusClient(server: PrometheusServer): (expression: string, at: number) => Promise<readonly Series[]> {
  const url = `${server.url.replace(/\/+$/, "")}/api/v1/query`;
  const headers = headersWith(server.authorization);
  return async (expression, at) => {
    const answer = await answerTo(url, headers, {
      query: expression,
      time: (at / 1000).toFixed(3),
      timeout: `${patience}ms`,
      // Thanos' word for it; Prometheus passes it over.
      partial_response: "false",
    });
    if (answer.warnings.length > 0)
      throw new PrometheusProblem(`Prometheus warns, so its answer may be partial: ${shortened(answer.warnings.join("; "))}`);
    const { data } = answer;
    return data.resultType === "matrix"
      ? data.result.map(({ metric, values }) => ({ labels: metric, samples: values }))
      : data.result.map(({ metric, value }) => ({ labels: metric, samples: [value] }));
  };
}

/** Made once, at the start: what fetch says of a header that it refuses holds the header. */
function headersWith(authorization: string | undefined): Headers {
  const headers = new Headers({ accept: "application/json" });
  try {
    if (authorization !== undefined) headers.set("authorization", authorization);
  } catch {
    throw new PrometheusProblem(
      "the credentials for Prometheus hold what a header cannot: SLIPWAY_PROMETHEUS_TOKEN_FILE names a file of one line",
    );
  }
  return headers;
}

async function answerTo(url: string, headers: Headers, form: Readonly<Record<string, string>>) {
  const response = await fetch(url, {
    method: "POST",
    headers,
    body: new URLSearchParams(form),
    // The credentials are for this server alone.
    redirect: "error",
    signal: AbortSignal.timeout(patience),
  }).catch((error: unknown) => {
    throw new PrometheusProblem(`Prometheus did not answer: ${causeOf(error)}`, { cause: error });
  });
  const body = fromJson(await bodyOf(response));
  const refusal = refusalSchema.safeParse(body);
  if (refusal.success)
    throw new PrometheusProblem(`Prometheus answered ${response.status}, ${refusal.data.errorType}: ${shortened(refusal.data.error)}`);
  if (!response.ok) throw new PrometheusProblem(`Prometheus answered ${response.status}${hints[response.status] ?? ""}`);
  const answer = answerSchema.safeParse(body);
  if (!answer.success)
    throw new PrometheusProblem(`Prometheus's answer has another shape: ${answer.error.issues[0]?.path.join(".") ?? ""}`);
  return answer.data;
}

const hints: Readonly<Record<number, string>> = {
  401: ": set the token's file, or user and password's file",
  403: ": the credentials may not query",
  404: ": the URL is the base, without /api/v1",
};

async function bodyOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > largestAnswer)
        throw new PrometheusProblem(`Prometheus's answer is larger than ${largestAnswer} bytes: too many series for the window`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof PrometheusProblem) throw error;
    throw new PrometheusProblem(`Prometheus's answer broke off: ${causeOf(error)}`, { cause: error });
  }
  return Buffer.concat(chunks).toString("utf8");
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return shortened(String(error));
  return shortened(error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message);
}

function shortened(text: string): string {
  return text.slice(0, longestReason);
}
