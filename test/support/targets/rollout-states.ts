import type { FileWrite } from "#domain/environment/change.ts";
import { manifestsFolder } from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { OpenRelease } from "#domain/environment/state.ts";
import type { Verdict } from "#domain/evaluation/verdict.ts";
import { blobIdOf } from "#domain/manifest/blob-id.ts";
import { commitShaSchema, loginSchema } from "#domain/model/names.ts";
import { addMilliseconds, type Instant } from "#domain/model/time.ts";
import { type Decision, decide, type Observations, type Restraints } from "#domain/rollout/decide.ts";
import { type Move, moveFor, startMove } from "#domain/rollout/moves.ts";
import { pausedMove, resumedMove, stoppedMove } from "#domain/rollout/person-moves.ts";
import { type Rollout, stepsOf } from "#domain/rollout/plan.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import { readingsFor } from "#domain/rollout/windows.ts";
import type { JudgedWindow } from "#domain/slo/window-verdict.ts";
import { releaseChange } from "#flows/release-change.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";
import { at, environmentState, plan, releaseRecord } from "#test/support/builders.ts";
import { candidate, made, renderedFiles, stable } from "./fixtures.ts";

/** The model's folder as Git holds it while a release is open, and the release. */
export interface MidCanary {
  readonly open: OpenRelease;
  readonly files: ReadonlyMap<string, string>;
  /** How the release came here. */
  readonly path: readonly string[];
}

const release = releaseRecord();
const folder = manifestsFolder(release.environment, release.model);
const head = commitShaSchema.parse("1".repeat(40));
const artifact = "s3://acme-models/search-ranker/2026.11.20-3/model.onnx";
const person = { by: loginSchema.parse("sam"), reason: "" };
const free: Restraints = { editedBy: undefined, heldBecause: undefined, frozenBy: undefined, greatestWeight: 100, unreadable: undefined };

interface Standing {
  readonly move: Pick<Move, "state" | "record">;
  readonly open: OpenRelease;
  readonly files: ReadonlyMap<string, string>;
  readonly path: readonly string[];
}

/**
 * Every state of an open release that decisions of the reducer and of people can lead to, with what Git then holds: breadth first over
 * all that can be seen and asked at each, until nothing new comes.
 */
export function midCanaryStates(rollout: Rollout): readonly MidCanary[] {
  const blobs = new Map<string, string>();
  const served = filesOf(rollout);
  const record: ReleaseRecord = {
    ...release,
    namespace: release.namespace,
    candidate,
    artifact,
    baseline: { ...stable, made },
    plan: { ...plan(), rollout },
    steps: [],
  };
  const state = environmentState({
    live: { ...stable, since: at(-1000) },
    verified: [
      { ...stable, release: null, at: at(-1000), files: Object.fromEntries([...served].map(([path, text]) => [path, remember(text)])) },
    ],
  });

  const first = startMove(state, record);
  const found = new Map<string, Standing>();
  const waiting: Standing[] = arrive(first, served, "start");
  for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
    const { open } = each;
    const key = JSON.stringify([open.phase, open.step, open.weight, open.liveSince !== null, [...each.files].toSorted()]);
    if (found.has(key)) continue;
    found.set(key, each);
    const moves = new Map(nextMoves(each).map((next) => [effectOf(next.move), next]));
    waiting.push(...[...moves.values()].flatMap(({ name, move }) => arrive(move, each.files, name, each.path)));
  }
  return [...found.values()].map(({ open, files, path }) => ({ open, files, path }));

  function remember(text: string) {
    const id = blobIdOf(text);
    blobs.set(id, text);
    return id;
  }

  function arrive(move: Move, before: ReadonlyMap<string, string>, name: string, path: readonly string[] = []): Standing[] {
    const open = move.state.release;
    if (open === null) return [];
    const snapshot: EnvironmentsSnapshot = {
      head,
      entries: new Map([...before].map(([file, text]) => [file, remember(text)])),
      texts: new Map(),
    };
    const { writes } = releaseChange(move, { snapshot, templates, trailers: {} });
    const files = new Map(before);
    for (const write of writes.filter((each) => each.path.startsWith(folder))) put(files, write);
    return [{ move, open, files, path: [...path, name] }];
  }

  function put(files: Map<string, string>, write: FileWrite): void {
    if (write.kind === "delete") files.delete(write.path);
    else files.set(write.path, write.kind === "text" ? write.text : (blobs.get(write.blob) ?? ""));
  }
}

