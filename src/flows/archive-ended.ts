import type { EvidenceLogFacts, FileAt, StoredLog } from "#domain/archive/archived.ts";
import { endedLog, isPast } from "#domain/archive/ended-log.ts";
import { endedRecords } from "#domain/archive/ended-records.ts";
import { recordsFolder } from "#domain/environment/paths.ts";
import { incidentIn, statesIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { acceptedRunSchema } from "#domain/evidence/run.ts";
import type { CommitSha, Login } from "#domain/model/names.ts";
import { parseRelease } from "#domain/rollout/release.ts";
import type { Archive } from "#ports/archive.ts";
import type { Clock } from "#ports/clock.ts";
import type { ClosedPullRequests } from "#ports/closed-pull-requests.ts";
import type { EnvironmentsRepository } from "#ports/environments-repository.ts";
import { type Attempt, compareAndSwap } from "./compare-and-swap.ts";

export interface ArchiveWorld {
  readonly environments: EnvironmentsRepository;
  readonly archive: Archive;
  readonly pullRequests: ClosedPullRequests;
  readonly clock: Clock;
}

/** What leaves its place, and what should but does not. */
export interface ArchivePlan {
  readonly moves: readonly FileAt[];
  readonly logs: readonly { readonly log: StoredLog; readonly files: readonly FileAt[] }[];
  readonly problems: readonly string[];
}

export interface ArchiveAnswer extends ArchivePlan {
  /** What was pushed to the archive, and to the default branch; null when there was nothing, or nothing is written. */
  readonly archived: CommitSha | null;
  readonly removed: CommitSha | null;
}

/**
 * Moves what has ended to the archive branch: releases after a year, evidence logs 90 days after their pull request was closed. It copies
 * first and removes only what the host then shows in the archive, byte by byte, so it may die anywhere, run twice, and run beside another.
 */
export async function archiveEnded(world: ArchiveWorld, login: Login, dryRun: boolean): Promise<ArchiveAnswer> {
  const logs = await logFacts(world);
  if (dryRun) return { ...(await planned(world, logs)).plan, archived: null, removed: null };

  const copied = await compareAndSwap(() => copy(world, logs, login));
  if (copied.refused !== undefined)
    return { ...nothing, problems: [...copied.plan.problems, `The archive was refused: ${copied.refused}.`] };
  const cleared = await compareAndSwap(() => clear(world, logs, login));
  const pruned = await prune(world, cleared.plan.logs);
  const refusals = cleared.refused === undefined ? [] : [`The removal was refused: ${cleared.refused}.`];
  return {
    ...cleared.plan,
    logs: pruned.logs,
    problems: [...cleared.plan.problems, ...refusals, ...pruned.problems],
    archived: copied.commit,
    removed: cleared.commit,
  };
}

const nothing = { moves: [], logs: [], archived: null, removed: null };

interface Step {
  readonly plan: ArchivePlan;
  readonly commit: CommitSha | null;
  readonly refused?: string;
}

async function copy(world: ArchiveWorld, logs: readonly EvidenceLogFacts[], login: Login): Promise<Attempt<Step>> {
  const { plan } = await planned(world, logs);
  const { head, entries } = await world.archive.held();
  const missing = filesOf(plan).filter(({ path }) => !entries.has(path));
  if (missing.length === 0) return { kind: "nothing-to-write", answer: { plan, commit: null } };
  const subject = `Archive ${plan.moves.length} files of ended releases and ${plan.logs.length} evidence logs`;
  return attempt(plan, await world.archive.add(head, missing, { subject, command: `archive by ${login}` }));
}

async function clear(world: ArchiveWorld, logs: readonly EvidenceLogFacts[], login: Login): Promise<Attempt<Step>> {
  const { snapshot, plan } = await planned(world, logs);
  const { entries } = await world.archive.held();
  const kept = filesOf(plan).filter(({ path, blob }) => entries.get(path) !== blob);
  const safe: ArchivePlan = {
    moves: plan.moves.filter((file) => !kept.includes(file)),
    logs: plan.logs.filter(({ files }) => !files.some((file) => kept.includes(file))),
    problems: [
      ...plan.problems,
      ...kept.map(({ path }) => `${path} stays, since the archive holds it with other contents, or not at all.`),
    ],
  };
  if (safe.moves.length === 0) return { kind: "nothing-to-write", answer: { plan: safe, commit: null } };
  const outcome = await world.environments.commit({
    base: snapshot.head,
    subject: `Remove ${safe.moves.length} archived files`,
    body: "They are on the branch slipway/archive, byte by byte, under the same paths.",
    trailers: { command: `archive by ${login}` },
    writes: safe.moves.map(({ path }) => ({ kind: "delete", path })),
  });
  return attempt(safe, outcome);
}

function attempt(plan: ArchivePlan, outcome: Awaited<ReturnType<Archive["add"]>>): Attempt<Step> {
  return {
    kind: "wrote",
    outcome,
    answer: (commit) => ({ plan, commit }),
    refused: (message) => ({ plan, commit: null, refused: message }),
  };
}

async function prune({ archive }: ArchiveWorld, ended: ArchivePlan["logs"]): Promise<Pick<ArchivePlan, "logs" | "problems">> {
  const logs: ArchivePlan["logs"][number][] = [];
  const problems: string[] = [];
  for (const each of ended) {
    const outcome = await archive.prune(each.log);
    const name = `The evidence log of repository ${each.log.repositoryId}, pull request ${each.log.pullRequest}`;
    switch (outcome.kind) {
      case "pruned":
        logs.push(each);
        break;
      case "moved":
        problems.push(`${name} stays: a run was added meanwhile.`);
        break;
      case "refused":
        problems.push(`${name} is archived, but its ref stays: ${outcome.message}.`);
    }
  }
  return { logs, problems };
}

async function planned({ environments, archive, clock }: ArchiveWorld, logs: readonly EvidenceLogFacts[]) {
  const snapshot = await environments.snapshot();
  const texts = await releaseTexts(archive, snapshot);
  const now = clock.now();

  const records = endedRecords(
    {
      entries: snapshot.entries,
      releases: [...texts].map(([path, text]) => ({ path, record: parseRelease(text, path) })),
      states: statesIn(snapshot),
      incident: (id) => incidentIn(snapshot, id),
    },
    now,
  );
  const ends = logs.map((facts) => ({ log: facts.log, end: endedLog(facts, now) }));

  const plan: ArchivePlan = {
    moves: records.moves,
    logs: ends.flatMap(({ log, end }) => (end.kind === "ended" ? [{ log, files: end.files }] : [])),
    problems: [...records.problems, ...ends.flatMap(({ end }) => (end.kind === "stays" && end.problem !== undefined ? [end.problem] : []))],
  };
  return { snapshot, plan };
}

async function releaseTexts(archive: Archive, { entries }: EnvironmentsSnapshot): Promise<ReadonlyMap<string, string>> {
  const files = [...entries].filter(([path]) => path.startsWith(recordsFolder));
  const texts = await archive.texts(files.map(([, blob]) => blob));
  return new Map(files.map(([path, blob]) => [path, texts.get(blob) ?? ""]));
}

/** GitHub is asked only about pull requests whose newest evidence is old enough. */
async function logFacts({ archive, pullRequests, clock }: ArchiveWorld): Promise<readonly EvidenceLogFacts[]> {
  const logs = await archive.logs();
  const accepted = (log: StoredLog) => [...log.files].flatMap(([path, blob]) => (path.endsWith("/accepted.json") ? [blob] : []));
  const texts = await archive.texts(logs.flatMap(accepted));
  const now = clock.now();
  const facts: EvidenceLogFacts[] = [];
  for (const log of logs) {
    const runs = runsIn(accepted(log).map((blob) => texts.get(blob) ?? ""));
    const old = runs !== undefined && isPast(runs.newest, now);
    const repository = { id: log.repositoryId, name: runs?.repository };
    const pullRequest =
      old && repository.name ? await pullRequests.end({ ...repository, name: repository.name }, log.pullRequest) : notAsked;
    facts.push({ log, runs, pullRequest });
  }
  return facts;
}

const notAsked = { kind: "unknown", reason: "nobody was asked" } as const;

function runsIn(texts: readonly string[]): EvidenceLogFacts["runs"] {
  try {
    const runs = texts.map((text) => acceptedRunSchema.parse(JSON.parse(text)));
    const newest = runs.toSorted((a, b) => a.acceptedAt.localeCompare(b.acceptedAt)).at(-1);
    return newest && { repository: newest.repository.name, newest: newest.acceptedAt };
  } catch {
    return undefined;
  }
}

function filesOf({ moves, logs }: ArchivePlan): readonly FileAt[] {
  return [...moves, ...logs.flatMap(({ files }) => files)];
}
