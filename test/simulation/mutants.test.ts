import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { mutants } from "./mutants.ts";

const source = join(import.meta.dirname, "..", "..", "src");

it.each(mutants)("the mutant fits today's sources: $name", ({ patches }) => {
  for (const { file, from } of patches) expect(readFileSync(join(source, file), "utf8").split(from), file).toHaveLength(2);
});

it("there are at least ten mutants, of the domain and of the flows", () => {
  const layers = mutants.map(({ patches }) => patches[0]?.file.split("/")[0]);
  expect(mutants.length).toBeGreaterThanOrEqual(10);
  expect(new Set(layers)).toEqual(new Set(["domain", "flows"]));
});
