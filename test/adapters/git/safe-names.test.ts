import { describe, expect, it } from "vitest";
import { safeBranch, safePath, safePrefix } from "#adapters/git/safe-names.ts";

describe("names that reach Git", () => {
  it.each([".slipway/state/production/ranker.yaml", "environments/production/ranker/http-route.yaml", "a", "v1.2.3+build@x=1"])(
    "pass: %s",
    (path) => {
      expect(safePath(path)).toBe(path);
    },
  );

  it.each([
    "",
    "/etc/passwd",
    "../x",
    "a/../b",
    "a/./b",
    "a//b",
    "a/",
    ".git/config",
    "a/.GIT/hooks/x",
    "-x",
    "a/--upload-pack",
    "a b",
    "a\nb",
    "a\0b",
    "a\\b",
    'a"b',
    ":(glob)*",
    "größe",
    `${"a/".repeat(600)}a`,
  ])("do not pass: %j", (path) => {
    expect(() => safePath(path)).toThrow("is no path");
  });

  it("may be a folder only where a folder is asked for", () => {
    expect(safePrefix("environments/production/")).toBe("environments/production/");
    expect(() => safePrefix("/")).toThrow("is no path");
    expect(() => safePrefix("../")).toThrow("is no path");
  });

  it.each(["slipway/rollback/r-0000000000000001", "main", "release-1.x"])("are branches: %s", (name) => {
    expect(safeBranch(name)).toBe(name);
  });

  it.each(["", "HEAD", "-f", "a..b", "a.lock", "a/.b", "a//b", "a/", "a b", "a:b", "a~1", "a^", "a@{1}", "refs/*", "+main"])(
    "are no branches: %j",
    (name) => {
      expect(() => safeBranch(name)).toThrow("is no name of a branch");
    },
  );
});
