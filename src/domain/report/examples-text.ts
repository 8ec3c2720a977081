import type { Report } from "#domain/evaluation/report.ts";

/** That there are examples, and where: a comment is read by more people than the data may be shown to. Null when there are none. */
export function examplesText({ examples }: Report): string | null {
  if (examples === undefined) return null;
  const { metric, wins, losses } = examples;
  const count = wins.length + losses.length;
  if (count === 0) return null;
  const each = `the biggest wins (${wins.length}) and losses (${losses.length}) on ${metric}`;
  return `${count} ${count === 1 ? "example is" : "examples are"} in report.json of the run: ${each}.`;
}
