import { commandTable } from "#domain/command/registry.ts";
import { policyNames } from "./simulated-texts.ts";
import { type ClusterMode, type Delivery, type Fault, faultKinds, type PeoplesAct, type Step, writeKinds } from "./step.ts";
import type { Tally } from "./tally.ts";

/** Everything that a history is made of, as a list that cannot lack anything. */
function all<Name extends string>(names: Readonly<Record<Name, true>>): readonly string[] {
  return Object.keys(names);
}

const peoplesActs = all<PeoplesAct["does"]>({
  open: true,
  push: true,
  "force back": true,
  measure: true,
  say: true,
  "edit comment": true,
  "delete comment": true,
  close: true,
  reopen: true,
  merge: true,
  retarget: true,
  draft: true,
  queue: true,
  click: true,
  "write policy": true,
  freeze: true,
  thaw: true,
  hold: true,
  lift: true,
  "edit by hand": true,
  "merge proposal": true,
  "close proposal": true,
});

const groups: readonly (readonly [group: string, names: readonly string[]])[] = [
  ["worlds", ["environments: one", "environments: two", "clocks apart", ...policyNames.map((name) => `policy: ${name}`)]],
  [
    "steps",
    all<Step["is"]>({ people: true, time: true, serve: true, cluster: true, resync: true, deliver: true, race: true, restart: true }),
  ],
  ["people", [...peoplesActs, "open from a fork"]],
  [
    "webhooks",
    [
      ...all<Delivery["kind"]>({ "at once": true, later: true, lost: true, twice: true }),
      "delivered late",
      "delivered out of order",
      "to be delivered again",
    ],
  ],
  ["cluster", all<ClusterMode>({ follows: true, lags: true, hidden: true, rejects: true })],
  ["faults", faultKinds],
  ["releases", ["progressing", "5 %", "25 %", "100 %", "verified", "paused", "stopping", "held", "rolled-back", "aborted"]],
];

/** Every call can fail in these ways; only a push can be refused or overtaken. */
const anywhere = ["dies before", "dies after", "down before", "down after", "limited"] as const satisfies readonly Fault["how"][];

interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly wanted: readonly string[] }[];
}

function tables(): readonly Table[] {
  const commands = commandTable().map(({ name, mutating }) => ({ name, mutating }));
  const started = [
    { name: "deploy --supersede", mutating: true },
    { name: "(merge)", mutating: true },
    { name: "(click)", mutating: true },
  ];
  return [
    { title: "writes", columns: ["tried", ...anywhere], rows: writeKinds.map((name) => ({ name, wanted: ["tried", ...anywhere] })) },
    {
      title: "commands",
      columns: ["said", "done", "refused", "told", "dies before", "dies after"],
      rows: [...commands, ...started].map(({ name, mutating }) => ({
        name,
        wanted: mutating ? ["said", "done", "refused", "dies before", "dies after"] : ["said", "told"],
      })),
    },
  ];
}

/** What was covered how often, as people read it, and what was not. */
export function coverage(tally: Tally): { readonly text: string; readonly missed: readonly string[] } {
  const lists = groups.map(([group, names]) => `${group}: ${names.map((name) => `${name} ${tally.of(group, name)}`).join(", ")}`);
  const missed = groups.flatMap(([group, names]) => names.filter((name) => tally.of(group, name) === 0).map((name) => `${group}: ${name}`));
  const printed = tables().map(({ title, columns, rows }) => {
    const cells = rows.map(({ name }) => [name, ...columns.map((column) => String(tally.of(name, column)))]);
    return [[title, ...columns], ...cells]
      .map(([first = "", ...rest]) => first.padEnd(46) + rest.map((cell) => cell.padStart(13)).join(""))
      .join("\n");
  });
  const lacking = tables().flatMap(({ rows }) =>
    rows.flatMap(({ name, wanted }) => wanted.filter((column) => tally.of(name, column) === 0).map((column) => `${name}: ${column}`)),
  );
  return { text: [...lists, ...printed].join("\n\n"), missed: [...missed, ...lacking] };
}
