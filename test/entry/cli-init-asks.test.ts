import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { init } from "#entry/cli/init.ts";
import { readArguments } from "#entry/cli/read-arguments.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "asks-"));
  const rows = (score: number) =>
    ["key,a,b,grade", ...Array.from({ length: 60 }, (_, i) => `${i},${score + (i % 7)},${i},${i % 5}`)].join("\n");
  writeFileSync(join(folder, "new.csv"), rows(0.2));
  writeFileSync(join(folder, "old.csv"), rows(0.3));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the verb with a person who answers, one answer after the other. */
async function answering(...answers: readonly string[]) {
  return asked(["models/odd", "--predictions", "new.csv", "--baseline", "old.csv"], answers);
}

async function asked(args: readonly string[], answers: readonly string[]) {
  const left = [...answers];
  const questions: string[] = [];
  const said: string[] = [];
  const ask = (question: string): Promise<string> => {
    questions.push(question);
    return Promise.resolve(left.shift() ?? "");
  };
  const given = readArguments("init", init, args);
  const code = await init.run(given, {
    workingFolder: folder,
    environment: {},
    out: () => undefined,
    note: (text) => said.push(text),
    ask,
  });
  return { code, asked: questions, said };
}

describe("slipway init at a terminal", () => {
  it("asks for what the files do not tell, and takes a number or a name", async () => {
    const { code, asked, said } = await answering("2", "regression", "1");
    expect({ code, said }).toEqual({ code: 0, said: [] });
    expect(asked).toEqual([
      "Which column of new.csv and old.csv holds the model's score?\n  1  key\n  2  a\n  3  b\n  4  grade\n> ",
      "The files do not tell what the model does. What is it?\n  1  ranking\n  2  classification\n  3  regression\n> ",
      expect.stringContaining("holds the item or row?"),
    ]);
    const text = readFileSync(join(folder, "models", "odd", "model.yaml"), "utf8");
    expect(text).toContain("columns: {item: key, score: a, label: grade}");
  });

  it("asks again when an answer is none of the choices, and gives up after three", async () => {
    const { code, asked, said } = await answering("z", "0", "9", "2");
    expect([code, asked.length]).toEqual([1, 3]);
    expect(said.join("")).toContain("Name it with --score <column>");
  });

  it("asks nothing where names and values tell: what happened is the label, yes is positive, and a customer's rows are one cluster", async () => {
    const rows = (shift: number) =>
      [
        "order_id,customer_id,churn_prob,churned",
        ...Array.from(
          { length: 200 },
          (_, i) => `${i},c${i % 50},${(((i * 37) % 100) / 125 + shift * ((i * 13) % 7)).toFixed(3)},${(i * 37) % 100 > 60 ? "yes" : "no"}`,
        ),
      ].join("\n");
    writeFileSync(join(folder, "churn-new.csv"), rows(0.01));
    writeFileSync(join(folder, "churn-old.csv"), rows(0.02));
    const {
      code,
      asked: questions,
      said,
    } = await asked(["models/churn", "--predictions", "churn-new.csv", "--baseline", "churn-old.csv"], []);
    expect({ code, questions, said }).toEqual({ code: 0, questions: [], said: [] });
    const text = readFileSync(join(folder, "models", "churn", "model.yaml"), "utf8");
    expect(text).toContain('columns: {item: order_id, score: churn_prob, label: churned, positive: "yes", cluster: customer_id}');
    expect(text).toContain("metrics: [auc, log_loss]");
  });
});
