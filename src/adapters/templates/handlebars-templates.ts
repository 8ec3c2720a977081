import { readFileSync } from "node:fs";
import { join } from "node:path";
import Handlebars from "handlebars";
import type { TemplateName, Templates } from "#ports/templates.ts";
import { checkedTemplate, escapeHelper, requireHelper } from "./checked-template.ts";
import { markdownOutput, type OutputType, yamlOutput } from "./output-type.ts";
import { sameManifest } from "./same-manifest.ts";
import { TemplateError } from "./template-error.ts";

const names = {
  "comment.md": "markdown",
  "check.md": "markdown",
  "answer.md": "markdown",
  "rollback-pull-request.md": "markdown",
  "remove-route-pull-request.md": "markdown",
  "incident.md": "markdown",
  "deployment.yaml": "yaml",
  "http-route.yaml": "yaml",
  "inference-pool.yaml": "yaml",
  "inference-service.yaml": "yaml",
  "rollout.yaml": "yaml",
  "rollout-delegated.yaml": "yaml",
  "flagger-canary.yaml": "yaml",
  "seldon-model.yaml": "yaml",
  "seldon-experiment.yaml": "yaml",
  "service.yaml": "yaml",
  "kustomization.yaml": "yaml",
  "values.yaml": "yaml",
} as const satisfies Record<TemplateName, OutputType["name"]>;

type Render = (view: object) => string;

/**
 * The templates of a folder, `<name>.hbs`, checked now and not when they are needed first. `github` is the address of the GitHub that
 * the texts are for: links lead there or to an https address.
 */
export function handlebarsTemplates(folder: string, { github }: { readonly github: URL }): Templates {
  const engines = { markdown: engineOf(markdownOutput(github)), yaml: engineOf(yamlOutput) };
  const load = (name: TemplateName, text: string) => engines[names[name]](`${name}.hbs`, text);
  const shipped = Object.fromEntries(templateNames().map((name) => [name, load(name, readFileSync(join(folder, `${name}.hbs`), "utf8"))]));
  const overrideOf = rememberingLast(load);

  return {
    render(name, view, overrides) {
      const render = shipped[name];
      if (render === undefined) throw new TemplateError(`${name}.hbs`, undefined, "is no template of Slipway");
      const override = overrides?.get(name);
      if (override === undefined) return render(view);
      const text = overrideOf(name, override)(view);
      if (names[name] === "yaml") refuseOtherManifest(name, render(view), text);
      return text;
    },
  };
}

function templateNames(): readonly TemplateName[] {
  return Object.keys(names).filter((name): name is TemplateName => Object.hasOwn(names, name));
}

/** An override may change how a version is served, never which version, under which name, or with which weight. */
function refuseOtherManifest(name: TemplateName, shipped: string, override: string): void {
  const difference = sameManifest(shipped, override);
  if (difference !== undefined) throw new TemplateError(`${name}.hbs`, undefined, `(override) ${difference}`);
}

/** One isolated Handlebars environment; it knows the blocks of templates and the helpers of its output type, nothing else. */
function engineOf(output: OutputType): (name: string, text: string) => Render {
  const engine = Handlebars.create();
  for (const unused of ["log", "lookup", "helperMissing", "blockHelperMissing"]) engine.unregisterHelper(unused);
  engine.registerHelper(requireHelper, (value: unknown, place: string) => existing(value, place));
  engine.registerHelper(escapeHelper, (value: unknown, place: string) => safe(place, () => output.escape(written(value, place))));
  for (const [helper, write] of Object.entries(output.helpers)) {
    engine.registerHelper(helper, (...given: unknown[]) => {
      const values = given.slice(0, -1).map((value) => String(written(value, helper)));
      return new Handlebars.SafeString(write(...values));
    });
  }
  const knownHelpers = Object.fromEntries([requireHelper, escapeHelper, ...Object.keys(output.helpers)].map((helper) => [helper, true]));

  return (name, text) => {
    const compiled = engine.compile<object>(checkedTemplate(name, text, output), { knownHelpers, knownHelpersOnly: true });
    return (view) => compiled(view, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
  };
}

function existing(value: unknown, place: string): unknown {
  if (value === undefined) throw missing(place);
  return value;
}

function written(value: unknown, place: string): string | number | boolean {
  if (value === undefined || value === null) throw missing(place);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new TemplateError(place, undefined, `is ${Array.isArray(value) ? "a list" : `a value of type ${typeof value}`}, which is no text`);
}

function safe(place: string, write: () => string): Handlebars.SafeString {
  try {
    return new Handlebars.SafeString(write());
  } catch (cause) {
    if (cause instanceof RangeError) throw new TemplateError(place, undefined, cause.message);
    throw cause;
  }
}

function missing(place: string): TemplateError {
  return new TemplateError(place, undefined, "has no value in this view");
}

/** Overrides come with every snapshot and hardly ever change: each name keeps its newest one compiled. */
function rememberingLast(load: (name: TemplateName, text: string) => Render): (name: TemplateName, text: string) => Render {
  const last = new Map<TemplateName, { readonly text: string; readonly render: Render }>();
  return (name, text) => {
    const known = last.get(name);
    if (known?.text === text) return known.render;
    const render = load(name, text);
    last.set(name, { text, render });
    return render;
  };
}
