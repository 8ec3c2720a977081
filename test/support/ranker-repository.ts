import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectFolder } from "./run-entry.ts";

/** A checkout of a model repository with one ranker of Cranfield, in a folder of its own. */
export interface RankerRepository {
  readonly root: string;
  /** `models/search-ranker` */
  readonly model: string;
  write(path: string, text: string | Uint8Array): void;
  remove(path: string): void;
  /** Commits all that is there. */
  commit(): string;
  close(): void;
}

export const digests = { bm25: digestOf("bm25"), cosine: digestOf("cosine") } as const;
export type Ranker = keyof typeof digests;

const gates = ['{metric: ndcg@10, noWorseThan: "2%"}', '{metric: ndcg@10, slice: "*", noWorseThan: "5%"}'];

export interface WrittenModel {
  readonly name?: string;
  readonly version?: string;
  readonly digest?: string;
  /** Lines that take the place of the usual ones; an empty one leaves it out. */
  readonly evaluation?: Readonly<Record<string, string>>;
  readonly gates?: readonly string[];
  /** Lines at the end of the file. */
  readonly more?: string;
}

/** A model.yaml; the version is the ranker's name, so that each version's predictions are the ranker's. */
export function modelYaml({
  name = "search-ranker",
  version = "bm25",
  digest,
  evaluation = {},
  gates: own = gates,
  more = "",
}: WrittenModel = {}): string {
  const lines = {
    task: "ranking",
    dataset: "cranfield",
    predictions: "predictions/{version}.csv",
    labels: "../../data/labels.csv",
    columns: "{item: document_id, label: grade}",
    metrics: "[ndcg@10, recall@50, mrr]",
    slices: "[length]",
    ...evaluation,
  };
  return [
    "apiVersion: slipway/v1",
    "kind: Model",
    `name: ${name}`,
    `version: ${version}`,
    `artifact: {uri: "s3://acme/${version}.json", format: json, digest: "${digest ?? digestOf(version)}"}`,
    "evaluation:",
    ...Object.entries(lines)
      .filter(([, value]) => value !== "")
      .map(([key, value]) => `  ${key}: ${value}`),
    "gates:",
    ...own.map((gate) => `  - ${gate}`),
    more,
    "",
  ].join("\n");
}

/** The golden run of a ranker, as predictions; `keep` thins it out. */
export function predictions(ranker: Ranker, keep: (query: number) => boolean = () => true): string {
  const rows = readFileSync(join(projectFolder, "test", "golden", `cranfield-run-${ranker}.tsv`), "utf8")
    .trim()
    .split("\n");
  const kept = rows.filter((row, index) => index === 0 || keep(Number(row.split("\t")[0])));
  return `${kept.join("\n").replaceAll("\t", ",")}\n`;
}

/** The default branch serves the cosine ranker. */
export function rankerRepository(model: WrittenModel = { version: "cosine" }): RankerRepository {
  const root = mkdtempSync(join(tmpdir(), "ranker-repository-"));
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", root, ...args], { encoding: "utf8", env: gitEnvironment(root) }).trim();
  const write: RankerRepository["write"] = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  git("init", "--quiet", "--initial-branch=main");
  write("slipway.yaml", "apiVersion: slipway/v1\nkind: Repository\nenvironments: acme/environments\n");
  write("datasets/cranfield.yaml", "name: cranfield\nversion: 1.0.0\n");
  write("data/labels.csv", readFileSync(join(projectFolder, "sandbox", "data", "cranfield", "labels.csv")));
  write("models/search-ranker/model.yaml", modelYaml(model));
  for (const ranker of ["bm25", "cosine"] as const) write(`models/search-ranker/predictions/${ranker}.csv`, predictions(ranker));
  return {
    root,
    model: join(root, "models", "search-ranker"),
    write,
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    commit: () => {
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", "By hand");
      return git("rev-parse", "HEAD");
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

function gitEnvironment(home: string): NodeJS.ProcessEnv {
  const who = {
    GIT_AUTHOR_NAME: "Alex",
    GIT_AUTHOR_EMAIL: "alex@example.com",
    GIT_COMMITTER_NAME: "Alex",
    GIT_COMMITTER_EMAIL: "alex@example.com",
  };
  return { PATH: process.env["PATH"], HOME: home, GIT_CONFIG_NOSYSTEM: "1", ...who };
}

export function digestOf(text: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
