import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blobIdOf } from "#domain/manifest/blob-id.ts";

describe("the id of a text", () => {
  it("is Git's for the empty file", () => {
    expect(blobIdOf("")).toBe("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  });

  it("is what Git itself computes", () => {
    for (const text of [
      "weight: 5\n",
      "Grüße, 字, \u{1f600}\n",
      "no newline",
      "\r\n",
      ...fc.sample(fc.string({ unit: "grapheme" }), { numRuns: 3, seed: 7 }),
    ]) {
      const git = execFileSync("git", ["hash-object", "--stdin", "--no-filters"], { input: text, encoding: "utf8" });
      expect(blobIdOf(text)).toBe(git.trim());
    }
  });
});
