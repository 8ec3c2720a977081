import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { PrometheusSettings } from "#adapters/prometheus/request-metrics.ts";
import { prometheusProblems, prometheusSettings, prometheusShape } from "./prometheus-settings.ts";

/** Probot's own default, and what people type first: with either, anyone can forge a webhook. */
const worthlessSecrets = new Set(["development", "secret", "changeme"]);

const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/$/, ""));
const wholeNumber = z.coerce.number().int().nonnegative();

/** Each setting with what it is for: `docs/install.md` shows this table. */
export const environmentSchema = z.object({
  SLIPWAY_APP_ID: z.coerce
    .number({ error: "the App's id, a whole number" })
    .int()
    .positive()
    .describe("The App's id, on its settings page."),
  SLIPWAY_PRIVATE_KEY_FILE: z
    .string({ error: "the path of the App's private key, a PEM file" })
    .min(1)
    .describe("Path of the App's private key, a PEM file that only Slipway can read."),
  SLIPWAY_WEBHOOK_SECRET: z
    .string({ error: "the secret of the App's webhook; make one with `openssl rand -hex 32`" })
    .min(16, "at least 16 characters; make one with `openssl rand -hex 32`")
    .refine(
      (secret) => !worthlessSecrets.has(secret.toLowerCase()),
      "a secret that everyone knows is none; make one with `openssl rand -hex 32`",
    )
    .describe("The webhook's secret, at least 16 characters: the same text as on the App's settings page."),
  SLIPWAY_GITHUB_URL: url.default("https://api.github.com").describe("GitHub's API; of an Enterprise Server `https://<host>/api/v3`."),
  SLIPWAY_GIT_URL: url
    .optional()
    .describe(
      "Where repositories are cloned from, when that is not what follows from the API: `https://github.com`, or the Enterprise Server's host.",
    ),
  SLIPWAY_OIDC_ISSUER: url
    .default("https://token.actions.githubusercontent.com")
    .describe("Who signs the tokens of workflow runs. Never a matter of policy."),
  SLIPWAY_SIGSTORE_ROOT_FILE: z
    .string()
    .optional()
    .describe(
      "File of Sigstore trust roots, as `gh attestation trusted-root` prints them. Without it no attestation counts; tokens of runs still do.",
    ),
  SLIPWAY_RESYNC_SECONDS: z.coerce
    .number()
    .positive()
    .default(60)
    .describe("How often everything is looked at as if no webhook had ever come."),
  SLIPWAY_CONTENT_SPACING_MS: wholeNumber
    .default(3000)
    .describe("Pause between two comments, issues or pull requests of one installation: GitHub limits how fast content may be made."),
  SLIPWAY_HOST: z.string().default("127.0.0.1").describe("The address to listen on."),
  SLIPWAY_PORT: wholeNumber.default(3000).describe("The port to listen on."),
  SLIPWAY_SHUTDOWN_SECONDS: z.coerce
    .number()
    .positive()
    .default(25)
    .describe("How long a stop waits for what is under way; shorter than what your platform waits before it kills."),
  SLIPWAY_CACHE: z
    .string()
    .default(".cache/slipway")
    .describe("Folder of the cached clones. Nothing in it is needed: delete it at will while the App is stopped."),
  SLIPWAY_REQUEST_LOGS: z
    .string()
    .optional()
    .describe("The file of request logs, JSON lines, from which windows are judged. Without it no canary is judged, so none grows."),
  ...prometheusShape,
  SLIPWAY_KUBERNETES_URL: url.optional().describe("The Kubernetes API server: https, or plain http on this machine (`kubectl proxy`)."),
  SLIPWAY_KUBERNETES_TOKEN_FILE: z
    .string()
    .optional()
    .describe("File of the token for that API server. It needs to get and list what serves your models (docs/targets.md)."),
  SLIPWAY_KUBECONFIG: z.string().optional().describe("A kubeconfig file instead of server and token; its current context counts."),
  SLIPWAY_AUTHOR_NAME: z.string().min(1).default("slipway[bot]").describe("Author of Slipway's commits."),
  SLIPWAY_AUTHOR_EMAIL: z
    .string()
    .min(3)
    .default("slipway[bot]@users.noreply.github.com")
    .describe("Its e-mail address, by which Slipway knows its own commits again: the same on every replica and for `slipway adopt`."),
});

/** What an operator sets, in normal form. */
export interface Settings {
  readonly githubUrl: string;
  /** Where repositories are cloned from; on github.com another host than the API's. */
  readonly gitUrl: string;
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly oidcIssuer: string;
  /** The text of the trust roots. */
  readonly sigstoreRoot: string | undefined;
  readonly resyncMilliseconds: number;
  readonly contentSpacing: number;
  readonly host: string;
  readonly port: number;
  readonly shutdownMilliseconds: number;
  readonly cache: string;
  readonly requestLogs: string | undefined;
  readonly prometheus: PrometheusSettings | undefined;
  readonly kubernetes: { readonly server?: string; readonly token?: string; readonly kubeconfigFile?: string } | undefined;
  readonly identity: { readonly name: string; readonly email: string };
}

