import { readFileSync } from "node:fs";
import { z } from "zod";

/** Probot's own default, and what people type first: with either, anyone can forge a webhook. */
const worthlessSecrets = ["development", "secret", "changeme"];

const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/$/, ""));
const wholeNumber = z.coerce.number().int().nonnegative();

const environmentSchema = z.object({
  SLIPWAY_GITHUB_URL: url.default("https://api.github.com"),
  SLIPWAY_GIT_URL: url.optional(),
  SLIPWAY_APP_ID: z.coerce.number({ error: "the App's id, a whole number" }).int().positive(),
  SLIPWAY_PRIVATE_KEY_FILE: z.string({ error: "the path of the App's private key, a PEM file" }).min(1),
  SLIPWAY_WEBHOOK_SECRET: z
    .string({ error: "the secret of the App's webhook; make one with `openssl rand -hex 32`" })
    .min(16, "at least 16 characters; make one with `openssl rand -hex 32`")
    .refine(
      (secret) => !worthlessSecrets.includes(secret.toLowerCase()),
      "a secret that everyone knows is none; make one with `openssl rand -hex 32`",
    ),
  SLIPWAY_OIDC_ISSUER: url.default("https://token.actions.githubusercontent.com"),
  SLIPWAY_RESYNC_SECONDS: z.coerce.number().positive().default(60),
  SLIPWAY_CONTENT_SPACING_MS: wholeNumber.default(3000),
  SLIPWAY_HOST: z.string().default("127.0.0.1"),
  SLIPWAY_PORT: wholeNumber.default(3000),
  SLIPWAY_CACHE: z.string().default(".cache/slipway"),
  SLIPWAY_REQUEST_LOGS: z.string().optional(),
  SLIPWAY_KUBERNETES_URL: url.optional(),
  SLIPWAY_KUBERNETES_TOKEN_FILE: z.string().optional(),
  SLIPWAY_KUBECONFIG: z.string().optional(),
  SLIPWAY_AUTHOR_NAME: z.string().min(1).default("slipway[bot]"),
  SLIPWAY_AUTHOR_EMAIL: z.string().min(3).default("slipway[bot]@users.noreply.github.com"),
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
  readonly resyncMilliseconds: number;
  readonly contentSpacing: number;
  readonly host: string;
  readonly port: number;
  readonly cache: string;
  readonly requestLogs: string | undefined;
  readonly kubernetes: { readonly server?: string; readonly token?: string; readonly kubeconfigFile?: string } | undefined;
  readonly identity: { readonly name: string; readonly email: string };
}

/** Settings that cannot be used: every one of them, with what is expected. Values are never printed, since some are secrets. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(
      `Slipway cannot start. ${problems.length === 1 ? "This setting is" : "These settings are"} missing or wrong:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
    );
    this.name = "SettingsError";
  }
}

export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = environmentSchema.safeParse(withoutEmpty(environment));
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
  const set = parsed.data;
  const kubernetes = {
    ...(set.SLIPWAY_KUBERNETES_URL !== undefined && { server: set.SLIPWAY_KUBERNETES_URL }),
    ...(set.SLIPWAY_KUBERNETES_TOKEN_FILE !== undefined && {
      token: readSecret("SLIPWAY_KUBERNETES_TOKEN_FILE", set.SLIPWAY_KUBERNETES_TOKEN_FILE),
    }),
    ...(set.SLIPWAY_KUBECONFIG !== undefined && { kubeconfigFile: set.SLIPWAY_KUBECONFIG }),
  };
  return {
    githubUrl: set.SLIPWAY_GITHUB_URL,
    gitUrl: set.SLIPWAY_GIT_URL ?? gitUrlOf(set.SLIPWAY_GITHUB_URL),
    appId: set.SLIPWAY_APP_ID,
    privateKey: readSecret("SLIPWAY_PRIVATE_KEY_FILE", set.SLIPWAY_PRIVATE_KEY_FILE),
    webhookSecret: set.SLIPWAY_WEBHOOK_SECRET,
    oidcIssuer: set.SLIPWAY_OIDC_ISSUER,
    resyncMilliseconds: set.SLIPWAY_RESYNC_SECONDS * 1000,
    contentSpacing: set.SLIPWAY_CONTENT_SPACING_MS,
    host: set.SLIPWAY_HOST,
    port: set.SLIPWAY_PORT,
    cache: set.SLIPWAY_CACHE,
    requestLogs: set.SLIPWAY_REQUEST_LOGS,
    kubernetes: Object.keys(kubernetes).length > 0 ? kubernetes : undefined,
    identity: { name: set.SLIPWAY_AUTHOR_NAME, email: set.SLIPWAY_AUTHOR_EMAIL },
  };
}

/** Who Slipway is as an author of commits, where nothing else of it is set: on a person's machine. */
export function readIdentity(environment: Readonly<Record<string, string | undefined>>): Settings["identity"] {
  const parsed = environmentSchema.pick({ SLIPWAY_AUTHOR_NAME: true, SLIPWAY_AUTHOR_EMAIL: true }).safeParse(withoutEmpty(environment));
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
  return { name: parsed.data.SLIPWAY_AUTHOR_NAME, email: parsed.data.SLIPWAY_AUTHOR_EMAIL };
}

/** github.com serves Git beside its API's host; Enterprise Server serves its API below `/api/v3` of the same host. */
function gitUrlOf(githubUrl: string): string {
  return githubUrl === "https://api.github.com" ? "https://github.com" : githubUrl.replace(/\/api\/v3$/, "");
}

function readSecret(setting: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new SettingsError([`${setting}: the file it names cannot be read`]);
  }
}

function withoutEmpty(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const set = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "");
  return Object.fromEntries(set);
}
