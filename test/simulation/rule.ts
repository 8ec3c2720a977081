import type { CommitView } from "./commit-view.ts";
import type { Ledger } from "./ledger.ts";
import type { PeoplesWork } from "./peoples-work.ts";
import { policiesOf, type WrittenPolicy } from "./simulated-texts.ts";
import type { SimulatedWorld } from "./simulated-world.ts";

/** What an invariant is asked about. The numbers are those of the design's list of invariants. */
export interface Rule<About> {
  readonly number: number;
  readonly name: string;
  /** What is wrong; undefined when nothing is. */
  readonly broken: (about: About, known: Known) => string | undefined;
}

export interface Known {
  readonly world: SimulatedWorld;
  readonly ledger: Ledger;
  readonly people: PeoplesWork;
}

/** What the policy of the commit before says. */
export function policyIn(world: SimulatedWorld, { before }: CommitView): WrittenPolicy | undefined {
  const text = before.snapshot.texts.get(".slipway/policy.yaml");
  return policiesOf(world.setting).find((policy) => policy.text === text);
}
