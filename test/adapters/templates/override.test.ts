import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { handlebarsTemplates } from "#adapters/templates/handlebars-templates.ts";
import { TemplateError } from "#adapters/templates/template-error.ts";
import { answerView } from "#domain/report/answer-view.ts";
import type { TemplateName } from "#ports/templates.ts";
import { templates } from "./shipped-templates.ts";

const shippedFolder = join(import.meta.dirname, "../../../templates");
const shippedText = (name: TemplateName) => readFileSync(join(shippedFolder, `${name}.hbs`), "utf8");
const github = new URL("https://github.com");
const answer = answerView({ command: "/slipway help", kind: "told", sentence: "Here it is." });
const route = {
  namespace: "models",
  environment: "production",
  model: "search-ranker",
  gateway: "models",
  release: null,
  pools: false,
  mirror: null,
  sticky: null,
  backends: [
    { name: "search-ranker-b", weight: 95 },
    { name: "search-ranker-c", weight: 5 },
  ],
};

const renderAnswer = (template: string) => templates.render("answer.md", answer, new Map([["answer.md", template]]));
const renderRoute = (template: string) => templates.render("http-route.yaml", route, new Map([["http-route.yaml", template]]));

describe("an override", () => {
  it("is used in the place of the shipped template", () => {
    expect(renderAnswer("Dear all: {{sentence}}\n")).toBe("Dear all: Here it is.\n");
  });

  it("escapes as the shipped one does", () => {
    const view = answerView({ command: "x", kind: "told", sentence: "<b> | @you" });
    expect(templates.render("answer.md", view, new Map([["answer.md", "{{sentence}}"]]))).toBe("&lt;b&gt; &#124; @\u200byou");
  });

  it("of another template changes nothing", () => {
    expect(templates.render("answer.md", answer, new Map([["check.md", "no"]]))).toBe(templates.render("answer.md", answer));
  });

  it("takes effect anew when its text changes", () => {
    expect(renderAnswer("one")).toBe("one");
    expect(renderAnswer("two")).toBe("two");
    expect(renderAnswer("one")).toBe("one");
  });

  it.each([
    ["triple-stash", "{{{sentence}}}", "leave a value unescaped"],
    ["triple-stash with whitespace control", "{{~{sentence}~}}", "leave a value unescaped"],
    ["an ampersand", "{{& sentence}}", "leave a value unescaped"],
    ["triple-stash deep inside", "{{#if next}}{{#each points}}{{{this}}}{{/each}}{{/if}}", "leave a value unescaped"],
    ["triple-stash in an else", "{{#if next}}a{{else}}{{{sentence}}}{{/if}}", "leave a value unescaped"],
    ["an unknown helper", "{{shout sentence}}", 'calls "shout"'],
    ["a helper of Handlebars", "{{lookup this 'sentence'}}", 'calls "lookup"'],
    ["a helper of objects", "{{toString sentence}}", 'calls "toString"'],
    ["an unknown block", "{{#shout}}x{{/shout}}", 'the block "shout"'],
    ["a partial", "{{> footer}}", "partials"],
    ["a partial block", "{{#> layout}}x{{/layout}}", "partials"],
    ["a decorator", "{{* decorate}}", "decorators"],
    ["the constructor", "{{sentence.constructor}}", '"constructor"'],
    ["the prototype", "{{#with __proto__}}x{{/with}}", '"__proto__"'],
    ["data of the engine", "{{@root.sentence}}", "@root.sentence"],
    ["a nested call", "{{code (code sentence)}}", "something else than a variable"],
    ["a literal", '{{"text"}}', "literal"],
    ["named values", "{{code sentence a=1}}", "named values"],
    ["block parameters", "{{#each points as |point|}}x{{/each}}", "block parameters"],
    ["a block without a value", "{{#if}}x{{/if}}", "0 values"],
    ["broken syntax", "{{#if sentence}}", "no Handlebars template"],
  ])("is refused for %s", (_, template, message) => {
    expect(() => renderAnswer(template)).toThrow(TemplateError);
    expect(() => renderAnswer(template)).toThrow(message);
  });

  it.each([
    ["writes", "{{sentance}}", "answer.md.hbs:1 sentance has no value"],
    ["asks for", "\n{{#if sentance}}x{{/if}}", "answer.md.hbs:2 sentance has no value"],
    ["loops over", "{{#each sentances}}x{{/each}}", "sentances has no value"],
    ["gives to a helper", "{{code sentance}}", "sentance has no value"],
    ["reads through", "{{sentence.of.whom}}", "sentence.of.whom has no value"],
    ["writes as null", "{{next}}", "next has no value"],
    ["inherits", "{{hasOwnProperty}}", "hasOwnProperty has no value"],
  ])("fails by name for a variable that it %s and the view lacks", (_, template, message) => {
    expect(() => renderAnswer(template)).toThrow(message);
  });

  it("cannot write a whole object", () => {
    expect(() => renderAnswer("{{this}}")).toThrow("a value of type object");
    expect(() => renderAnswer("{{points}}")).toThrow("a list");
  });
});

