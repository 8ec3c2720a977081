import type { $ZodRawIssue } from "zod/v4/core";
import { nearest } from "./nearest.ts";

/** What zod found, in the words of the person who wrote the file; undefined leaves zod's own words. */
export function issueMessage(issue: $ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return wrongType([issue.expected], issue.input);
    case "invalid_value":
      return wrongValue(issue.values.map(String), issue.input);
    case "too_small":
      return outOfRange("at least", issue.minimum, issue.inclusive === false ? "more than" : undefined, issue.origin);
    case "too_big":
      return outOfRange("at most", issue.maximum, issue.inclusive === false ? "less than" : undefined, issue.origin);
    case "invalid_format":
      return `${shown(issue.input)} is not ${formatWords[issue.format] ?? `of the form ${issue.pattern ?? issue.format}`}`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}, found ${shown(issue.input)}`;
    default:
      return undefined;
  }
}

const formatWords: Readonly<Record<string, string>> = {
  datetime: "a date with a time and a zone, such as 2026-11-20T08:00:00Z",
  date: "a date, such as 2026-11-20",
  time: "a time, such as 08:00:00",
  duration: "an ISO 8601 duration, such as PT10M",
  url: "a URL",
  email: "an e-mail address",
  uuid: "a UUID",
};

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
  tuple: "a list",
  null: "nothing",
};

export function wrongType(expected: readonly string[], input: unknown): string {
  const wanted = [...new Set(expected.map((type) => typeWords[type] ?? type))].join(" or ");
  if (input === undefined) return `is missing; expected ${wanted}`;
  const quote = expected.includes("string") && (typeof input === "number" || typeof input === "boolean") ? "; put it in quotes" : "";
  return `expected ${wanted}, found ${described(input)}${quote}`;
}

export function wrongValue(allowed: readonly string[], input: unknown): string {
  const list = allowed.map((value) => JSON.stringify(value)).join(", ");
  const wanted = allowed.length === 1 ? `expected ${list}` : `expected one of ${list}`;
  if (input === undefined) return `is missing; ${wanted}`;
  const meant = typeof input === "string" && allowed.length > 1 ? nearest(input, allowed) : undefined;
  if (meant !== undefined) return `${shown(input)} is not allowed; did you mean ${JSON.stringify(meant)}? ${wanted}`;
  return `${wanted}, found ${described(input)}`;
}

function outOfRange(limit: string, bound: number | bigint, strict: string | undefined, origin: string): string {
  const words = strict ?? limit;
  if (origin === "string") return `must be ${words} ${bound} characters long`;
  if (origin === "array") return `must have ${words} ${bound} ${Number(bound) === 1 ? "item" : "items"}`;
  if (origin === "object" || origin === "record" || origin === "map") return `must have ${words} ${bound} keys`;
  return `must be ${words} ${bound}`;
}

function described(input: unknown): string {
  if (input === null) return "nothing";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "object") return "an object";
  if (typeof input === "string") return `the text ${shown(input)}`;
  if (typeof input === "number") return `the number ${String(input)}`;
  return String(input);
}

const longestShown = 60;

/** Quoted, on one line and short: a message goes to terminals and comments. */
function shown(input: unknown): string {
  if (typeof input !== "string") return described(input);
  return JSON.stringify(input.length > longestShown ? `${input.slice(0, longestShown)}…` : input);
}
