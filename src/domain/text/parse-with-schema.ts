import type { z } from "zod";
import { issueMessage } from "./issue-message.ts";
import { type ParsedYaml, parseYaml } from "./parse-yaml.ts";
import type { Problem } from "./problem.ts";
import { findingsOf } from "./schema-problems.ts";
import type { Position } from "./source-positions.ts";

export type SchemaResult<Value> =
  | { readonly kind: "ok"; readonly value: Value }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Reads a file that a person wrote against its schema, and reports everything that is wrong with it at once, in the order of the file. */
export function parseWithSchema<Schema extends z.ZodType>(schema: Schema, text: string, file: string): SchemaResult<z.output<Schema>> {
  const parsed = parseYaml(text, file);
  if (parsed.errors.length > 0) return { kind: "invalid", problems: parsed.errors };

  const checked = schema.safeParse(parsed.value, { error: issueMessage, reportInput: true });
  if (checked.success) return { kind: "ok", value: checked.data };

  const problems = findingsOf(checked.error.issues, [schema]).map(({ path, at, message }) => ({
    file,
    ...placeOf(parsed, path, at),
    path,
    message,
  }));
  return { kind: "invalid", problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

/** What is missing has no place of its own: the nearest thing above it that the file does spell out is shown. */
function placeOf(parsed: ParsedYaml, path: readonly (string | number)[], at: "key" | "value"): Position {
  const place = at === "key" ? parsed.locateKey(path) : parsed.locate(path);
  if (place !== undefined) return place;
  for (let length = path.length - 1; length >= 0; length--) {
    const above = parsed.locateKey(path.slice(0, length));
    if (above !== undefined) return above;
  }
  return { line: 1, column: 1 };
}