describe("an override of a manifest", () => {
  const shipped = shippedText("http-route.yaml");

  it("may add what a shop needs", () => {
    const text = renderRoute(shipped.replace("spec:\n", "spec:\n  hostnames: [models.acme.example]\n"));
    expect(text).toContain("models.acme.example");
  });

  it("may write the same in another order", () => {
    const text = renderRoute(
      shipped.replace("          weight: {{weight}}\n", "").replace("- name: {{name}}", "- weight: {{weight}}\n          name: {{name}}"),
    );
    expect(text).toContain("- weight: 95");
  });

  it.each([
    ["another name", shipped.replace("name: {{model}}\n  namespace", "name: mine\n  namespace"), "metadata.name"],
    ["another namespace", shipped.replace("namespace: {{namespace}}", "namespace: mine"), "metadata.namespace"],
    ["another weight", shipped.replace("weight: {{weight}}", "weight: 50"), "backendRefs"],
    ["no weights", shipped.replace("          weight: {{weight}}\n", ""), "backendRefs"],
    ["a second rule with other weights", `${shipped}    - backendRefs: []\n`, "backendRefs"],
    ["another API version", shipped.replace("k8s.io/v1", "k8s.io/v1beta1"), "apiVersion"],
    ["no mark of Slipway", shipped.replace("    app.kubernetes.io/managed-by: slipway\n", ""), "metadata.labels"],
    ["another kind", shipped.replace("HTTPRoute", "TLSRoute"), "exactly one HTTPRoute, not 0"],
    ["two routes", `${shipped}---\n${shipped}`, "exactly one HTTPRoute, not 2"],
    ["no YAML", "a: b: c", "renders no manifest"],
    ["no manifest", "a: 1", "renders no manifest"],
  ])("is refused when it renders %s", (_, template, message) => {
    expect(() => renderRoute(template)).toThrow(message);
  });

  it.each([
    ["inside of double quotes", 'a: "{{model}}"', "inside of quotes"],
    ["inside of single quotes", "a: '{{model}}'", "inside of quotes"],
    ["as a part of a text", "a: x-{{model}}", "part of another text"],
    ["as a key", "{{model}}: 1", "part of another text"],
    ["before more text", "a: {{model}}-x", "more after a value"],
    ["inside of a quoted text of several lines", 'a: "x\n  b: {{model}}\n"', "does not end on line 1"],
    ["by a helper of Markdown", "a: {{code model}}", "no helpers"],
  ])("is refused when a value stands %s", (_, template, message) => {
    expect(() => renderRoute(template)).toThrow(message);
  });
});

describe("a folder of templates", () => {
  it("is refused as a whole when one of them uses triple-stash", () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-templates-"));
    for (const file of readdirSync(shippedFolder)) writeFileSync(join(folder, file), readFileSync(join(shippedFolder, file)));
    expect(() => handlebarsTemplates(folder, { github })).not.toThrow();
    writeFileSync(join(folder, "incident.md.hbs"), "# {{{model}}}\n");
    expect(() => handlebarsTemplates(folder, { github })).toThrow("incident.md.hbs:1 uses triple-stash");
  });
});
