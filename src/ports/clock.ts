import type { Instant } from "#domain/model/time.ts";

export interface Clock {
  now(): Instant;
}
