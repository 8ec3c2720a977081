import { anyService, beginning } from "./beginnings.ts";
import { anyDelivery, anyFault, anyReplica } from "./draw-trouble.ts";
import { type Draws, draws } from "./draws.ts";
import type { ClusterMode, History, PeoplesAct, Step } from "./step.ts";

/** More than there are lines, pulls, comments, …: each is taken modulo what there is. */
const any = 840;

/** Steps after the beginning. */
const [fewest, most] = [6, 14];

/** The history of a seed. */
export function drawHistory(seed: number): History {
  const draw = draws(seed);
  const skew = (): number => (draw.oneIn(3) ? draw.pick([-700, 700, 1500]) : 0);
  const skews = [skew(), skew()] as const;
  const { setting, steps } = beginning(draw);
  const length = fewest + draw.whole(most - fewest + 1);
  return { seed, setting: { ...setting, skew: skews }, steps: [...steps, ...Array.from({ length }, () => anyStep(draw))] };
}

function anyStep(draw: Draws): Step {
  return draw.weighted<() => Step>([
    [
      34,
      () => ({
        is: "time",
        milliseconds: draw.weighted([
          [4, 500],
          [4, 1000],
          [12, 2000],
          [12, 4000],
          [2, 31_000],
          [1, 31 * 60_000],
          [1, 3_700_000],
        ]),
        fault: anyFault(draw),
      }),
    ],
    [26, () => ({ is: "people", act: anyAct(draw), delivery: anyDelivery(draw) })],
    [10, () => ({ is: "resync", replica: anyReplica(draw), fault: anyFault(draw) })],
    [7, () => ({ is: "deliver", hint: draw.whole(any), replica: anyReplica(draw), keep: draw.oneIn(4), fault: anyFault(draw) })],
    [6, () => ({ is: "race", order: draw.whole(1 << 30), fault: anyFault(draw) })],
    [6, () => ({ is: "serve", candidate: draw.whole(any), service: anyService(draw) })],
    [
      4,
      () => ({
        is: "cluster",
        mode: draw.weighted<ClusterMode>([
          [5, "follows"],
          [1, "lags"],
          [1, "hidden"],
          [1, "rejects"],
        ]),
      }),
    ],
    [1, () => ({ is: "restart", replica: anyReplica(draw) })],
  ])();
}

function anyAct(draw: Draws): PeoplesAct {
  const author = (): string =>
    draw.weighted([
      [10, "lee"],
      [3, "amy"],
      [5, "hal"],
      [1, "mallory"],
      [1, "ada"],
    ]);
  const pull = draw.whole(any);
  return draw.weighted<() => PeoplesAct>([
    [5, () => ({ does: "open", candidate: draw.whole(any), author: draw.pick(["ada", "lee"]), fork: draw.oneIn(8) })],
    [4, () => ({ does: "push", pull, candidate: draw.whole(any) })],
    [2, () => ({ does: "force back", pull })],
    [12, () => ({ does: "measure", pull, good: !draw.oneIn(5), signed: !draw.oneIn(8), stale: draw.oneIn(8) })],
    [24, () => ({ does: "say", pull, author: author(), line: draw.whole(any), which: draw.whole(any) })],
    [4, () => ({ does: draw.oneIn(3) ? "delete comment" : "edit comment", comment: draw.whole(any) })],
    [5, () => ({ does: draw.pick(["close", "reopen", "reopen", "merge", "retarget", "draft", "queue"]), pull })],
    [2, () => ({ does: "click", pull, author: author(), button: draw.whole(any) })],
    [3, () => ({ does: "write policy", variant: draw.whole(any) })],
    [3, () => ({ does: draw.pick(["freeze", "thaw", "thaw"]) })],
    [5, () => ({ does: draw.pick(["hold", "lift"]), environment: draw.whole(any), version: draw.whole(any) })],
    [4, () => ({ does: "edit by hand", environment: draw.whole(any), what: draw.pick(["route", "state", "elsewhere"]) })],
    [2, () => ({ does: draw.pick(["merge proposal", "close proposal"]), proposal: draw.whole(any) })],
  ])();
}
