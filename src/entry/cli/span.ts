import { z } from "zod";
import type { Span } from "#domain/audit/history.ts";
import { durationSchema, type Instant, instantOf, isPlausible, millisecondsOf } from "#domain/model/time.ts";
import { named } from "./named.ts";
import { type Given, type Option, WrongUsage } from "./verb.ts";

export const spanOptions = {
  since: { value: "<moment>", about: "2026-08-01, 2026-08-01T00:00:00Z or 90d, which is ago; 90d when left out" },
  until: { value: "<moment>", about: "the end, which itself is not in it; now when left out" },
} as const satisfies Readonly<Record<string, Option>>;

const momentSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: "a moment is 2026-08-01, 2026-08-01T00:00:00Z or 90d",
});

/** The period that the options name; days begin in UTC. */
export function spanOf(given: Given, now: Instant): Span {
  const since = momentOf(given.text("since") ?? "90d", "--since", now);
  const until = given.text("until") === undefined ? now : momentOf(given.text("until") ?? "", "--until", now);
  if (since >= until) throw new WrongUsage(`--since ${since} is not before --until ${until}`);
  return { since, until };
}

function momentOf(written: string, option: string, now: Instant): Instant {
  const ago = durationSchema.safeParse(written);
  const milliseconds = ago.success ? millisecondsOf(now) - ago.data : Date.parse(named(momentSchema, written, option));
  if (!isPlausible(milliseconds)) throw new WrongUsage(`${option} ${JSON.stringify(written)}: a date of this century was expected`);
  return instantOf(milliseconds);
}
