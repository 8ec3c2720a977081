import { z } from "zod";

/** A moment as ISO 8601 in UTC: what files hold and what sorts as text. */
export const instantSchema = z.iso.datetime({ error: "a moment is written like 2026-11-20T08:00:00.000Z" }).brand<"Instant">();
export type Instant = z.infer<typeof instantSchema>;

const thisCentury = { from: Date.UTC(2000, 0), before: Date.UTC(2100, 0) };

/** Dates before this century or after it are mistakes of unit or format: seconds read as milliseconds, an empty year. */
export function isPlausible(milliseconds: number): boolean {
  return milliseconds >= thisCentury.from && milliseconds < thisCentury.before;
}

/** A moment as people write it, with any offset. */
export const writtenMomentSchema = z.iso
  .datetime({ offset: true, error: "a moment is written like 2026-11-20T08:00:00Z" })
  .refine((text) => isPlausible(Date.parse(text)), "a date of this century was expected");

/** @param milliseconds since the epoch */
export function instantOf(milliseconds: number): Instant {
  return instantSchema.parse(new Date(milliseconds).toISOString());
}

/** Milliseconds since the epoch. */
export function millisecondsOf(instant: Instant): number {
  return Date.parse(instant);
}

export function addMilliseconds(instant: Instant, milliseconds: number): Instant {
  return instantOf(millisecondsOf(instant) + milliseconds);
}

/** Milliseconds from the first to the second; negative when the second is earlier. */
export function millisecondsBetween(from: Instant, to: Instant): number {
  return millisecondsOf(to) - millisecondsOf(from);
}

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const satisfies Record<string, number>;
type Unit = keyof typeof units;

const written = /^(\d{1,9})(ms|s|m|h|d)$/;

/** A length of time as people write it, `10m` or `1h`; in the normal form it is a number of milliseconds. */
export const durationSchema = z.codec(
  z.string().regex(written, "a duration is a whole number and a unit: 500ms, 30s, 10m, 24h or 7d"),
  z.number().int().nonnegative(),
  { decode: millisecondsIn, encode: printDuration },
);

function millisecondsIn(text: string): number {
  const [, amount = "0", unit = "ms"] = written.exec(text) ?? [];
  return Number(amount) * units[unit as Unit];
}

/** The shortest exact way to write a number of milliseconds. */
export function printDuration(milliseconds: number): string {
  for (const unit of ["d", "h", "m", "s"] as const) {
    if (milliseconds >= units[unit] && milliseconds % units[unit] === 0) return `${milliseconds / units[unit]}${unit}`;
  }
  return `${milliseconds}ms`;
}
