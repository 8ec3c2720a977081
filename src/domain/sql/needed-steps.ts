import type { Step } from "./step.ts";

/** The steps whose tables a query reads, themselves or through other steps, each table once, in their order. */
export function neededSteps(steps: readonly Step[], query: string): readonly Step[] {
  const last = new Map<string, Step>();
  const needed: Step[] = [];
  const texts = [query];
  for (const step of steps) if (step.keep === undefined || !last.has(step.table)) last.set(step.table, step);
  for (const step of [...last.values()].toReversed()) {
    if (!texts.some((text) => mentions(text, step.table))) continue;
    needed.unshift(step);
    texts.push(step.sql);
  }
  return needed;
}

/** A table's name as a word of its own; where it stands in quotes they belong to it. */
function mentions(sql: string, table: string): boolean {
  for (let at = sql.indexOf(table); at !== -1; at = sql.indexOf(table, at + 1)) {
    const around = `${sql.slice(at - 1, at)}${sql.slice(at + table.length, at + table.length + 1)}`;
    if (!/[\p{L}\p{N}_]/u.test(around)) return true;
  }
  return false;
}

/** SQL without the indentation of where it was written. */
export function outdented(sql: string): string {
  const lines = sql.split("\n").filter((line) => line.trim() !== "");
  const depth = Math.min(...lines.slice(lines.length > 1 ? 1 : 0).map((line) => line.length - line.trimStart().length));
  return lines.map((line) => (line.startsWith(" ".repeat(depth)) ? line.slice(depth) : line.trimStart()).trimEnd()).join("\n");
}
