import { z } from "zod";
import { verdicts } from "#domain/evaluation/verdict.ts";
import { type ModelName, modelNameSchema } from "#domain/model/names.ts";

/** Every input of the Action: `action.yml` and `docs/action.md` say the same, and a test holds them to it. */
export const actionInputs = {
  trusted: { default: "trusted", about: "The checkout of the default branch, relative to the workspace." },
  head: {
    default: "head",
    about: "The checkout of the pull request's head commit, relative to the workspace. Read as data; nothing in it is run.",
  },
  models: {
    default: "",
    about:
      "Names of the models to evaluate, separated by spaces or commas. Empty: every model whose folder differs between the two checkouts.",
  },
  "app-url": {
    default: "",
    about:
      "Address of the Slipway App, such as https://slipway.acme.dev. Empty: the baseline is the default branch's version, and nobody is told.",
  },
  out: { default: "slipway-evidence", about: "The folder that the evidence is written to, relative to the workspace." },
  "fail-on": {
    default: "error",
    about:
      "Verdicts that fail the job, separated by spaces or commas: fail, error, no-data, inconclusive. Empty: none. With the App its check decides, whatever the job does.",
  },
  report: {
    default: "app",
    about:
      "Who writes the comment and the check: app, or github for this job itself where no App does. Needs pull-requests: write and checks: write, and proves nothing.",
  },
  token: { default: "${{ github.token }}", about: "The workflow's token, with which report: github writes; used for nothing else." },
  attest: {
    default: "false",
    about: "true: GitHub attests evidence.json, and the bundle is left beside it. Needs attestations: write and id-token: write.",
  },
} as const satisfies Record<string, { readonly default: string; readonly about: string }>;
export type ActionInput = keyof typeof actionInputs;

/** Every output of the Action. */
export const actionOutputs = {
  verdict: "The worst verdict of the evaluated models, by this run's own preview: pass, fail, inconclusive, no-data or error.",
  evidence: "The folder with evidence.json, one report a model and, where the job may have one, the run's token.",
  digest: "The digest of evidence.json, to which the token is bound.",
} as const satisfies Record<string, string>;
export type ActionOutput = keyof typeof actionOutputs;

/** A composite action's inputs reach its steps by variables that action.yml sets; they are never spelled into a script. */
export function inputVariable(input: ActionInput): string {
  return `SLIPWAY_INPUT_${input.toUpperCase().replaceAll("-", "_")}`;
}

/** The variable by which the last step gets what the first one found. */
export const verdictVariable = "SLIPWAY_VERDICT";

/** Inputs or surroundings that the Action cannot work with; the message says what to change. */
export class ActionError extends Error {
  override readonly name = "ActionError";
}

export interface ActionInputs {
  readonly trusted: string;
  readonly head: string;
  /** Empty: those that differ. */
  readonly models: readonly ModelName[];
  /** undefined: there is no App. */
  readonly appUrl: URL | undefined;
  readonly out: string;
  readonly failOn: readonly string[];
  readonly report: "app" | "github";
  /** Empty unless this job writes the report itself. */
  readonly token: string;
}

const words = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== "");

const inputsSchema = z.object({
  trusted: z.string().min(1),
  head: z.string().min(1),
  models: z.string().transform(words).pipe(z.array(modelNameSchema)),
  "app-url": z
    .string()
    .transform((text) => (text.trim() === "" ? undefined : text.trim()))
    .pipe(z.url({ protocol: /^https?$/, error: "an address such as https://slipway.acme.dev" }).optional())
    .transform((text) => (text === undefined ? undefined : new URL(text)))
    .refine((url) => url === undefined || url.protocol === "https:" || isThisMachine(url), "an https address, since tokens go there"),
  out: z.string().min(1),
  "fail-on": z
    .string()
    .transform(words)
    .pipe(z.array(z.enum(verdicts))),
  report: z.enum(["app", "github"]),
  token: z.string(),
  attest: z.enum(["true", "false"]),
});

export function readInputs(environment: Readonly<Record<string, string | undefined>>): ActionInputs {
  const names = Object.keys(actionInputs).filter((name): name is ActionInput => Object.hasOwn(actionInputs, name));
  const written = Object.fromEntries(names.map((name) => [name, environment[inputVariable(name)] ?? writtenDefault(name)]));
  const parsed = inputsSchema.safeParse(written);
  if (!parsed.success) {
    throw new ActionError(parsed.error.issues.map((issue) => `input ${String(issue.path[0])}: ${issue.message}`).join("; "));
  }
  const { trusted, head, models, "app-url": appUrl, out, "fail-on": failOn, report, token } = parsed.data;
  return { trusted, head, models, appUrl, out, failOn, report, token };
}

/** An expression is the runner's to fill in. */
function writtenDefault(name: ActionInput): string {
  const text = actionInputs[name].default;
  return text.startsWith("${{") ? "" : text;
}

function isThisMachine({ hostname }: URL): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}
