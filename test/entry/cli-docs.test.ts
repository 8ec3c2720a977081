import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verdictExitCodes } from "#domain/evaluation/verdict.ts";
import { exitCodes } from "#entry/cli/verb.ts";
import { verbs } from "#entry/cli/verbs.ts";
import { projectFolder } from "#test/support/run-entry.ts";

const page = readFileSync(join(projectFolder, "docs", "command-line.md"), "utf8");
const loaded = await Promise.all(verbs.map(async ({ name, summary, load }) => ({ name, summary, ...(await load()) })));

describe("docs/command-line.md", () => {
  it("has each verb in the words of its help", () => {
    const rows = [...page.matchAll(/^\| `([a-z]+)(?: (.+?))?` \| (.+?) \|$/gm)].map(([, name, words = "", summary]) => ({
      name,
      words,
      summary,
    }));
    expect(rows).toEqual(loaded.map(({ name, words, summary }) => ({ name, words, summary })));
  });

  it("has every exit code", () => {
    const codes = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual([...new Set([...Object.values(exitCodes), ...Object.values(verdictExitCodes)])].toSorted((a, b) => a - b));
  });

  it("shows examples that the verbs themselves would read", () => {
    for (const { name, examples, options } of loaded) {
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        expect(example.startsWith(`slipway ${name}`)).toBe(true);
        for (const [, option = ""] of example.matchAll(/ --([a-z-]+)/g)) expect(Object.keys(options)).toContain(option);
      }
    }
  });
});
