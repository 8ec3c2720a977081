import { z } from "zod";
import { golden, rowsOf } from "#test/support/golden.ts";
import type { Ranker } from "#test/support/ranker-repository.ts";

export type Rankers = { readonly candidate: Ranker; readonly baseline: Ranker };

/** A metric of both rankers, query by query: 1 to 225, in this order. */
export type PairedValues = { readonly metric: string; readonly candidate: readonly number[]; readonly baseline: readonly number[] };

const rowSchema = z.object({
  metric: z.string(),
  k: z.number().optional(),
  source: z.string().startsWith("pytrec_eval"),
  values: z.array(z.number()).length(225),
});

/** What pytrec_eval gives for the two rankers, the numbers to which the engine is held. */
export function pairedValues(metric: string, { candidate, baseline }: Rankers): PairedValues {
  return { metric, candidate: valuesOf(candidate, metric), baseline: valuesOf(baseline, metric) };
}

function valuesOf(ranker: Ranker, name: string): readonly number[] {
  const known = golden("ranking-cranfield.json").find(({ id }) => id === ranker);
  const rows = known === undefined ? [] : rowsOf(known, rowSchema);
  const row = rows.find(({ metric, k }) => name === (k === undefined ? metric : `${metric}@${k}`));
  if (row === undefined) throw new Error(`${name} of ${ranker} is missing`);
  return row.values;
}
