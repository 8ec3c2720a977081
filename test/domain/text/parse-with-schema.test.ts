import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import { printProblem } from "#domain/text/problem.ts";

const bound = z.union([z.number(), z.string().regex(/^\d+%$/, { error: "must be a number or a percentage such as 2%" })]);
const gate = z.union([
  z.strictObject({ metric: z.string(), noWorseThan: bound }),
  z.strictObject({ metric: z.string(), atLeast: z.number() }),
]);
const step = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("weight"), weight: z.int().min(1).max(100) }),
  z.strictObject({ kind: z.literal("pause"), duration: z.string() }),
]);
const schema = z.strictObject({
  name: z.string().min(2),
  version: z.string(),
  task: z.enum(["ranking", "classification"]).default("ranking"),
  evaluation: z.strictObject({ predictions: z.string(), predict: z.string().optional() }),
  gates: z.array(gate).min(1),
  steps: z.array(step).optional(),
  owners: z.record(z.string().regex(/^@/, { error: "must begin with @" }), z.number()).optional(),
});

const head = "name: search-ranker\nversion: 2026.11.20-3\n";
const valid = `${head}evaluation:\n  predictions: p.parquet\ngates:\n  - {metric: mrr, atLeast: 0.3}\n`;

function problemsOf(text: string): readonly string[] {
  const result = parseWithSchema(schema, text, "model.yaml");
  return result.kind === "ok" ? [] : result.problems.map(printProblem);
}

describe("parseWithSchema", () => {
  it("gives the parsed value, defaults filled in", () => {
    const result = parseWithSchema(schema, valid, "model.yaml");
    expect(result).toMatchObject({ kind: "ok", value: { name: "search-ranker", task: "ranking" } });
  });

  it("says which valid key an unknown one resembles, at the key", () => {
    const text = valid.replace("predictions:", "predictons:");
    expect(problemsOf(text)).toEqual([
      "model.yaml:3:1 evaluation.predictions: is missing; expected text",
      'model.yaml:4:3 unknown key "predictons"; did you mean "predictions"?',
    ]);
  });

  it("does not suggest a key that is already there, and lists the known ones when nothing is near", () => {
    expect(problemsOf(`${valid}nme: x\nzzzzzz: 1\n`)).toEqual([
      'model.yaml:7:1 unknown key "nme"; known here: name, version, task, evaluation, gates, steps, owners',
      'model.yaml:8:1 unknown key "zzzzzz"; known here: name, version, task, evaluation, gates, steps, owners',
    ]);
  });

  it("collects every problem of a file, in the order of the file", () => {
    const text = "name: x\nversion: 1.10\ntask: rankin\nevaluation: p.parquet\ngates: []\n";
    expect(problemsOf(text)).toEqual([
      "model.yaml:1:7 name: must be at least 2 characters long",
      "model.yaml:2:10 version: expected text, found the number 1.1; put it in quotes",
      'model.yaml:3:7 task: "rankin" is not allowed; did you mean "ranking"? expected one of "ranking", "classification"',
      'model.yaml:4:13 evaluation: expected an object, found the text "p.parquet"',
      "model.yaml:5:8 gates: must have at least 1 item",
    ]);
  });

  it("explains a union by the option that was meant", () => {
    const gates =
      "gates:\n  - {metric: mrr, atleast: 0.3}\n  - {metric: mrr, atLeast: much}\n  - 7\n  - {metric: mrr, noWorseThan: lots}\n";
    expect(problemsOf(`${head}evaluation: {predictions: p}\n${gates}`)).toEqual([
      "model.yaml:5:5 gates[0].atLeast: is missing; expected a number",
      'model.yaml:5:19 unknown key "atleast"; did you mean "atLeast"?',
      'model.yaml:6:28 gates[1].atLeast: expected a number, found the text "much"',
      "model.yaml:7:5 gates[2]: expected an object, found the number 7",
      "model.yaml:8:32 gates[3].noWorseThan: must be a number or a percentage such as 2%",
    ]);
  });

  it("names the choice when a union leaves it open what was meant", () => {
    expect(problemsOf(`${head}evaluation: {predictions: p}\ngates:\n  - {metric: mrr}\n`)).toEqual([
      "model.yaml:5:5 gates[0].noWorseThan: is missing; expected a number or text, or gates[0].atLeast: is missing; expected a number",
    ]);
  });

  it("explains a union chosen by a key from the chosen option alone", () => {
    const steps =
      "steps:\n  - {kind: weight, duration: 10m}\n  - {kind: puase, duration: 10m}\n  - {duration: 10m}\n  - {kind: weight, weight: 101}\n";
    expect(problemsOf(valid + steps)).toEqual([
      "model.yaml:8:5 steps[0].weight: is missing; expected a number",
      'model.yaml:8:20 unknown key "duration"; known here: kind, weight',
      'model.yaml:9:12 steps[1].kind: "puase" is not allowed; did you mean "pause"? expected one of "weight", "pause"',
      'model.yaml:10:5 steps[2].kind: is missing; expected one of "weight", "pause"',
      "model.yaml:11:28 steps[3].weight: must be at most 100",
    ]);
  });

  it("shows a key that breaks the rule for keys", () => {
    expect(problemsOf(`${valid}owners: {lee: 1}\n`)).toEqual(['model.yaml:7:10 key "lee": must begin with @']);
  });

  it("hands on what is wrong with the YAML itself", () => {
    expect(problemsOf("name: [\n")).toEqual([expect.stringMatching(/^model\.yaml:2:1 not valid YAML: /)]);
    expect(problemsOf("name: a\nname: b\n")).toEqual(['model.yaml:2:1 duplicate key "name": it is already set above']);
  });

  it("keeps what the file holds on one quoted line, however it was written", () => {
    const [problem] = problemsOf(`${valid}"bad\\nkey\\u001b[31m": 1\n`);
    expect(problem).toContain('unknown key "bad\\nkey\\u001b[31m"');
  });
});
