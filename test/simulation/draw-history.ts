import type { Service } from "#test/support/fakes/metrics.ts";
import { type Draws, draws } from "./draws.ts";
import type { ClusterMode, Delivery, Fault, History, PeoplesAct, ReplicaNumber, Step } from "./step.ts";

/** More than there are lines, pulls, comments, …: each is taken modulo what there is. */
const any = 840;

const healthy: Service = { perSecond: 100, goodShare: 1 };
const services: readonly [Service, ...Service[]] = [
  healthy,
  healthy,
  { perSecond: 5, goodShare: 0.8 },
  { perSecond: 100, goodShare: 0.7 },
  { perSecond: 100, goodShare: 0 },
  { perSecond: 0, goodShare: 1 },
];

/** Steps after the beginning that most histories share. */
const [fewest, most] = [8, 16];

/** The history of a seed. */
export function drawHistory(seed: number): History {
  const draw = draws(seed);
  const skew = (): number => (draw.oneIn(3) ? draw.pick([-700, 700, 1500]) : 0);
  const setting = { environments: draw.oneIn(3) ? "two" : "one", skew: [skew(), skew()] } as const;
  const length = fewest + draw.whole(most - fewest + 1);
  return { seed, setting, steps: [...beginning(draw), ...Array.from({ length }, () => anyStep(draw))] };
}

/** Most of what can go wrong needs a release under way. */
function beginning(draw: Draws): readonly Step[] {
  const people = (act: PeoplesAct): Step => ({ is: "people", act, delivery: { kind: "at once", replica: 0, fault: null } });
  const opened = people({ does: "open", candidate: 0, author: "ada" });
  const serve: Step = { is: "serve", candidate: 0, service: draw.pick(services) };
  if (draw.oneIn(8)) return [serve, opened];
  const measured = people({ does: "measure", pull: 0, good: true, signed: true, stale: false });
  if (draw.oneIn(6)) return [serve, opened, measured];
  return [
    serve,
    opened,
    measured,
    { is: "people", act: { does: "say", pull: 0, author: "lee", line: 0, which: 0 }, delivery: anyDelivery(draw) },
  ];
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
      }),
    ],
    [26, () => ({ is: "people", act: anyAct(draw), delivery: anyDelivery(draw) })],
    [10, () => ({ is: "resync", replica: anyReplica(draw), fault: anyFault(draw) })],
    [7, () => ({ is: "deliver", hint: draw.whole(any), replica: anyReplica(draw), keep: draw.oneIn(4), fault: anyFault(draw) })],
    [6, () => ({ is: "race", order: draw.whole(1 << 30), fault: anyFault(draw) })],
    [6, () => ({ is: "serve", candidate: draw.whole(any), service: draw.pick(services) })],
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
      [2, "amy"],
      [4, "hal"],
      [1, "mallory"],
      [1, "ada"],
    ]);
  const pull = draw.whole(any);
  return draw.weighted<() => PeoplesAct>([
    [5, () => ({ does: "open", candidate: draw.whole(any), author: draw.pick(["ada", "lee"]) })],
    [4, () => ({ does: "push", pull, candidate: draw.whole(any) })],
    [2, () => ({ does: "force back", pull })],
    [12, () => ({ does: "measure", pull, good: !draw.oneIn(5), signed: !draw.oneIn(8), stale: draw.oneIn(8) })],
    [24, () => ({ does: "say", pull, author: author(), line: draw.whole(any), which: draw.whole(any) })],
    [4, () => ({ does: draw.oneIn(3) ? "delete comment" : "edit comment", comment: draw.whole(any) })],
    [4, () => ({ does: draw.pick(["close", "reopen", "merge", "retarget"]), pull })],
    [3, () => ({ does: "write policy", variant: draw.whole(any) })],
    [3, () => ({ does: draw.pick(["freeze", "thaw", "thaw"]) })],
    [5, () => ({ does: draw.pick(["hold", "lift"]), environment: draw.whole(any), version: draw.whole(any) })],
    [4, () => ({ does: "edit by hand", environment: draw.whole(any), what: draw.pick(["route", "state", "elsewhere"]) })],
    [2, () => ({ does: draw.pick(["merge proposal", "close proposal"]), proposal: draw.whole(any) })],
  ])();
}

function anyDelivery(draw: Draws): Delivery {
  const kind = draw.weighted<Delivery["kind"]>([
    [10, "at once"],
    [3, "later"],
    [2, "lost"],
    [2, "twice"],
  ]);
  return { kind, replica: anyReplica(draw), fault: anyFault(draw) };
}

function anyReplica(draw: Draws): ReplicaNumber {
  return draw.oneIn(3) ? 1 : 0;
}

function anyFault(draw: Draws): Fault | null {
  if (!draw.oneIn(3)) return null;
  const how = draw.weighted<Fault["how"]>([
    [4, "dies before"],
    [4, "dies after"],
    [3, "down before"],
    [4, "down after"],
    [2, "limited"],
    [2, "push refused"],
    [2, "overtaken by a push"],
    [1, "overtaken by an edit"],
    [1, "overtaken by a freeze"],
    [1, "overtaken by a hold"],
  ]);
  const at = how === "push refused" || how.startsWith("overtaken") || !draw.oneIn(4) ? "write" : "read";
  return { at, nth: 1 + draw.whole(at === "write" ? 4 : 12), how };
}
