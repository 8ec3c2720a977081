import type { Digest, EnvironmentName, ModelName } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { Indicator } from "#domain/slo/objective.ts";

/** What production measured of the requests that one version answered. */
export interface Metrics {
  /** How many requests there were in a stretch of time, from (included) to (excluded), and how many of them were good. */
  count(query: RequestQuery): Promise<{ readonly good: number; readonly total: number }>;
  /** When the first bad request of the stretch came, or null when none did. */
  firstBad(query: RequestQuery): Promise<Instant | null>;
}

export type RequestQuery = {
  readonly environment: EnvironmentName;
  readonly model: ModelName;
  readonly digest: Digest;
  readonly from: Instant;
  readonly to: Instant;
  readonly indicator: Indicator;
};
