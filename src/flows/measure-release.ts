import type { OpenRelease } from "#domain/environment/state.ts";
import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { Observations } from "#domain/rollout/decide.ts";
import type { ReleasePlan } from "#domain/rollout/plan.ts";
import { type BurnRateReading, readingsFor, type Stretch, type WindowReading } from "#domain/rollout/windows.ts";
import { judgeBurnRate, judgeRecent, judgeWindow, type RequestCount, unmeasured } from "#domain/slo/judge-objective.ts";
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

/** Reads from the metrics what the domain asks for, and judges each reading against its objective; what cannot be read is an `error`. */
export async function measureRelease(
  { metrics, log }: Pick<World, "metrics" | "log">,
  release: MeasuredRelease,
  now: Instant,
): Promise<Omit<Observations, "exposure">> {
  const { looks, recent, burnRates } = readingsFor(release.plan, release.open, release.environment, now);
  const count = async (objective: Objective, { from, to }: Stretch): Promise<RequestCount> => ({
    from,
    to,
    ...(await metrics.count(queryOf(release, objective, { from, to }))),
  });
  const measured = (
    objective: Objective,
    kind: JudgedWindow["kind"],
    stretch: Stretch,
    judge: () => Promise<JudgedWindow>,
  ): Promise<JudgedWindow> =>
    judge().catch((error: unknown) => {
      log.warn("an objective could not be measured", { objective: objective.name, kind, reason: String(error) });
      return unmeasured(objective, kind, stretch);
    });
  const windowOf = ({ objective, stretch }: WindowReading): Promise<JudgedWindow> =>
    measured(objective, "window", stretch, async () => judgeWindow(objective, await count(objective, stretch)));
  const recentOf = ({ objective, stretch }: WindowReading): Promise<JudgedWindow> =>
    measured(objective, "recent", stretch, async () => judgeRecent(objective, await count(objective, stretch)));
  const burnRateOf = ({ objective, rule, long, short }: BurnRateReading): Promise<JudgedWindow> =>
    measured(objective, "burn-rate", long, async () =>
      judgeBurnRate(objective, rule, await count(objective, long), await count(objective, short)),
    );

  const judgedLooks = await Promise.all(looks.map((look) => Promise.all(look.map(windowOf))));
  const judgedRecent = await Promise.all(recent.map(recentOf));
  const judgedRates = await Promise.all(burnRates.map(burnRateOf));
  return {
    looks: judgedLooks,
    recent: judgedRecent,
    burnRates: judgedRates,
    firstBad: await firstBadOf(metrics, release, [...judgedLooks.flat(), ...judgedRecent, ...judgedRates]).catch((error: unknown) => {
      // It is only a line of the timeline: harm that is proven is acted on without it.
      log.warn("the first bad request could not be found", { reason: String(error) });
      return null;
    }),
  };
}

/** When the trouble began, for the timeline: the first bad request since this weight was set, of an objective that is broken now. */
async function firstBadOf(metrics: Metrics, release: MeasuredRelease, judged: readonly JudgedWindow[]): Promise<Instant | null> {
  const broken = judged.find(({ verdict }) => verdict === "fail");
  const objective = release.plan.objectives.find(({ name }) => name === broken?.objective);
  if (broken === undefined || objective === undefined) return null;
  return metrics.firstBad(queryOf(release, objective, { from: release.open.weightSetAt, to: broken.to }));
}

function queryOf({ environment, model, open }: MeasuredRelease, objective: Objective, { from, to }: Stretch): RequestQuery {
  return { environment, model, digest: open.candidate.digest, from, to, indicator: indicatorOf(objective) };
}
