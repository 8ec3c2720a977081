import { verbIn } from "./command-lines.ts";
import { sideOf } from "./commit-view.ts";
import type { Known } from "./rule.ts";

export function doubled(_: undefined, { world: { github } }: Known): string | undefined {
  const marked = github
    .comments()
    .filter(({ ours }) => ours)
    .map(({ pull, body }) => `#${pull} ${body.split("\n")[0]}`);
  const things = [
    ...marked,
    ...github
      .issues()
      .filter(({ state }) => state === "open")
      .map(({ body }) => `the issue ${body.split("\n")[0]}`),
    ...github.proposals().map(({ branch }) => `the proposal of ${branch}`),
  ];
  return things.find((thing, index) => things.indexOf(thing) !== index);
}

/** Check runs cannot be deleted: where two replicas each made one, both say the same. */
export function atOdds(_: undefined, { world: { github } }: Known): string | undefined {
  const said = new Map<string, string>();
  for (const { head, id: _id, ...view } of github.checks()) {
    const text = JSON.stringify(view);
    if ((said.get(head) ?? text) !== text) return `the checks of ${head}`;
    said.set(head, text);
  }
  return undefined;
}

export function unanswered(_: undefined, { world: { github, clock } }: Known): string | undefined {
  const comments = github.comments();
  const young = (moment: string): boolean => Date.parse(clock.now()) - Date.parse(moment) < 30 * 60_000;
  const lost = comments.find(
    ({ id, ours, body, updatedAt }) =>
      !ours &&
      young(updatedAt) &&
      /^\/slipway\b/m.test(body) &&
      !body.startsWith(">") &&
      !comments.some((other) => other.ours && other.body.startsWith(`<!-- slipway:answer ${id} -->`)),
  );
  return lost && `comment ${lost.id}: ${lost.body}`;
}

/** A repeated evaluation is a run of GitHub's, not a commit. */
export function undone(_: undefined, { world: { github }, ledger }: Known): string | undefined {
  for (const { body, ours } of github.comments()) {
    const [, id] = (ours && /^<!-- slipway:answer (\d+) -->/.exec(body)) || [];
    if (id === undefined || !/^🚀 /mu.test(body) || ledger.executed.has(id)) continue;
    const comment = github.comment(Number(id));
    if (comment !== undefined && verbIn(comment.body) !== "evaluate") return `comment ${id}: ${comment.body}`;
  }
  return undefined;
}

export function unchecked(_: undefined, { world, people }: Known): string | undefined {
  const checks = new Set(world.github.checks().map(({ head }) => head));
  const lost = people.openPulls().find(({ heads }) => !checks.has(heads.at(-1) ?? ""));
  return lost && `#${lost.number}, ${lost.heads.at(-1)}`;
}

/** But where a person edited the files since: then automation stops, and a person goes on. */
export function unreported(_: undefined, { world, ledger }: Known): string | undefined {
  const snapshot = world.environments.current();
  for (const environment of world.names) {
    const { open } = sideOf(world, snapshot, environment);
    if (open?.phase !== "stopping" || ledger.edited.has(environment)) continue;
    if (!world.github.issues().some(({ body }) => body.includes(open.id))) return `${open.id} in ${environment}`;
  }
  return undefined;
}

/** Where people may set gates aside, a group may pass although no run of the pull request's head did. */
export function wrongGroup(_: undefined, { world, people }: Known): string | undefined {
  for (const [head, number] of people.groups()) {
    const conclusions = world.github
      .checks()
      .filter((check) => check.head === head)
      .map(({ conclusion }) => conclusion);
    const tip = people.pull(number)?.heads.at(-1);
    if (conclusions.length === 0) return `the group of #${number} has none`;
    if (
      !conclusions.includes("success") ||
      tip === undefined ||
      people.passed(tip) ||
      hasNothingToEvaluate(world, people.pull(number)?.digest, people)
    )
      continue;
    if (world.policy().overrides === 0 || !people.measured(tip)) return `the group of #${number} passes`;
  }
  return undefined;
}

/** A head that proposes what the default branch has already, or what is live already. */
function hasNothingToEvaluate(world: Known["world"], digest: string | undefined, people: Known["people"]): boolean {
  const merged = people.merges().at(-1);
  if (merged !== undefined && people.pull(merged.pull)?.digest === digest) return true;
  return world.names.some((environment) => sideOf(world, world.environments.current(), environment).state?.live.digest === digest);
}
