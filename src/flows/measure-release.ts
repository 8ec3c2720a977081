import type { OpenRelease } from "#domain/environment/state.ts";
import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { Observations } from "#domain/rollout/decide.ts";
import type { ReleasePlan } from "#domain/rollout/plan.ts";
import { readingsFor, type Stretch } from "#domain/rollout/windows.ts";
import { judgeBurnRate, judgeRecent, judgeWindow, type RequestCount } from "#domain/slo/judge-objective.ts";
import { indicatorOf, type Objective } from "#domain/slo/objective.ts";
import type { JudgedWindow } from "#domain/slo/window-verdict.ts";
import type { Metrics, RequestQuery } from "#ports/metrics.ts";
import type { World } from "./world.ts";

/** The release whose live canary is measured. */
export interface MeasuredRelease {
  readonly environment: EnvironmentName;
  readonly model: ModelName;
  readonly open: OpenRelease;
  readonly plan: ReleasePlan;
}

/** Reads from the metrics what the domain asks for, and judges each reading against its objective. */
export async function measureRelease(
  { metrics }: Pick<World, "metrics">,
  release: MeasuredRelease,
  now: Instant,
): Promise<Omit<Observations, "exposure">> {
  const { looks, recent, burnRates } = readingsFor(release.plan, release.open, release.environment, now);
  const count = (objective: Objective, stretch: Stretch): Promise<RequestCount> => countIn(metrics, queryOf(release, objective, stretch));

  const judgedLooks = await Promise.all(
    looks.map((look) => Promise.all(look.map(async ({ objective, stretch }) => judgeWindow(objective, await count(objective, stretch))))),
  );
  const judgedRecent = await Promise.all(
    recent.map(async ({ objective, stretch }) => judgeRecent(objective, await count(objective, stretch))),
  );
  const judgedRates = await Promise.all(
    burnRates.map(async ({ objective, rule, long, short }) =>
      judgeBurnRate(objective, rule, await count(objective, long), await count(objective, short)),
    ),
  );
  return {
    looks: judgedLooks,
    recent: judgedRecent,
    burnRates: judgedRates,
    firstBad: await firstBadOf(metrics, release, [...judgedLooks.flat(), ...judgedRecent, ...judgedRates]),
  };
}

/** When the trouble began, for the timeline: the first bad request since this weight was set, of an objective that is broken now. */
async function firstBadOf(metrics: Metrics, release: MeasuredRelease, judged: readonly JudgedWindow[]): Promise<Instant | null> {
  const broken = judged.find(({ verdict }) => verdict === "fail");
  const objective = release.plan.objectives.find(({ name }) => name === broken?.objective);
  if (broken === undefined || objective === undefined) return null;
  return metrics.firstBad(queryOf(release, objective, { from: release.open.weightSetAt, to: broken.to }));
}

async function countIn(metrics: Metrics, query: RequestQuery): Promise<RequestCount> {
  return { from: query.from, to: query.to, ...(await metrics.count(query)) };
}

function queryOf({ environment, model, open }: MeasuredRelease, objective: Objective, { from, to }: Stretch): RequestQuery {
  return { environment, model, digest: open.candidate.digest, from, to, indicator: indicatorOf(objective) };
}
