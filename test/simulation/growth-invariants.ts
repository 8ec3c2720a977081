import { freezeFilesIn } from "#domain/environment/read-snapshot.ts";
import type { Digest } from "#domain/model/names.ts";
import { millisecondsBetween } from "#domain/model/time.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import { type CommitView, isHeld, startedBy, weightOf } from "./commit-view.ts";
import { type Known, policyIn } from "./rule.ts";

/** The candidate whose weight a commit makes greater. */
function growing({ before, after }: CommitView): { readonly digest: Digest; readonly from: number; readonly to: number } | undefined {
  const digest = (after.open ?? before.open)?.candidate.digest;
  if (digest === undefined) return undefined;
  const [from, to] = [weightOf(before, digest), weightOf(after, digest)];
  return to > from ? { digest, from, to } : undefined;
}

export function growsUnderRestraint(view: CommitView, { world }: Known): string | undefined {
  const grown = view.bySlipway ? growing(view) : undefined;
  if (grown === undefined) return undefined;
  const { snapshot } = view.before;
  const policy = policyIn(world, view);
  // What a verified version is served at does not grow: the other one goes.
  if (view.after.state?.live.digest === grown.digest) return undefined;
  if (policy?.readable !== true) return "the policy cannot be read";
  if (isHeld(snapshot, view.environment, grown.digest)) return `${grown.digest} is held`;
  if (policy.freezes || frozenByFile(view)) return "a freeze is in force";
  return undefined;
}

function frozenByFile({ before, environment, event }: CommitView): boolean {
  return freezeFilesIn(before.snapshot).some(
    (file) =>
      file.kind === "ok" &&
      (file.value.environments?.includes(environment) ?? true) &&
      file.value.from <= event.now &&
      (file.value.to === undefined || event.now < file.value.to),
  );
}

export function raisedTooSoon(view: CommitView): string | undefined {
  const grown = view.bySlipway ? growing(view) : undefined;
  if (grown === undefined || startedBy(view).length > 0) return undefined;
  const { open } = view.before;
  if (open === null) return "nothing was open";
  if (open.phase !== "progressing") return `the release was ${open.phase}`;
  return notEarned(view, grown.from);
}

export function verifiedTooSoon(view: CommitView): string | undefined {
  const { before, after } = view;
  const ended = [...after.records].find(
    ([path, { outcome }]) => outcome?.kind === "verified" && before.records.get(path)?.outcome === null,
  );
  if (ended === undefined) return undefined;
  const [, { candidate }] = ended;
  if (weightOf(before, candidate.digest) !== 100) return `it stood at ${weightOf(before, candidate.digest)} %`;
  if (after.state?.live.digest !== candidate.digest) return "it is not what is live";
  return notEarned(view, 100);
}

/** Why the step that a commit ends had not been earned: its windows as the record holds them, checked against the requests that there were. */
function notEarned({ before, after, environment, event }: CommitView, weight: number): string | undefined {
  const { open } = before;
  if (open === null || open.liveSince === null) return "the weight was never marked as seen live";
  const cluster = event.seen.get(environment);
  if (cluster?.kind !== "seen" || !cluster.accepted) return "the cluster did not show its weight";
  const shown = cluster.backends.find(({ digest }) => digest === open.candidate.digest)?.weight;
  if (shown !== weight) return `the cluster served it at ${shown} %`;
  const record = [...after.records.values()].find(({ id }) => id === open.id);
  const windows = judgedOf(record, weight);
  if (windows.length === 0) return "no window was judged";
  for (const { verdict, good, total, target, from, to } of windows) {
    if (verdict !== "pass") return `a window was ${verdict}`;
    if (from !== open.liveSince) return `a window began at ${from}, seen live at ${open.liveSince}`;
    if (millisecondsBetween(to, event.now) < 0) return `a window ends at ${to}, after now`;
    if (total === 0 || good / total < target) return `${good} of ${total} requests were good`;
  }
  return undefined;
}

function judgedOf(record: ReleaseRecord | undefined, weight: number): ReleaseRecord["steps"][number]["windows"] {
  return record?.steps.findLast((step) => step.weight === weight && step.judgedAt !== null)?.windows ?? [];
}
