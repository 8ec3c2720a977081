import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { CORE_SCHEMA, loadAll } from "js-yaml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fixtures, renderedFiles } from "#test/support/targets/fixtures.ts";

const golden = join(import.meta.dirname, "..", "..", "golden", "targets");
const schemas = z
  .record(z.string(), z.record(z.string(), z.unknown()))
  .parse(JSON.parse(readFileSync(join(golden, "schemas.json"), "utf8")));
const ajv = new Ajv({ strict: true, strictTypes: false, allErrors: true });
const validators = new Map(Object.entries(schemas).map(([kind, schema]) => [kind, ajv.compile(schema)]));
const typed = z.looseObject({ apiVersion: z.string(), kind: z.string() });

/** What the offline schema of each document's kind finds wrong with it. */
function problemsIn(text: string): readonly string[] {
  return loadAll(text, { schema: CORE_SCHEMA }).flatMap((document) => {
    const { apiVersion, kind } = typed.safeParse(document).data ?? { apiVersion: "helm", kind: "Values" };
    const validate = validators.get(`${apiVersion} ${kind}`);
    if (validate === undefined) return [`there is no schema of ${apiVersion} ${kind}`];
    validate(document);
    return (validate.errors ?? []).map((error) => `${kind}${error.instancePath} ${error.message}`);
  });
}

describe("the manifests of a target", () => {
  it.each(fixtures)("$name are the ones that were looked at", async ({ name, input }) => {
    const text = renderedFiles(input).map(({ file, text: content }) => `# ${file}\n${content}`);
    await expect(text.join("---\n")).toMatchFileSnapshot(join(golden, `${name}.yaml`));
  });

  it.each(fixtures)("$name fit the schemas that their own programs publish", ({ input }) => {
    expect(renderedFiles(input).flatMap(({ text }) => problemsIn(text))).toEqual([]);
  });

  it.each(fixtures)("$name break them when a field is misspelt or gets another type", ({ input }) => {
    for (const { text } of renderedFiles(input)) {
      expect(problemsIn(text.replace(/^(spec|slipway|resources):/m, "misspelt:"))).not.toEqual([]);
      const numbered = /^(\s+(?:- )?(?:weight|replicas|canaryTrafficPercent|trafficPercent|setWeight|port): )\d+$/m;
      if (numbered.test(text)) expect(problemsIn(text.replace(numbered, "$1much"))).not.toEqual([]);
    }
  });

  it("have no tag of an image, which can be moved", () => {
    const texts = fixtures.flatMap(({ input }) => renderedFiles(input).map(({ text }) => text));
    const images = texts.flatMap((text) => [...text.matchAll(/image: "(.*)"/g)].map(([, name]) => name ?? ""));
    expect(images.length).toBeGreaterThan(0);
    expect(images.filter((name) => !/^[^:]+@sha256:[0-9a-f]{64}$/.test(name))).toEqual([]);
  });

  it("leave the number of replicas to an autoscaler", () => {
    const scaled = fixtures.filter(({ input }) => input.rollout.serving.autoscaler !== undefined);
    const texts = scaled.flatMap(({ input }) => renderedFiles(input).map(({ text }) => text));
    expect(texts.filter((text) => /^ {2}replicas:/m.test(text))).toEqual([]);
  });
});
