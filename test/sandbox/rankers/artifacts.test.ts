import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cranfieldFolder, readCranfield, readJudgments } from "#sandbox/rankers/cranfield.ts";
import { labelsCsv } from "#sandbox/rankers/labels.ts";
import { digestOf, parseRankerArtifact, readRankerArtifact } from "#sandbox/rankers/ranker-artifact.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "sandbox", "rankers", "artifacts");
const paths = readdirSync(folder).map((name) => join(folder, name));

describe("the ranker artifacts", () => {
  test("are five versions with five digests", () => {
    expect(new Set(paths.map((path) => readRankerArtifact(path).version)).size).toBe(5);
    expect(new Set(paths.map((path) => digestOf(readFileSync(path)))).size).toBe(5);
  });

  test("let only the slow candidate take time in production", () => {
    const slow = paths.filter((path) => readRankerArtifact(path).serving.microsecondsPerWord > 0);
    expect(slow).toEqual([join(folder, "bm25.json")]);
  });

  test("are refused with a key that nobody knows", () => {
    const text = readFileSync(join(folder, "bm25.json"), "utf8").replace('"digits"', '"digit"');
    expect(() => parseRankerArtifact(text)).toThrow("digit");
  });
});

describe("the labels file", () => {
  const labels = readFileSync(join(cranfieldFolder, "labels.csv"), "utf8");

  test("is what make-labels.ts makes of the judgments", () => {
    expect(labels).toBe(labelsCsv(readCranfield(), readJudgments()));
  });

  test("holds every judgment, and calls each question short or long throughout", () => {
    const rows = labels
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    const judgments = readFileSync(join(cranfieldFolder, "judgments.csv"), "utf8").trimEnd().split("\n").slice(1);
    expect(rows.map((row) => row.slice(0, 3).join(","))).toEqual(judgments);
    const lengths = new Set(rows.map(([query, , , length]) => `${query} ${length}`));
    expect(lengths.size).toBe(225);
    expect([...lengths].filter((each) => each.endsWith("short")).length).toBe(124);
  });
});
