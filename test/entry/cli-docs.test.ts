import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verdictExitCodes } from "#domain/evaluation/verdict.ts";
import { adopt } from "#entry/cli/adopt.ts";
import { archive } from "#entry/cli/archive.ts";
import { audit } from "#entry/cli/audit.ts";
import { compare } from "#entry/cli/compare.ts";
import { dora } from "#entry/cli/dora.ts";
import { evaluate } from "#entry/cli/evaluate.ts";
import { init } from "#entry/cli/init.ts";
import { manifests } from "#entry/cli/manifests.ts";
import { metrics } from "#entry/cli/metrics.ts";
import { policy } from "#entry/cli/policy.ts";
import { report } from "#entry/cli/report.ts";
import { validate } from "#entry/cli/validate.ts";
import { exitCodes } from "#entry/cli/verb.ts";
import { projectFolder } from "#test/support/run-entry.ts";

const page = readFileSync(join(projectFolder, "docs", "command-line.md"), "utf8");
const verbs = [init, validate, evaluate, report, compare, metrics, adopt, manifests, archive, audit, dora, policy];

describe("docs/command-line.md", () => {
  it("has each verb in the words of its help", () => {
    const rows = [...page.matchAll(/^\| `([a-z]+)(?: (.+?))?` \| (.+?) \|$/gm)].map(([, name, words = "", summary]) => ({
      name,
      words,
      summary,
    }));
    expect(rows).toEqual(verbs.map(({ name, words, summary }) => ({ name, words, summary })));
  });

  it("has every exit code", () => {
    const codes = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual([...new Set([...Object.values(exitCodes), ...Object.values(verdictExitCodes)])].toSorted((a, b) => a - b));
  });

  it("shows examples that the verbs themselves would read", () => {
    for (const { name, examples, options } of verbs) {
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        expect(example.startsWith(`slipway ${name}`)).toBe(true);
        for (const [, option = ""] of example.matchAll(/ --([a-z-]+)/g)) expect(Object.keys(options)).toContain(option);
      }
    }
  });
});
