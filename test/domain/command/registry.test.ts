import { describe, expect, it } from "vitest";
import { parseComment } from "#domain/command/parse-comment.ts";
import { commandNamed, commandNames, commandTable, helpOn, nearestCommand } from "#domain/command/registry.ts";
import { roleNames } from "#domain/policy/policy.ts";

describe("the table of commands", () => {
  it("names each command once", () => {
    expect(new Set(commandNames).size).toBe(commandNames.length);
    expect(commandNames.slice(0, 4)).toEqual(["help", "status", "evaluate", "deploy"]);
  });

  it.each(commandTable())("says of $name how it is used, with examples that can be typed", ({ name, usage, summary, examples }) => {
    expect(usage.startsWith(`/slipway ${name}`)).toBe(true);
    expect(summary).toMatch(/^[A-Z].*\.$/);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(parseComment(example)).toMatchObject([{ kind: "command", command: { kind: name } }]);
    }
  });

  it.each(commandTable())("asks for a role where something changes, and for none where nothing does: $name", ({ mutating, role }) => {
    expect(role !== null && roleNames.some((name) => name === role)).toBe(mutating);
  });

  it("holds no command that only looks like one of an object's own", () => {
    expect(commandNamed("constructor")).toBeUndefined();
    expect(commandNamed("toString")).toBeUndefined();
  });
});

describe("help", () => {
  it("without a topic is about every command", () => {
    expect(helpOn(null)).toEqual({ commands: commandTable(), unknown: null });
  });

  it("on a command is about that one", () => {
    expect(helpOn("deploy").commands.map(({ name }) => name)).toEqual(["deploy"]);
  });

  it.each([
    ["deplyo", "deploy"],
    ["unrelated", null],
  ] as const)("on %s lists every command and offers %s", (word, nearest) => {
    expect(helpOn(word)).toEqual({ commands: commandTable(), unknown: { word, nearest } });
    expect(nearestCommand(word)).toBe(nearest);
  });
});
