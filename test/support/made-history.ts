import type { HistoricCommit, History } from "#domain/audit/history.ts";
import { messageOf } from "#domain/environment/change.ts";
import { incidentPath, releasePath } from "#domain/environment/paths.ts";
import type { Trailers } from "#domain/environment/trailers.ts";
import { type Incident, parseIncident, printIncident } from "#domain/incident/incident.ts";
import {
  commitShaSchema,
  digestSchema,
  environmentNameSchema,
  loginSchema,
  modelNameSchema,
  releaseIdSchema,
  versionLabelSchema,
} from "#domain/model/names.ts";
import { instantSchema } from "#domain/model/time.ts";
import { parseRelease, printRelease, type ReleaseRecord } from "#domain/rollout/release.ts";
import { incident, live, releaseRecord } from "#test/support/builders.ts";

export const slipway = { name: "slipway[bot]", email: "slipway[bot]@users.noreply.github.com" };
export const alex = { name: "Alex Person", email: "alex@example.com" };

/** One commit of a history that is made up: what it says, and the files that it writes. */
export interface MadeCommit {
  readonly at: string;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly files: Readonly<Record<string, string>>;
}

const moment = (text: string) => instantSchema.parse(`2026-${text}:00.000Z`);
const id = (digit: string) => releaseIdSchema.parse(`r-${digit.repeat(16)}`);
const policy = commitShaSchema.parse("2".repeat(40));
const base = commitShaSchema.parse("0".repeat(40));

interface Made {
  readonly model?: string;
  readonly asked: string;
  readonly ended: string;
  readonly outcome: "verified" | "rolled-back" | "aborted";
  readonly by?: string;
  readonly version?: string;
  /** A rollback of what is live: since when it was. */
  readonly liveSince?: string;
}

function record(digit: string, { model = "ranker", asked, ended, outcome, by = "lee", version = digit, liveSince }: Made): ReleaseRecord {
  const at = moment(asked);
  return releaseRecord({
    id: id(digit),
    environment: environmentNameSchema.parse("production"),
    model: modelNameSchema.parse(model),
    trigger: { command: Number.parseInt(digit, 16) * 100, by: loginSchema.parse(by), at },
    candidate: { version: versionLabelSchema.parse(`v${version}`), digest: digestSchema.parse(`sha256:${version.repeat(64)}`) },
    policy,
    startedAt: at,
    steps: [{ weight: 5, setAt: liveSince === undefined ? at : moment(liveSince), liveAt: null, judgedAt: null, windows: [] }],
    outcome: { kind: outcome, at: moment(ended), reason: "as it was made up" },
  });
}

/** Four weeks of November in production: what each is, in the order in which it was asked for. */
export const made = {
  before: record("6", { asked: "10-29T10:00", ended: "10-30T10:00", outcome: "verified" }),
  first: record("1", { asked: "11-02T10:00", ended: "11-03T10:00", outcome: "verified" }),
  second: record("2", { asked: "11-10T08:00", ended: "11-10T14:00", outcome: "verified", by: "maria" }),
  /** Undoes the second while it is live. */
  undone: record("5", {
    asked: "11-12T09:00",
    ended: "11-12T09:30",
    outcome: "rolled-back",
    version: "2",
    liveSince: "11-10T14:00",
    by: "omar",
  }),
  broken: record("3", { asked: "11-15T00:00", ended: "11-15T02:00", outcome: "rolled-back" }),
  aborted: record("4", { asked: "11-20T00:00", ended: "11-20T01:00", outcome: "aborted" }),
  other: record("7", { model: "retriever", asked: "11-25T00:00", ended: "11-27T00:00", outcome: "verified" }),
};

const window = (from: string, verdict: string) => ({
  objective: "latency",
  kind: "window",
  from: moment(from),
  to: moment("11-15T01:50"),
  good: 20,
  total: 75,
  target: 0.9,
  lower: 0.2,
  upper: 0.4,
  verdict,
});
const breach: Incident = incident({
  id: made.broken.id,
  environment: "production",
  model: "ranker",
  candidate: made.broken.candidate,
  restores: live,
  windows: [window("11-15T01:00", "pass"), window("11-15T01:45", "fail"), window("11-15T01:40", "fail")],
  closedAt: made.broken.outcome?.at ?? null,
});

function commit(
  at: string,
  release: ReleaseRecord,
  subject: string,
  trailers: Trailers,
  more: Readonly<Record<string, string>> = {},
  body?: string,
): MadeCommit {
  return {
    at: moment(at),
    message: messageOf({
      base,
      subject,
      ...(body !== undefined && { body }),
      trailers: { release: release.id, evidence: release.evidence, ...trailers },
      writes: [],
    }),
    author: slipway,
    files: { [releasePath(release.environment, release.model, release.id)]: printRelease(release), ...more },
  };
}