function filesOf(rollout: Rollout): ReadonlyMap<string, string> {
  const rendered = renderedFiles({
    environment: release.environment,
    namespace: release.namespace,
    model: release.model,
    rollout,
    release: null,
    candidate: { ...stable, ...made, weight: 100 },
    stable: null,
  });
  return new Map(rendered.map(({ file, text }) => [`${folder}${file}`, text]));
}

function nextMoves({ move: { state, record }, open }: Standing): readonly { readonly name: string; readonly move: Move }[] {
  const progress = { state, open, record, held: () => false };
  const decided = sights(open, record).flatMap(({ name, seen, now }): { name: string; move: Move }[] => {
    const decision = decide({ environment: record.environment, plan: record.plan, open }, seen, free, now);
    return moves(decision) ? [{ name: `${name}: ${decision.kind}`, move: moveFor(decision, progress, now) }] : [];
  });
  if (open.phase === "stopping") return decided;
  const asked = { ...person, now: open.weightSetAt };
  return [
    ...decided,
    { name: "pause", move: pausedMove(progress, asked) },
    { name: "resume", move: resumedMove(progress, asked, false) },
    { name: "resume, rewritten", move: resumedMove(progress, asked, true) },
    { name: "rollback", move: stoppedMove(progress, asked) },
  ];
}

/** Moves with the same effect on what is served are one. */
function effectOf({ state: { release: after }, manifests }: Move): string {
  return JSON.stringify([after?.phase, after?.step, after?.weight, after?.liveSince === null, manifests]);
}

type Moving = Parameters<typeof moveFor>[0];

function moves(decision: Decision): decision is Moving {
  return decision.kind !== "wait" && decision.kind !== "roll-back";
}

/** What can be seen of a release: its weight live or not, and each verdict of its windows, at the first look and after all extensions. */
function sights(open: OpenRelease, record: ReleaseRecord): readonly { name: string; seen: Observations; now: Instant }[] {
  const { window } = stepsOf(record.plan.rollout)[open.step] ?? { window: 0 };
  const since = open.liveSince ?? open.weightSetAt;
  const verdicts: readonly Verdict[] = ["pass", "fail", "inconclusive", "no-data", "error"];
  const moments = [0, window, (record.plan.rollout.extend + 1) * window, record.plan.rollout.deadline + 1];
  return [true, false].flatMap((live) =>
    moments.flatMap((after) =>
      verdicts.map((verdict) => {
        const now = addMilliseconds(since, after);
        return { name: `${live ? "live" : "not live"} ${verdict}`, seen: seenAt(open, record, live, verdict, now), now };
      }),
    ),
  );
}

function seenAt(open: OpenRelease, record: ReleaseRecord, live: boolean, verdict: Verdict, now: Instant): Observations {
  const judged = (kind: JudgedWindow["kind"]): JudgedWindow => ({
    objective: "latency",
    kind,
    from: now,
    to: now,
    good: 1,
    total: 2,
    target: 0.9,
    lower: null,
    upper: null,
    verdict,
  });
  const { looks, recent } = readingsFor(record.plan, open, record.environment, now);
  const mirrored = stepsOf(record.plan.rollout)[open.step]?.mirror ?? null;
  const backend = { digest: open.candidate.digest, weight: open.weight, ready: 1, wanted: 1, ...(mirrored !== null && { mirrored }) };
  return {
    exposure: live ? { kind: "seen", accepted: true, backends: [backend] } : { kind: "unknown", reason: "not asked" },
    looks: looks.map((look) => look.map(() => judged("window"))),
    recent: recent.map(() => judged("recent")),
    burnRates: [],
    firstBad: null,
  };
}
