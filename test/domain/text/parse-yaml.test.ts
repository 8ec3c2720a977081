import { describe, expect, it, test } from "vitest";
import { parseYaml } from "#domain/text/parse-yaml.ts";

const text = `# a model
name: search-ranker
"quoted key": 'v'
empty:
gates:
  - metric: ndcg@10
    noWorseThan: "2%"
  - {metric: mrr, atLeast: 0.3}
shared: &defaults {window: 10m}
again: *defaults
note: |
  two
  lines
`;

describe("a valid file", () => {
  it("is read by YAML 1.2 rules: no dates, no yes and no, no octal by a leading zero", () => {
    const parsed = parseYaml("a: yes\nb: 2026-11-20\nc: 0o17\nd: 12:30:45\ne: ~\nf: 1_000\n", "x.yaml");
    expect(parsed).toMatchObject({ errors: [], value: { a: "yes", b: "2026-11-20", c: 15, d: "12:30:45", e: null, f: "1_000" } });
  });

  test.each([
    [[], 2, 1],
    [["name"], 2, 7],
    [["quoted key"], 3, 15],
    [["empty"], 4, 1],
    [["gates"], 6, 3],
    [["gates", 0], 6, 5],
    [["gates", 0, "noWorseThan"], 7, 18],
    [["gates", 1], 8, 5],
    [["gates", 1, "atLeast"], 8, 28],
    [["shared", "window"], 9, 28],
    [["again"], 10, 8],
    [["note"], 11, 7],
  ])("locates the value at %j in line %i, column %i", (path, line, column) => {
    expect(parseYaml(text, "x.yaml").locate(path)).toEqual({ line, column });
  });

  it("locates keys, and for list items the item", () => {
    const { locateKey } = parseYaml(text, "x.yaml");
    expect(locateKey(["quoted key"])).toEqual({ line: 3, column: 1 });
    expect(locateKey(["gates", 0, "noWorseThan"])).toEqual({ line: 7, column: 5 });
    expect(locateKey(["gates", 1])).toEqual({ line: 8, column: 5 });
  });

  it("has no place for a path that the file does not spell out", () => {
    expect(parseYaml(text, "x.yaml").locate(["gates", 2])).toBeUndefined();
    expect(parseYaml(text, "x.yaml").locate(["again", "window"])).toBeUndefined();
  });

  test.each([
    ["CRLF", "a: 1\r\nb: 2\r\n"],
    ["a lone CR", "a: 1\rb: 2\r"],
    ["a byte order mark", "\uFEFFa: 1\nb: 2\n"],
  ])("counts lines and columns with %s", (_, source) => {
    const { locate, locateKey } = parseYaml(source, "x.yaml");
    expect(locate(["b"])).toEqual({ line: 2, column: 4 });
    expect(locateKey(["a"])).toEqual({ line: 1, column: 1 });
  });

  it("keeps __proto__ as an ordinary key", () => {
    const { value } = parseYaml("__proto__: {admin: true}", "x.yaml");
    expect(Object.keys(value ?? {})).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });
});

describe("an invalid file", () => {
  test.each([
    ["an unclosed list", "a: [1,\n b: {", 2, 6, /not valid YAML: unexpected end/],
    ["a tab as indentation", "a:\n\tb: 1", 2, 1, /not valid YAML/],
    ["a custom tag", "a: !!js/function 'x'", 1, 4, /unknown scalar tag/],
    ["a tag that makes a date", "a: !!timestamp 2026-11-20", 1, 4, /unknown scalar tag/],
    ["an unknown alias", "a: *b", 1, 5, /unidentified alias/],
    ["a null byte", "a: \u0000", 1, 4, /null byte/],
    ["nothing", "", 1, 1, /the file is empty/],
    ["only a comment", "# later\n", 1, 1, /the file is empty/],
    ["two documents", "a: 1\n---\nb: 2\n", 1, 1, /more than one YAML document/],
    ["a duplicate key", "a: 1\nb:\n  c: 1\n  'c': 2\n", 4, 3, /duplicate key "c"/],
    ["an object as a key", "? {a: 1}\n: 2", 1, 3, /a key must be plain text/],
    ["an alias inside of its anchor", "a: &x\n  - *x\n", 2, 5, /alias \*x stands inside/],
    ["deep nesting", "[".repeat(60) + "]".repeat(60), 1, 50, /nesting exceeded/],
    ["a megabyte and more", `a: ${"x".repeat(1_048_576)}`, 1, 1, /larger than/],
  ])("with %s is refused with its place", (_, source, line, column, message) => {
    const parsed = parseYaml(source, "models/m/model.yaml");
    expect(parsed.value).toBeUndefined();
    expect(parsed.errors).toHaveLength(1);
    expect(parsed.errors[0]).toMatchObject({ file: "models/m/model.yaml", line, column, message: expect.stringMatching(message) });
  });

  it("names every duplicate key at once", () => {
    const { errors } = parseYaml("a: 1\na: 2\nb: {c: 1, c: 2}\n", "x.yaml");
    expect(errors.map(({ line, column }) => [line, column])).toEqual([
      [2, 1],
      [3, 11],
    ]);
  });

  it("refuses nested aliases that expand beyond all bounds, in no time", () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) =>
        `l${level}: &l${level} [${Array(9)
          .fill(level === 0 ? "x" : `*l${level - 1}`)
          .join(", ")}]`,
    );
    const started = performance.now();
    const { errors } = parseYaml(levels.join("\n"), "x.yaml");
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining("too many values once aliases are expanded") })]);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
