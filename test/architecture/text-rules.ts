import handlebars from "handlebars";
import { isTypeScript, type Rule, type SourceFile, type Violation } from "./source-file.ts";

const mostLines = 300;

export const textRules: readonly Rule[] = [
  {
    sentence: `no source file has more than ${mostLines} lines`,
    check: ({ path, text }) => {
      const lines = text.trimEnd().split("\n").length;
      return isTypeScript(path) && lines > mostLines ? [{ path, line: mostLines + 1, message: `has ${lines} lines: it is two ideas` }] : [];
    },
  },

  {
    sentence: "files are named in kebab-case after the one thing that they export",
    check: ({ path }) => {
      if (!isTypeScript(path)) return [];
      const parts = path.replace(/(?:\.(?:config|golden|properties|test|contract|d))*\.ts$/, "").split("/");
      const wrong = parts.find((part) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(part)) ?? parts.find((part) => namesNothing.has(part));
      return wrong === undefined ? [] : [{ path, line: 1, message: `${wrong} says not what it is, or not in kebab-case` }];
    },
  },

  {
    sentence: "no template leaves a value unescaped",
    check: (file) => (file.path.endsWith(".hbs") ? unescaped(file) : []),
  },

  {
    sentence: "every foreign action is pinned to a commit, its version beside it",
    check: ({ path, text }) => {
      if (!/(?:^\.github\/workflows\/[^/]+|(?:^|\/)action)\.ya?ml$/.test(path)) return [];
      return text.split("\n").flatMap((line, index) => {
        const used = /^\s*(?:-\s+)?uses:\s*(\S+)(.*)$/.exec(line);
        if (used === null || used[1]?.startsWith("./") === true) return [];
        const pinned = /@[0-9a-f]{40}$/.test(used[1] ?? "") && /^\s+# v\d/.test(used[2] ?? "");
        return pinned ? [] : [{ path, line: index + 1, message: `uses ${used[1]}; write owner/name@<40 hex> # v<version>` }];
      });
    },
  },

  {
    sentence: "nothing refers to a place outside of the repository",
    check: ({ path, text }) => {
      // The tests of this very rule have to spell out what it refuses.
      if (path.startsWith("test/architecture/")) return [];
      return text.split("\n").flatMap((line, index) => {
        const found = outside.exec(line);
        return found === null ? [] : [{ path, line: index + 1, message: `refers to ${found[0].trim()}` }];
      });
    },
  },
];

const namesNothing = new Set(["utils", "util", "helpers", "helper", "common", "shared", "misc"]);

/** `../shared`, and absolute paths of one machine: those of its users and workplaces. */
const outside = /\.\.\/shared\b|(?<![\w.:/@${}-])\/(?:work|home|root|Users)\/[\w.]+|\b[A-Z]:\\Users\\/;

/** Handlebars says it itself: `{{{x}}}`, `{{&x}}` and `{{~{x}~}}` are parsed as statements that are not escaped. */
function unescaped(file: SourceFile): readonly Violation[] {
  let program: unknown;
  try {
    program = handlebars.parse(file.text);
  } catch (error) {
    return [{ path: file.path, line: 1, message: `is no Handlebars template: ${String(error)}` }];
  }
  const violations: Violation[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    if ("escaped" in value && value.escaped === false)
      violations.push({ path: file.path, line: startLine(value), message: "uses triple-stash" });
    Object.values(value).forEach(visit);
  };
  visit(program);
  return violations;
}

function startLine(statement: object): number {
  if (!("loc" in statement) || typeof statement.loc !== "object" || statement.loc === null || !("start" in statement.loc)) return 1;
  const { start } = statement.loc;
  return typeof start === "object" && start !== null && "line" in start && typeof start.line === "number" ? start.line : 1;
}
