import { expect, it, test } from "vitest";
import { printPath, printProblem } from "#domain/text/problem.ts";

it("prints a problem the way compilers do, so that terminals and editors link it", () => {
  const problem = {
    file: "models/search-ranker/model.yaml",
    line: 7,
    column: 3,
    path: ["predictons"],
    message: 'unknown key "predictons"',
  };
  expect(printProblem(problem)).toBe('models/search-ranker/model.yaml:7:3 unknown key "predictons"');
});

test.each([
  [[], ""],
  [["gates", 0, "metric"], "gates[0].metric"],
  [["slices", "cold-start"], "slices.cold-start"],
  [["floors", "a.b\nc"], 'floors["a.b\\nc"]'],
])("prints the path %j as %s", (path, printed) => {
  expect(printPath(path)).toBe(printed);
});
