import type { CommandName } from "#domain/command/registry.ts";
import type { Service } from "#test/support/fakes/metrics.ts";
import { lineOfCommand, supersedingLine } from "./command-lines.ts";
import { anyDelivery } from "./draw-trouble.ts";
import type { Draws } from "./draws.ts";
import { policyNames } from "./simulated-texts.ts";
import type { Delivery, PeoplesAct, Setting, Step } from "./step.ts";

const healthy: Service = { perSecond: 100, goodShare: 1 };
const broken: Service = { perSecond: 100, goodShare: 0.7 };
const services: readonly [Service, ...Service[]] = [
  healthy,
  healthy,
  { perSecond: 5, goodShare: 0.8 },
  broken,
  { perSecond: 100, goodShare: 0 },
  { perSecond: 0, goodShare: 1 },
];

export function anyService(draw: Draws): Service {
  return draw.pick(services);
}

export interface Beginning {
  readonly setting: Omit<Setting, "skew">;
  readonly steps: readonly Step[];
}

const atOnce: Delivery = { kind: "at once", replica: 0, fault: null };
const opened = people({ does: "open", candidate: 0, author: "ada", fork: false });
const ofFork = people({ does: "open", candidate: 0, author: "mallory", fork: true });
const measured = people({ does: "measure", pull: 0, good: true, signed: true, stale: false });
const closedProposal = people({ does: "close proposal", proposal: 0 });
const another = [people({ does: "push", pull: 0, candidate: 1 }), measured];
const worse = people({ does: "measure", pull: 0, good: false, signed: true, stale: false });

/** Most of what can go wrong needs a release under way, an approval, a rollback: each beginning leads to something that chance alone seldom finds. */
export function beginning(draw: Draws): Beginning {
  const environments = draw.oneIn(3) ? "two" : "one";
  /** What a person types, its webhook as chance has it. */
  const say = (name: CommandName, author = "lee", which = 0): Step =>
    people({ does: "say", pull: 0, author, line: lineOfCommand(name), which }, anyDelivery(draw));
  const begun = (policy: (typeof policyNames)[number], steps: readonly Step[], of: Setting["environments"] = environments): Beginning => ({
    setting: { environments: of, policy: policyNames.indexOf(policy) },
    steps,
  });
  const serve = (service: Service): Step => ({ is: "serve", candidate: 0, service });
  const deployed = [opened, measured, say("deploy")];
  const agreed = [say("approve", "amy"), say("approve", "hal")];
  return draw.weighted<() => Beginning>([
    [8, () => begun("plain", [serve(anyService(draw)), opened])],
    [8, () => begun("plain", [serve(anyService(draw)), opened, measured])],
    [50, () => begun("plain", [serve(anyService(draw)), ...deployed])],
    [4, () => begun("plain", [serve(healthy), ...deployed, say("pause"), say("resume")])],
    [2, () => begun("plain", [serve(healthy), ...deployed, say("abort")])],
    [2, () => begun("plain", [serve(healthy), ...deployed, say("rollback")])],
    [3, () => begun("plain", [serve(healthy), ...deployed, ...another, superseding(draw)])],
    [3, () => begun("plain", [opened, measured, say("lock"), say("unlock")])],
    [3, () => begun("plain", [opened, measured, say("hold", "hal"), say("unhold", "hal")])],
    [3, () => begun("plain", [serve(healthy), ...deployed, say("freeze", "hal"), say("unfreeze", "hal")])],
    [4, () => begun("proposes", [serve(broken), ...deployed, wait(2000), wait(2000), closedProposal, say("retry")])],
    [3, () => begun("plain", [serve(healthy), ...deployed, ...verifying, say("promote", "lee", 1)], "two")],
    [4, () => begun("asks for approvals", [serve(healthy), opened, measured, ...agreed, say("deploy")], "one")],
    [
      4,
      () => begun("asks for approvals", [opened, worse, say("override", "amy"), say("override", "hal"), ...agreed, say("deploy")], "one"),
    ],
    [3, () => begun("asks for approvals", [opened, worse, say("override", "amy"), ...agreed, say("deploy")], "one")],
    [3, () => begun("plain", [ofFork, measured, say("deploy")])],
    [4, () => begun("releases merges", [serve(healthy), opened, measured, people({ does: "merge", pull: 0 }, anyDelivery(draw))])],
  ])();
}

/** Until the first environment has verified what it serves. */
const verifying = Array.from({ length: 8 }, () => wait(4000));

function superseding(draw: Draws): Step {
  return people({ does: "say", pull: 0, author: "lee", line: supersedingLine, which: 0 }, anyDelivery(draw));
}

function people(act: PeoplesAct, delivery = atOnce): Step {
  return { is: "people", act, delivery };
}

function wait(milliseconds: number): Step {
  return { is: "time", milliseconds, fault: null };
}