/** The two commits of a release: asked for by a comment, then ended. */
function released(
  release: ReleaseRecord,
  asked: string,
  ended: string,
  step: string,
  more: Readonly<Record<string, string>> = {},
): readonly MadeCommit[] {
  const command = "command" in release.trigger ? String(release.trigger.command) : "";
  return [
    commit(asked, { ...release, outcome: null }, `Start ${release.candidate.version}`, { step: "start", command, policy }),
    commit(ended, release, `End ${release.candidate.version}: ${step}`, { step }, more),
  ];
}

/** Oldest first. */
export const madeCommits: readonly MadeCommit[] = [
  ...released(made.before, "10-29T10:00", "10-30T10:00", "verified"),
  ...released(made.first, "11-02T10:00", "11-03T10:00", "verified"),
  { at: moment("11-05T12:00"), message: "Let Maria deploy\n", author: alex, files: { ".slipway/policy.yaml": "roles: {}\n" } },
  ...released(made.second, "11-10T08:00", "11-10T14:00", "verified"),
  commit(
    "11-12T09:00",
    { ...made.undone, outcome: null },
    "Stop v2, live in production",
    { step: "stop", command: "500", policy },
    {},
    "Asked for by omar: it ranks nonsense",
  ),
  commit("11-12T09:30", made.undone, "Close the rollback of v2", { step: "rolled back" }),
  ...released(made.broken, "11-15T00:00", "11-15T02:00", "rolled back", { [incidentPath(breach.id)]: printIncident(breach) }),
  {
    at: moment("11-16T03:00"),
    message: `Hot fix\n\nSlipway-Release: ${made.broken.id}\nSlipway-Step: verified\n`,
    author: alex,
    files: { "environments/production/ranker/http-route.yaml": "weight: 100\n" },
  },
  ...released(made.aborted, "11-20T00:00", "11-20T01:00", "aborted"),
  ...released(made.other, "11-25T00:00", "11-27T00:00", "verified"),
];

export const november = { since: moment("11-01T00:00"), until: moment("11-29T00:00") };

/** The same as a reader of Git gets it: newest first, each file as it was written last. */
export function madeHistory(commits: readonly MadeCommit[] = madeCommits): History {
  const files = new Map(commits.flatMap((each) => Object.entries(each.files)));
  const read = <Value>(
    folder: string,
    parse: (text: string, path: string) => { readonly kind: string; readonly value?: Value },
  ): readonly Value[] =>
    [...files].flatMap(([path, text]) => {
      const value = path.startsWith(folder) ? parse(text, path).value : undefined;
      return value === undefined ? [] : [value];
    });
  const historic = commits.map(
    ({ at, message, author, files: written }, index): HistoricCommit => ({
      sha: commitShaSchema.parse(index.toString(16).padStart(40, "0")),
      parents: [],
      author,
      committer: author,
      at: instantSchema.parse(at),
      message,
      paths: Object.keys(written),
    }),
  );
  return {
    head: commitShaSchema.parse((commits.length - 1).toString(16).padStart(40, "0")),
    commits: historic.toReversed(),
    releases: read(".slipway/releases/", parseRelease),
    incidents: read(".slipway/incidents/", parseIncident),
    problems: [],
  };
}

/** By hand, from the times above; seconds. Ranker: 24 h and 6 h to verify; 30 min from the stop of v2, 20 min from 01:40 of v3. */
export const novemberMeasures = [
  {
    environment: "production",
    model: null,
    ...november,
    deployments: 4,
    aborted: 1,
    deploymentsPerWeek: 1,
    failed: 2,
    changeFailRate: 0.5,
    leadTime: { count: 3, median: 86_400, p90: 172_800, longest: 172_800 },
    timeToRestore: { count: 2, median: 1500, p90: 1800, longest: 1800 },
  },
  {
    environment: "production",
    model: "ranker",
    ...november,
    deployments: 3,
    aborted: 1,
    deploymentsPerWeek: 0.75,
    failed: 2,
    changeFailRate: 2 / 3,
    leadTime: { count: 2, median: 54_000, p90: 86_400, longest: 86_400 },
    timeToRestore: { count: 2, median: 1500, p90: 1800, longest: 1800 },
  },
  {
    environment: "production",
    model: "retriever",
    ...november,
    deployments: 1,
    aborted: 0,
    deploymentsPerWeek: 0.25,
    failed: 0,
    changeFailRate: 0,
    leadTime: { count: 1, median: 172_800, p90: 172_800, longest: 172_800 },
    timeToRestore: null,
  },
];
