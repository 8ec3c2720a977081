import { z } from "zod";
import type { Checkout } from "#sandbox/stage/checkout.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";

const issueSchema = z.looseObject({
  number: z.number(),
  kind: z.string(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  author: z.string(),
  merged: z.boolean().optional(),
  mergedBy: z.string().nullish(),
  head: z.looseObject({ ref: z.string() }).optional(),
  comments: z.array(z.looseObject({ id: z.number(), author: z.string(), body: z.string(), reactions: z.array(z.string()) })),
});
const checkSchema = z.looseObject({
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  title: z.string().nullable(),
  summary: z.string().nullable(),
});
const worldSchema = z.record(
  z.string(),
  z.looseObject({ refs: z.record(z.string(), z.string()), issues: z.array(issueSchema), checks: z.array(checkSchema) }),
);

/** All that a story left behind, on GitHub and in Git, in words that do not depend on when it was told. */
export interface EndState {
  readonly repositories: Readonly<Record<string, RepositoryState>>;
  readonly environments: {
    /** Author, committer, subject, trailers and changed files of every commit, oldest first. */
    readonly log: readonly string[];
    readonly files: Readonly<Record<string, string>>;
  };
  readonly evidence: { readonly log: readonly string[]; readonly files: readonly string[] };
}

export interface RepositoryState {
  readonly refs: readonly string[];
  readonly issues: readonly unknown[];
  readonly checks: readonly unknown[];
}

export async function endStateOf(stage: Stage): Promise<EndState> {
  const environments = await stage.look();
  await environments.git("fetch", "--quiet", "origin", "+refs/slipway/*:refs/slipway/*");
  const world = worldSchema.parse(await stage.double.ask("GET", "state"));
  return {
    repositories: Object.fromEntries(Object.entries(world).map(([name, repository]) => [name, repositoryState(repository)])),
    environments: { log: await logOf(environments, "HEAD"), files: await filesOf(environments) },
    evidence: {
      log: await logOf(environments, evidenceRef),
      files: lines(await environments.git("ls-tree", "-r", "--name-only", evidenceRef)).map(masked),
    },
  };
}

const evidenceRef = "refs/slipway/evidence/1/1";

function repositoryState({ refs, issues, checks }: z.infer<typeof worldSchema>[string]): RepositoryState {
  return {
    refs: Object.keys(refs).map(masked),
    issues: issues.map(({ number, kind, title, body, state, author, merged, mergedBy, head, comments }) => ({
      number,
      kind,
      title,
      state,
      author,
      merged,
      mergedBy,
      branch: head?.ref,
      body: masked(body ?? ""),
      comments: comments.map((comment) => ({ ...comment, body: masked(comment.body), createdAt: "<time>", updatedAt: "<time>" })),
    })),
    checks: checks.map(({ name, status, conclusion, title, summary }) => ({
      name,
      status,
      conclusion,
      title,
      summary: masked(summary ?? ""),
    })),
  };
}

async function logOf(checkout: Checkout, ref: string): Promise<readonly string[]> {
  const format = "%x1e%an | %cn | %s%n%(trailers:only)";
  const log = await checkout.git(
    "log",
    "--reverse",
    "--first-parent",
    "--diff-merges=first-parent",
    "--name-status",
    `--format=${format}`,
    ref,
  );
  return log
    .split("\u001e")
    .filter((commit) => commit !== "")
    .map((commit) => masked(lines(commit).join("\n")));
}

async function filesOf(checkout: Checkout): Promise<Readonly<Record<string, string>>> {
  const texts: [string, string][] = [];
  for (const path of lines(await checkout.git("ls-files"))) texts.push([masked(path), masked(await checkout.read(path))]);
  return Object.fromEntries(texts);
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

/** The digests of artifacts are the same in every telling, and so are numbers, ids and words: only moments, hashes and counts of requests are not. */
const masks: readonly (readonly [RegExp, string])[] = [
  ...Object.entries(versions).flatMap(([name, { digest }]): (readonly [RegExp, string])[] => {
    const hex = digest.replace("sha256:", "");
    return [hex, hex.slice(0, 16), hex.slice(0, 12), hex.slice(0, 8)].map((text) => [
      new RegExp(`(?<![0-9a-f])${text}(?![0-9a-f])`, "g"),
      `<${name}>`,
    ]);
  }),
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "<time>"],
  [/\b\d\d:\d\d:\d\d\b/g, "<time>"],
  [/\+\d+(?:\.\d+)? (?:ms|s|min|h)(?: \d+ (?:min|s))*(?= \|)/g, "<later>"],
  [/\b[0-9a-f]{64}\b/g, "<digest>"],
  // YAML quotes a hash only when it could be read as a number.
  [/"?\b[0-9a-f]{40}\b"?/g, "<commit>"],
  [/\b[0-9a-f]{12}\b/g, "<short>"],
  [/^( +)(good|total|lower|upper): \S+$/gm, "$1$2: <count>"],
  [/\b\d+ of \d+ requests were good/g, "<count> of <count> requests were good"],
  [/\| \S+ % \[[^\]]+\] \| \d+ \| <time> to <time> \|/g, "| <share> | <count> | <time> to <time> |"],
];

function masked(text: string): string {
  return masks.reduce((left, [pattern, name]) => left.replaceAll(pattern, name), text);
}
