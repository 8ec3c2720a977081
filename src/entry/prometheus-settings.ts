import { z } from "zod";
import type { PrometheusSettings } from "#adapters/prometheus/request-metrics.ts";

const metric = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelKinds = ["environment", "model", "digest", "status"] as const;
type Labels = PrometheusSettings["labels"];

const usual = "environment=environment,model=model,digest=digest,status=code";
const pair = `(?:${labelKinds.join("|")})=[a-zA-Z_][a-zA-Z0-9_]*`;
const labelsSchema = z
  .string()
  .regex(new RegExp(`^${pair}(?:,${pair})*$`), `labels are written like environment=env,digest=model_digest, of ${labelKinds.join(", ")}`)
  .refine((text) => new Set(Object.values(labelsIn(text))).size === labelKinds.length, "one label cannot mean two things");

function labelsIn(text: string): Labels {
  const {
    environment = "",
    model = "",
    digest = "",
    status = "",
  } = Object.fromEntries(`${usual},${text}`.split(",").map((one) => one.split("=")));
  return { environment, model, digest, status };
}

export const prometheusShape = {
  SLIPWAY_PROMETHEUS_URL: z
    .url({ protocol: /^https?$/ })
    .refine(
      (text) => new URL(text).username === "" && new URL(text).password === "",
      "no credentials in the URL: they have settings of their own",
    )
    .optional()
    .describe(
      "Instead of request logs: the base URL of the Prometheus from which windows are judged, [more](metrics-sources.md). With credentials it is https, or on this machine.",
    ),
  SLIPWAY_PROMETHEUS_TOKEN_FILE: z.string().optional().describe("File of the bearer token for Prometheus, where it asks for one."),
  SLIPWAY_PROMETHEUS_USER: z
    .string()
    .regex(/^[^:]+$/, "a user without ':'")
    .optional()
    .describe("User for Prometheus, where it asks for a password."),
  SLIPWAY_PROMETHEUS_PASSWORD_FILE: z.string().optional().describe("File of that user's password."),
  SLIPWAY_PROMETHEUS_SCRAPE_SECONDS: z.coerce
    .number()
    .positive()
    .default(15)
    .describe("How often the targets are scraped. A window with a pause of more than one and a half of it is not judged."),
  SLIPWAY_PROMETHEUS_REQUESTS: z
    .string()
    .regex(metric, "the name of a counter")
    .default("model_requests_total")
    .describe("The counter of requests."),
  SLIPWAY_PROMETHEUS_LATENCY: z
    .string()
    .regex(metric, "the name of a histogram")
    .refine(
      (name) => /_(?:seconds|milliseconds)$/.test(name),
      "the name ends with its unit, _seconds or _milliseconds; it is written without _bucket",
    )
    .default("model_request_duration_seconds")
    .describe("The classic histogram of how long requests took, without `_bucket`."),
  SLIPWAY_PROMETHEUS_LABELS: labelsSchema.default(usual).describe("Which labels say what; one that is not named keeps its usual name."),
};
type Set = z.infer<z.ZodObject<typeof prometheusShape>>;

/** @param readFile reads the file that a setting names, or says that it cannot */
export function prometheusSettings(set: Set, readFile: (setting: string, file: string) => string): PrometheusSettings | undefined {
  const url = set.SLIPWAY_PROMETHEUS_URL;
  if (url === undefined) return undefined;
  const authorization = authorizationOf(set, readFile);
  return {
    url,
    ...(authorization !== undefined && { authorization }),
    scrapeMilliseconds: set.SLIPWAY_PROMETHEUS_SCRAPE_SECONDS * 1000,
    requests: set.SLIPWAY_PROMETHEUS_REQUESTS,
    latency: set.SLIPWAY_PROMETHEUS_LATENCY,
    labels: labelsIn(set.SLIPWAY_PROMETHEUS_LABELS),
  };
}

/** What does not go together, all of it. */
export function prometheusProblems(set: Set, requestLogs: string | undefined): readonly string[] {
  const { SLIPWAY_PROMETHEUS_URL: url, SLIPWAY_PROMETHEUS_TOKEN_FILE: token } = set;
  const { SLIPWAY_PROMETHEUS_USER: user, SLIPWAY_PROMETHEUS_PASSWORD_FILE: password } = set;
  const credentials = token ?? user ?? password;
  const problems: string[] = [];
  if (url !== undefined && requestLogs !== undefined)
    problems.push("SLIPWAY_PROMETHEUS_URL: SLIPWAY_REQUEST_LOGS is set too; windows are judged from one source, so unset the other");
  if (url === undefined && credentials !== undefined) problems.push("SLIPWAY_PROMETHEUS_URL: set it, or unset the credentials for it");
  if ((user === undefined) !== (password === undefined))
    problems.push("SLIPWAY_PROMETHEUS_USER: a user and SLIPWAY_PROMETHEUS_PASSWORD_FILE go together");
  if (token !== undefined && user !== undefined) problems.push("SLIPWAY_PROMETHEUS_TOKEN_FILE: set a token or a user, not both");
  if (url !== undefined && credentials !== undefined && !isPrivate(new URL(url)))
    problems.push("SLIPWAY_PROMETHEUS_URL: credentials are sent over https only, or to this machine");
  return problems;
}

function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

function authorizationOf(set: Set, readFile: (setting: string, file: string) => string): string | undefined {
  if (set.SLIPWAY_PROMETHEUS_TOKEN_FILE !== undefined)
    return `Bearer ${readFile("SLIPWAY_PROMETHEUS_TOKEN_FILE", set.SLIPWAY_PROMETHEUS_TOKEN_FILE)}`;
  if (set.SLIPWAY_PROMETHEUS_USER === undefined || set.SLIPWAY_PROMETHEUS_PASSWORD_FILE === undefined) return undefined;
  const password = readFile("SLIPWAY_PROMETHEUS_PASSWORD_FILE", set.SLIPWAY_PROMETHEUS_PASSWORD_FILE);
  return `Basic ${Buffer.from(`${set.SLIPWAY_PROMETHEUS_USER}:${password}`).toString("base64")}`;
}
