import { describe, expect, it, test } from "vitest";
import { houseRules } from "./house-rules.ts";
import { projectFiles } from "./project-files.ts";

const files = projectFiles(process.cwd());

describe("the house keeps its rules", () => {
  it("is all there to be judged", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["src/domain/text/nearest.ts", "test/architecture/house.test.ts"]),
    );
  });

  test.each(houseRules.map((rule) => [rule.sentence, rule] as const))("%s", (_, rule) => {
    const violations = files.flatMap((file) => rule.check(file));
    expect(violations.map(({ path, line, message }) => `${path}:${line} ${message}`)).toEqual([]);
  });
});
