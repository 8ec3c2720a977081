import { type Instant, instantOf } from "#domain/model/time.ts";

/** GitHub writes whole seconds; a domain instant has one form, so that instants sort as text. */
export function instant(written: string): Instant {
  return instantOf(Date.parse(written));
}
