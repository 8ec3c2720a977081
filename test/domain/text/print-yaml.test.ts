import fc from "fast-check";
import { load, YAML11_SCHEMA } from "js-yaml";
import { describe, expect, it, test } from "vitest";
import { parseYaml } from "#domain/text/parse-yaml.ts";
import { printYaml } from "#domain/text/print-yaml.ts";

const key = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("y", "no", "007", "<<", "=", "~", "- a", "__proto__", "constructor"),
);
const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "yes",
    "NO",
    "0o7",
    "1_000",
    "12:30:45",
    "2026-11-20",
    "1e3",
    ".5",
    ".inf",
    "a: b",
    "a #b",
    " lead",
    "trail ",
    "a\n b\n\n",
    "\t",
    "---",
    "{{x}}",
  ),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(key, tie("value"), { maxKeys: 4 })),
}));

describe("printYaml", () => {
  it("is read back as the same value, whatever it holds", () => {
    fc.assert(
      fc.property(value, (written) => {
        const parsed = parseYaml(printYaml(written), "state.yaml");
        expect(parsed.errors).toEqual([]);
        expect(JSON.stringify(parsed.value)).toBe(JSON.stringify(written));
      }),
      { numRuns: 500 },
    );
  });

  it("is read back as the same value by a YAML 1.1 reader, too", () => {
    fc.assert(
      fc.property(value, (written) => {
        const reread = load(printYaml(written), { schema: YAML11_SCHEMA });
        expect(JSON.stringify(reread)).toBe(JSON.stringify(written));
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same bytes for what it has read back", () => {
    fc.assert(
      fc.property(value, (written) => {
        const printed = printYaml(written);
        expect(printYaml(parseYaml(printed, "state.yaml").value)).toBe(printed);
      }),
    );
  });

  test.each([
    "y",
    "N",
    "no",
    "Off",
    "true",
    "null",
    "~",
    "007",
    "1.10",
    "1e3",
    "0x1f",
    "2026-11-20",
    "12:30:45",
    "",
    " a",
    "a: b",
    "#a",
    "*a",
    "@acme/ranking",
    "sha256:ab",
  ])("quotes the text %j, which some reader would take for something else", (text) => {
    expect(printYaml({ key: text })).toBe(`key: ${JSON.stringify(text)}\n`);
  });

  test.each(["search-ranker", "models/search-ranker/model.yaml", "nobody", "v1.10"])("leaves the text %j plain", (text) => {
    expect(printYaml({ key: text })).toBe(`key: ${text}\n`);
  });

  it("never folds, never breaks a text over lines and never uses anchors", () => {
    const shared = { text: "word ".repeat(60), lines: "one\ntwo  \n" };
    expect(printYaml({ first: shared, list: [shared, []], none: {} })).toBe(
      `first:\n  text: "${"word ".repeat(60)}"\n  lines: "one\\ntwo  \\n"\nlist:\n  - text: "${"word ".repeat(60)}"\n    lines: "one\\ntwo  \\n"\n  - []\nnone: {}\n`,
    );
  });

  it("keeps the order of the keys, and leaves out keys without a value", () => {
    expect(printYaml({ zebra: 1, apple: undefined, mango: 2 })).toBe("zebra: 1\nmango: 2\n");
  });

  test.each([
    [{ a: [Number.NaN] }, "$.a[0] is NaN"],
    [{ a: Number.POSITIVE_INFINITY }, "$.a is Infinity"],
    [{ at: new Date(0) }, "$.at is Date"],
    [{ run: () => 1 }, "$.run is function"],
    [[undefined], "$[0] is undefined"],
    [{ big: 1n }, "$.big is bigint"],
  ])("refuses %o: it must not reach Git as something else", (unprintable, message) => {
    expect(() => printYaml(unprintable)).toThrow(message);
  });
});
