import fc from "fast-check";
import { CORE_SCHEMA, load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { hostileTexts } from "#test/adapters/templates/hostile-text.ts";
import { hostileViews } from "#test/adapters/templates/hostile-views.ts";
import { markdownShape } from "#test/adapters/templates/markdown-shape.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";

const plain = hostileViews("plain").map(({ name, view }) => markdownShape(templates.render(name, view)));
const nothingToRead = (text: string): string =>
  text.replaceAll(/^(`{3,})text\n.*?\n\1$/gms, "").replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "");

/** Names, versions, slice values, preflight messages, reasons: every text of every view at once. */
describe("a text in a comment, a check, a pull request or an issue", () => {
  test.each(hostileTexts.filter((text) => text !== ""))("%j mentions nobody, links nowhere, runs nothing and breaks no table", (text) => {
    for (const [index, { name, view }] of hostileViews(text).entries()) {
      const rendered = templates.render(name, view);
      expect([name, ...markdownShape(rendered)]).toEqual([name, ...(plain[index] ?? [])]);
      expect(nothingToRead(rendered)).not.toMatch(/<script|@everyone|@acme|https:\/\/|www\.evil|mail@evil|#123|GH-7|models#8|!\[x/);
    }
  });
});

test("a text in a manifest stays one YAML scalar", () => {
  const route = {
    namespace: "models",
    environment: "production",
    model: "ranker",
    gateway: "models",
    release: null,
    pools: false,
    mirror: null,
    sticky: null,
  };
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: "binary" })), (text) => {
      const view = { ...route, model: text, backends: [{ name: text, weight: 100 }] };
      expect(load(templates.render("http-route.yaml", view), { schema: CORE_SCHEMA })).toMatchObject({
        kind: "HTTPRoute",
        metadata: { name: text },
        spec: { rules: [{ backendRefs: [{ name: text, weight: 100 }] }] },
      });
    }),
    { numRuns: 100 },
  );
});
