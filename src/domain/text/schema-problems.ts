import type { $ZodIssue, $ZodType } from "zod/v4/core";
import { wrongType, wrongValue } from "./issue-message.ts";
import { nearest } from "./nearest.ts";
import { printPath } from "./problem.ts";
import { keysOf, schemasBelow, unionOptions } from "./schema-shape.ts";

type Path = readonly (string | number)[];

/** A finding without its place in a file: `at` says whether the key or the value is to be shown. */
export interface Finding {
  readonly path: Path;
  readonly at: "key" | "value";
  readonly message: string;
  /** How far the file is from what was meant: a key that is only misspelt is near. */
  readonly cost: number;
}

/** Every issue in words. A union is explained by the option that the person most likely meant. */
export function findingsOf(issues: readonly $ZodIssue[], schemas: readonly $ZodType[], base: Path = []): readonly Finding[] {
  return issues.flatMap((issue): readonly Finding[] => {
    const steps = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
    const path = [...base, ...steps];
    const here = steps.reduce(schemasBelow, schemas);
    const value = (message: string): readonly Finding[] => [{ path, at: "value", message: named(path, message), cost: 1 }];
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((key) => unknownKey(key, [...path, key], issue.input, keysOf(here, issue.input)));
      case "invalid_key":
        return [
          {
            path,
            at: "key",
            message: `key ${JSON.stringify(path.at(-1))}: ${issue.issues.map(({ message }) => message).join("; ")}`,
            cost: 1,
          },
        ];
      case "invalid_union":
        if (issue.errors.length > 0) return explainUnion(issue.errors, unionOptions(here), path, issue.input);
        return value(wrongValue(discriminators(issue), valueAt(issue.input, steps.at(-1))));
      default:
        return value(issue.message);
    }
  });
}

function unknownKey(key: string, path: Path, owner: unknown, known: readonly string[]): Finding {
  const free = known.filter((name) => !hasKey(owner, name));
  const meant = nearest(key, free);
  const advice =
    meant === undefined ? (known.length === 0 ? "" : `; known here: ${known.join(", ")}`) : `; did you mean ${JSON.stringify(meant)}?`;
  return { path, at: "key", message: `unknown key ${JSON.stringify(key)}${advice}`, cost: meant === undefined ? 1 : 0.5 };
}

/** Options of another type than the value (text where an object stands) tell nothing; of the others, the one with the least to correct wins. */
function explainUnion(
  errors: readonly (readonly $ZodIssue[])[],
  options: readonly $ZodType[],
  path: Path,
  input: unknown,
): readonly Finding[] {
  const branches = errors.map((issues, index) => ({ issues, schemas: options.slice(index, index + 1) }));
  const sameType = branches.filter(({ issues }) => !issues.some(rejectsWhole));
  const whole = (message: string): readonly Finding[] => [{ path, at: "value", message, cost: 1 }];
  if (sameType.length === 0) {
    const wrongTypes = errors.flat().filter((issue) => issue.code === "invalid_type" && rejectsWhole(issue));
    if (wrongTypes.length === errors.length) return whole(named(path, wrongType(expectedBy(wrongTypes), input)));
    return whole(named(path, alternatives(branches.flatMap(({ issues, schemas }) => findingsOf(issues, schemas)))));
  }
  const explained = sameType.map(({ issues, schemas }) => findingsOf(issues, schemas, path));
  const least = Math.min(...explained.map(costOf));
  const nearestOptions = explained.filter((findings) => costOf(findings) === least);
  const oneEach = nearestOptions.length > 1 && nearestOptions.every((findings) => findings.length === 1);
  return oneEach ? whole(alternatives(nearestOptions.flat())) : (nearestOptions[0] ?? []);
}

function costOf(findings: readonly Finding[]): number {
  return findings.reduce((sum, { cost }) => sum + cost, 0);
}

function alternatives(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ message }) => message))].join(", or ");
}

function rejectsWhole(issue: $ZodIssue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value" || issue.code === "invalid_format");
}

function named(path: Path, message: string): string {
  return path.length === 0 ? message : `${printPath(path)}: ${message}`;
}

function expectedBy(issues: readonly $ZodIssue[]): readonly string[] {
  return issues.flatMap((issue) => (issue.code === "invalid_type" ? [issue.expected] : []));
}

/** zod adds the allowed discriminators to the issue but does not type them. */
function discriminators(issue: $ZodIssue): readonly string[] {
  return "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
}

function valueAt(owner: unknown, key: string | number | undefined): unknown {
  return key !== undefined && hasKey(owner, key) ? Object.entries(owner).find(([name]) => name === String(key))?.[1] : undefined;
}

function hasKey(owner: unknown, key: string | number): owner is object {
  return typeof owner === "object" && owner !== null && Object.hasOwn(owner, key);
}
