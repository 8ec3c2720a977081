import { describe, expect, test } from "vitest";
import { modelDefinitionSchema } from "#domain/model/model-definition.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import { parseYaml } from "#domain/text/parse-yaml.ts";

const laughs = [
  "a: &a [x, x, x, x, x, x, x, x, x, x]",
  ..."bcdefghij".split("").map((name, index) => {
    const before = "abcdefghi"[index];
    return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(", ")}]`;
  }),
].join("\n");

const bombs: readonly (readonly [string, string])[] = [
  ["a billion laughs", laughs],
  ["a mapping that holds itself", "a: &a\n  b: *a\n"],
  ["merge keys over merge keys", `a: &a {x: 1}\n${"b: {<<: *a}\n".repeat(2)}`],
  ["brackets without end", "[".repeat(200_000)],
  ["mappings without end", Array.from({ length: 5_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ["more than a megabyte", `a: ${"x".repeat(1_100_000)}`],
  ["a tag that makes objects", "a: !!js/function 'function () { return process.env }'"],
  ["a hundred thousand documents", "---\n".repeat(100_000)],
];

describe("a YAML file that would fill the memory", () => {
  test.each(bombs)("%s is refused in no time, with a place", (_, text) => {
    const before = process.cpuUsage();
    const { value, errors } = parseYaml(text, "model.yaml");
    const { user } = process.cpuUsage(before);
    expect(user / 1e6).toBeLessThan(3);
    expect(value).toBeUndefined();
    expect(errors[0]).toMatchObject({ file: "model.yaml", line: expect.any(Number), message: expect.any(String) });
  });

  test("keys that every object has do not reach an object's prototype", () => {
    const text = "__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n";
    for (const schema of [modelDefinitionSchema, policySchema]) expect(parseWithSchema(schema, text, "x.yaml").kind).toBe("invalid");
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});
