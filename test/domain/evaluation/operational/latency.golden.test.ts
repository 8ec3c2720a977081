import { expect, test } from "vitest";
import { z } from "zod";
import { operationalMetrics } from "#domain/evaluation/operational/operational-metrics.ts";
import { operationalPart } from "#domain/evaluation/operational/operational-part.ts";
import { type ArmRequests, noRequests } from "#domain/evaluation/operational/requests.ts";
import { golden, rowsOf } from "#test/support/golden.ts";

const inputs = z.object({ q: z.number(), candidate: z.array(z.array(z.number())), baseline: z.array(z.array(z.number())) });
const quantiles = z.object({ method: z.literal("quantile"), candidate: z.number(), baseline: z.number() });
const ratio = z.object({
  method: z.literal("mean-log-ratio-of-blocks"),
  value: z.number(),
  standardError: z.number(),
  degreesOfFreedom: z.number(),
  lower: z.number(),
  upper: z.number(),
});

function armOf(blocks: readonly (readonly number[])[]): ArmRequests {
  return { ...noRequests, latency: blocks.flat(), blocks: blocks.flatMap((values, block) => values.map(() => String(block))) };
}

test.each(golden("latency.json").map((each) => [each.id, each] as const))(
  "latencies equal numpy's quantiles and scipy's interval of their log ratio: %s",
  (_, goldenCase) => {
    const { q, candidate, baseline } = inputs.parse(goldenCase.inputs);
    const { measurements } = operationalPart({
      metrics: operationalMetrics([`latency_p${q * 100}_ms`]),
      dataset: "d",
      candidate: armOf(candidate),
      baseline: armOf(baseline),
      noBaseline: "no-baseline",
      noCandidate: "benchmark-missing",
      source: "benchmark",
      findings: [],
    });
    const [expected] = rowsOf(goldenCase, quantiles);
    expect([measurements[0]?.candidate.value, measurements[0]?.baseline?.value]).toEqual([expected?.candidate, expected?.baseline]);
    const [interval] = rowsOf(goldenCase, ratio);
    const found = measurements[0]?.logRatio;
    for (const field of ["value", "standardError", "degreesOfFreedom", "lower", "upper"] as const)
      expect(Math.abs((found?.[field] ?? Number.NaN) - (interval?.[field] ?? Number.NaN)), field).toBeLessThan(1e-12);
  },
);
