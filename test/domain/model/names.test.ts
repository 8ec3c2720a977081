import { describe, expect, test } from "vitest";
import {
  commitShaSchema,
  digestSchema,
  environmentNameSchema,
  hexOf,
  identifierSchema,
  loginSchema,
  modelNameSchema,
  releaseIdSchema,
  repositoryNameSchema,
  short,
  versionLabelSchema,
} from "#domain/model/names.ts";

const hostile = [
  "",
  " ",
  "a b",
  "a\n",
  "\na",
  "a\u0000",
  "../a",
  "a/../b",
  "a`b",
  "a|b",
  "<b>",
  "$(x)",
  "a;b",
  "é",
  "a\u200bb",
  "a\u202eb",
  "{{x}}",
];

const names = [
  ["a model", modelNameSchema, ["a", "search-ranker", "0", "constructor", "a".repeat(52)], ["A", "-a", "a-", "a_b", "a.b", "a".repeat(53)]],
  ["an environment", environmentNameSchema, ["production", "eu-west-1"], ["Production", "prod.eu", "a".repeat(53)]],
  ["a version", versionLabelSchema, ["2026.11.20-3", "v1", "1.0.0+build_5", "a".repeat(128)], [".1", "-1", "+1", "a@b", "a".repeat(129)]],
  ["an identifier", identifierSchema, ["made", "product-search.eval_2", "A1"], [".hidden", "-x", "a@b", "a+b"]],
  [
    "a digest",
    digestSchema,
    [`sha256:${"0".repeat(64)}`],
    ["0".repeat(64), `sha256:${"A".repeat(64)}`, `sha256:${"0".repeat(63)}`, `sha512:${"0".repeat(64)}`],
  ],
  ["a commit", commitShaSchema, ["a".repeat(40)], ["a".repeat(39), "a".repeat(41), "A".repeat(40), "HEAD"]],
  ["a repository", repositoryNameSchema, ["acme/models", "A-1/x_y.z"], ["models", "a/b/c", "-a/b", `${"a".repeat(40)}/b`, "a_b/c"]],
  ["a login", loginSchema, ["lee", "Lee-1", "lee_acme", "slipway[bot]"], ["-lee", "@lee", "lee[app]", "a".repeat(40)]],
  ["a release id", releaseIdSchema, ["r-0123456789abcdef"], ["r-0123", "0123456789abcdef", "r-0123456789ABCDEF"]],
] as const;

describe.each(names)("%s", (_, schema, good, bad) => {
  test.each(good)("may be called %j", (name) => {
    expect(schema.safeParse(name).data).toBe(name);
  });

  test.each([...bad, ...hostile])("may not be called %j", (name) => {
    expect(schema.safeParse(name).success).toBe(false);
  });
});

test("file names hold a digest's 64 digits, people read 12 of them", () => {
  const digest = digestSchema.parse(`sha256:0123456789abcdef${"0".repeat(48)}`);
  expect(hexOf(digest)).toBe(`0123456789abcdef${"0".repeat(48)}`);
  expect(short(digest)).toBe("0123456789ab");
  expect(short(commitShaSchema.parse("abcdef0123".repeat(4)))).toBe("abcdef0123ab");
});
