import { describe, expect, it } from "vitest";
import { codeOwnersOf } from "#domain/policy/code-owners.ts";

const path = "models/search-ranker/model.yaml";

describe("the owners by CODEOWNERS", () => {
  it.each([
    ["everything", "* @ada @acme/ranking", ["ada"], ["ranking"]],
    ["a folder, wherever it is", "search-ranker/ @ada", ["ada"], []],
    ["a folder from the root", "/models/search-ranker/ @ada", ["ada"], []],
    ["another folder of that name from the root", "/search-ranker/ @ada", [], []],
    ["names by a pattern", "models/*/model.yaml @ada", ["ada"], []],
    ["the files of a folder, and none that lies deeper", "models/* @ada", [], []],
    ["the last rule that matches", "* @ada\nmodels/** @bo # theirs", ["bo"], []],
    ["a last rule without owners", "* @ada\nmodels/search-ranker/", [], []],
    ["a pattern longer than any path, which is passed over", `* @ada\n${"*/".repeat(30_000)} @bo`, ["ada"], []],
    ["a comment alone", "# * @ada", [], []],
    ["an address, which names no login", "* ada@example.com @bo", ["bo"], []],
    ["an exclusion, which GitHub does not take", "* @ada\n!models/ @bo", ["ada"], []],
  ])("follow %s", (_, text, users, teams) => {
    expect(codeOwnersOf(path, text)).toEqual({ users, teams });
  });
});
