import type { Draws } from "./draws.ts";
import { type Delivery, type Fault, type ReplicaNumber, writeKinds } from "./step.ts";

export function anyDelivery(draw: Draws): Delivery {
  const kind = draw.weighted<Delivery["kind"]>([
    [10, "at once"],
    [3, "later"],
    [2, "lost"],
    [2, "twice"],
  ]);
  return { kind, replica: anyReplica(draw), fault: anyFault(draw) };
}

export function anyReplica(draw: Draws): ReplicaNumber {
  return draw.oneIn(3) ? 1 : 0;
}

export function anyFault(draw: Draws): Fault | null {
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
  const pushed = how === "push refused" || how.startsWith("overtaken");
  const at = pushed || !draw.oneIn(4) ? "write" : "read";
  // Most faults strike whatever is next; the others wait for a write that is rare.
  const of = at === "write" && !pushed && draw.oneIn(3) ? draw.pick(writeKinds) : null;
  return { at, of, nth: 1 + draw.whole(of !== null ? 2 : at === "write" ? 4 : 12), how };
}