/** Why Slipway cannot start: everything at once, with what is expected. Values are never printed, since some are secrets. */
export class CannotStart extends Error {
  constructor(what: string, problems: readonly string[]) {
    super(`Slipway cannot start. ${what}:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "CannotStart";
  }
}

export class SettingsError extends CannotStart {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`${problems.length === 1 ? "This setting is" : "These settings are"} missing or wrong`, problems);
    this.name = "SettingsError";
    this.problems = problems;
  }
}

export function readSettings(environment: Environment): Settings {
  const set = readPart(environmentSchema, environment);
  const problems = prometheusProblems(set, set.SLIPWAY_REQUEST_LOGS);
  if (problems.length > 0) throw new SettingsError(problems);
  const kubernetes = {
    ...(set.SLIPWAY_KUBERNETES_URL !== undefined && { server: set.SLIPWAY_KUBERNETES_URL }),
    ...(set.SLIPWAY_KUBERNETES_TOKEN_FILE !== undefined && {
      token: readFileOf("SLIPWAY_KUBERNETES_TOKEN_FILE", set.SLIPWAY_KUBERNETES_TOKEN_FILE),
    }),
    ...(set.SLIPWAY_KUBECONFIG !== undefined && { kubeconfigFile: set.SLIPWAY_KUBECONFIG }),
  };
  return {
    githubUrl: set.SLIPWAY_GITHUB_URL,
    gitUrl: set.SLIPWAY_GIT_URL ?? gitUrlOf(set.SLIPWAY_GITHUB_URL),
    appId: set.SLIPWAY_APP_ID,
    privateKey: readPrivateKey("SLIPWAY_PRIVATE_KEY_FILE", set.SLIPWAY_PRIVATE_KEY_FILE),
    webhookSecret: set.SLIPWAY_WEBHOOK_SECRET,
    oidcIssuer: set.SLIPWAY_OIDC_ISSUER,
    sigstoreRoot:
      set.SLIPWAY_SIGSTORE_ROOT_FILE === undefined ? undefined : readFileOf("SLIPWAY_SIGSTORE_ROOT_FILE", set.SLIPWAY_SIGSTORE_ROOT_FILE),
    resyncMilliseconds: set.SLIPWAY_RESYNC_SECONDS * 1000,
    contentSpacing: set.SLIPWAY_CONTENT_SPACING_MS,
    host: set.SLIPWAY_HOST,
    port: set.SLIPWAY_PORT,
    shutdownMilliseconds: set.SLIPWAY_SHUTDOWN_SECONDS * 1000,
    cache: set.SLIPWAY_CACHE,
    requestLogs: set.SLIPWAY_REQUEST_LOGS,
    prometheus: prometheusSettings(set, readFileOf),
    kubernetes: Object.keys(kubernetes).length > 0 ? kubernetes : undefined,
    identity: { name: set.SLIPWAY_AUTHOR_NAME, email: set.SLIPWAY_AUTHOR_EMAIL },
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Who Slipway is as an author of commits, where nothing else of it is set: on a person's machine. */
export function readIdentity(environment: Environment): Settings["identity"] {
  const set = readPart(environmentSchema.pick({ SLIPWAY_AUTHOR_NAME: true, SLIPWAY_AUTHOR_EMAIL: true }), environment);
  return { name: set.SLIPWAY_AUTHOR_NAME, email: set.SLIPWAY_AUTHOR_EMAIL };
}

/** GitHub's API, where nothing else is set: on a person's machine. */
export function readGitHubUrl(environment: Environment): string {
  return readPart(environmentSchema.pick({ SLIPWAY_GITHUB_URL: true }), environment).SLIPWAY_GITHUB_URL;
}

function readPart<Part extends z.ZodType>(part: Part, environment: Environment): z.infer<Part> {
  const parsed = part.safeParse(withoutEmpty(environment));
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
  return parsed.data;
}

/** github.com serves Git beside its API's host; Enterprise Server serves its API below `/api/v3` of the same host. */
function gitUrlOf(githubUrl: string): string {
  return githubUrl === "https://api.github.com" ? "https://github.com" : githubUrl.replace(/\/api\/v3$/, "");
}

/** What is no key is found out here, where its setting is known, and not at the first call to GitHub. */
function readPrivateKey(setting: string, file: string): string {
  const text = readFileOf(setting, file);
  try {
    createPrivateKey(text);
    return text;
  } catch {
    throw new SettingsError([`${setting}: the file it names holds no private key in PEM form; download one from the App's settings`]);
  }
}

function readFileOf(setting: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new SettingsError([`${setting}: the file it names cannot be read`]);
  }
}

function withoutEmpty(environment: Environment): Record<string, string> {
  const set = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "");
  return Object.fromEntries(set);
}
