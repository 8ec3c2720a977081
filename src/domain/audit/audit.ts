import type { SlipwayIdentity } from "#domain/environment/authorship.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import { type HistoricCommit, type History, isWithin, type Span } from "./history.ts";
import { isOwnCommit } from "./own-commit.ts";
import { placesAbout, placesOf } from "./places.ts";

/** One commit, and everything an auditor asks of it. What neither the commit nor its release says is null. */
export interface AuditEntry {
  readonly commit: string;
  readonly at: string;
  /** `slipway`: by author and trailers, as everywhere (invariant 10). `merge`: a merge of nothing but Slipway's own commit. */
  readonly by: "slipway" | "merge" | "person";
  readonly author: string;
  readonly committer: string;
  readonly what: string;
  /** The login of the person who asked for it, or for the release that it is a step of. */
  readonly askedBy: string | null;
  /** The comment, button, merge or line that asked for it. */
  readonly command: string | null;
  readonly release: string | null;
  readonly step: string | null;
  readonly version: string | null;
  readonly digest: string | null;
  /** The digest of the report on which the release rests. */
  readonly evidence: string | null;
  /** The commit whose policy allowed it. */
  readonly policy: string | null;
  /** `production/search-ranker`: the models whose files it changed. */
  readonly places: readonly string[];
  readonly paths: readonly string[];
  /** What an auditor should look at, one sentence each. */
  readonly notes: readonly string[];
}

export interface AuditQuestion extends Span {
  readonly environment?: string | undefined;
  readonly model?: string | undefined;
  readonly identity: SlipwayIdentity;
}

/** Who did what, on which evidence, under which policy, when: for every commit of Slipway and of people, newest first. */
export function audit({ commits, releases }: History, question: AuditQuestion): readonly AuditEntry[] {
  const records = new Map(releases.map((record) => [String(record.id), record]));
  const own = new Set<string>(commits.filter((commit) => isOwnCommit(commit, question.identity)).map(({ sha }) => sha));
  return commits
    .filter(({ at }) => isWithin(question, at))
    .map((commit) => entryOf(commit, records, own))
    .filter((entry) => isAbout(entry, question));
}

function entryOf(commit: HistoricCommit, records: ReadonlyMap<string, ReleaseRecord>, own: ReadonlySet<string>): AuditEntry {
  const trailers = parseTrailers(commit.message);
  const [subject = "", ...rest] = commit.message.trimEnd().split("\n");
  const by = whose(commit, own);
  // What a person writes about releases is told, and never taken for Slipway's word.
  const claimed = by === "slipway" ? trailers : nothingClaimed;
  const record = records.get(claimed["Slipway-Release"] ?? "");
  const owned = placesOf(commit.paths);
  return {
    commit: commit.sha,
    at: commit.at,
    by,
    author: `${commit.author.name} <${commit.author.email}>`,
    committer: `${commit.committer.name} <${commit.committer.email}>`,
    what: subject,
    askedBy: by === "slipway" ? (askedIn(rest, claimed["Slipway-Command"]) ?? record?.trigger.by ?? null) : null,
    command: claimed["Slipway-Command"] ?? null,
    release: claimed["Slipway-Release"] ?? null,
    step: claimed["Slipway-Step"] ?? null,
    version: record?.candidate.version ?? null,
    digest: record?.candidate.digest ?? null,
    evidence: claimed["Slipway-Evidence"] ?? record?.evidence ?? null,
    policy: claimed["Slipway-Policy"] ?? record?.policy ?? null,
    places: owned,
    paths: commit.paths,
    notes: notesOn(by, owned, trailers["Slipway-Release"] ?? trailers["Slipway-Command"], {
      missing: claimed["Slipway-Release"] !== undefined && record === undefined,
    }),
  };
}

const nothingClaimed = parseTrailers("");

function whose({ sha, parents }: HistoricCommit, own: ReadonlySet<string>): AuditEntry["by"] {
  if (own.has(sha)) return "slipway";
  const merged = parents.slice(1);
  return merged.length > 0 && merged.every((parent) => own.has(parent)) ? "merge" : "person";
}

/** The body of what a person asked for begins so; `slipway adopt` and `archive` name the person in the trailer. */
function askedIn(body: readonly string[], command: string | undefined): string | undefined {
  const asked = body.map((line) => /^Asked for by ([\w-]+(?:\[bot\])?)(?::|$)/.exec(line)?.[1]).find((login) => login !== undefined);
  return asked ?? /^(?:adopt|archive)\b.* by (\S+)$/.exec(command ?? "")?.[1];
}

function notesOn(
  by: AuditEntry["by"],
  places: readonly string[],
  claim: string | undefined,
  { missing }: { missing: boolean },
): readonly string[] {
  return [
    ...(by === "person" && places.length > 0 ? ["Changes files that only Slipway writes."] : []),
    ...(by === "person" && claim !== undefined ? ["Has Slipway's trailers, but not Slipway's author."] : []),
    ...(missing ? ["Names a release that has no readable record here."] : []),
  ];
}

function isAbout({ paths }: AuditEntry, { environment, model }: AuditQuestion): boolean {
  if (environment === undefined && model === undefined) return true;
  const names = placesAbout(paths).map((place) => place.split("/"));
  // Overrides and evidence are of a model in every environment.
  const ofModel = paths.some((path) => /^\.slipway\/(?:overrides|evidence)\/([^/]+)\//.exec(path)?.[1] === model);
  return (
    names.some(([inside, name]) => (environment === undefined || inside === environment) && (model === undefined || name === model)) ||
    (environment === undefined && ofModel)
  );
}
