import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { archiveBranch } from "#domain/environment/paths.ts";
import { made, madeCommits, november, novemberMeasures } from "#test/support/made-history.ts";
import { type Ended, runEntry } from "#test/support/run-entry.ts";

let root: string;
let clone: string;

const git = (folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string =>
  execFileSync("git", ["-C", folder, ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "", HOME: root, GIT_CONFIG_NOSYSTEM: "1", ...env },
  });

/** The made-up history in a real repository, and a clone of it; the oldest release lies in the archive. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "audit-"));
  const origin = join(root, "environments");
  clone = join(root, "clone");
  execFileSync("git", ["init", "--quiet", "--initial-branch=main", origin], { env: { PATH: process.env["PATH"] ?? "", HOME: root } });
  for (const { at, message, author, files } of madeCommits) {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(origin, dirname(path)), { recursive: true });
      writeFileSync(join(origin, path), text);
    }
    git(origin, ["add", "--all"]);
    const who = { NAME: author.name, EMAIL: author.email, DATE: at };
    const env = Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((role) => Object.entries(who).map(([key, value]) => [`GIT_${role}_${key}`, value])),
    );
    git(origin, ["commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-m", message], env);
  }
  git(origin, ["branch", archiveBranch]);
  git(origin, ["rm", "-r", "--quiet", `.slipway/releases/production/ranker/${made.first.id}.yaml`]);
  const old = {
    GIT_AUTHOR_NAME: "slipway[bot]",
    GIT_AUTHOR_EMAIL: "slipway[bot]@users.noreply.github.com",
    GIT_AUTHOR_DATE: "2026-11-28T00:00:00Z",
  };
  git(origin, ["commit", "--quiet", "-m", "Remove 1 archived files\n\nSlipway-Command: archive by petra"], {
    ...old,
    GIT_COMMITTER_NAME: "Petra Person",
    GIT_COMMITTER_EMAIL: "petra@example.com",
    GIT_COMMITTER_DATE: "2026-11-28T00:00:00Z",
  });
  git(root, ["clone", "--quiet", origin, clone]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const period = ["--since", november.since, "--until", november.until];
const run = (...args: readonly string[]): Promise<Ended> => runEntry("cli", args, { folder: clone, environment: { HOME: root } });

describe("slipway dora, in a clone and nothing else", () => {
  it("computes the numbers that were computed by hand, archived releases included", async () => {
    const { code, stdout, stderr } = await run("dora", ...period, "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      schema: "slipway/dora/v1",
      head: git(clone, ["rev-parse", "HEAD"]).trim(),
      ...november,
      measures: novemberMeasures,
      problems: [],
    });
  });

  it("shows them as a table, divided into stretches", async () => {
    const { code, stdout } = await run("dora", ...period, "--every", "14d", "--model", "ranker");
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual(
      [
        "since       until       environment  model   deployments  per week  lead time           failed        time to restore       aborted",
        "2026-11-01  2026-11-15  production   ranker  2            1.00      15.0 h, p90 24.0 h  1/2 (50.0 %)  30.0 min, p90 30.0 min  0",
        "2026-11-15  2026-11-29  production   ranker  1            0.50      -                   1/1 (100.0 %)  20.0 min, p90 20.0 min  1",
        "",
      ].map((line) =>
        expect.stringMatching(
          new RegExp(
            `^${line
              .split(/ {2,}/)
              .map((cell) => cell.replaceAll(/[().%/]/g, "\\$&"))
              .join(" +")}$`,
          ),
        ),
      ),
    );
  });

  it("takes a stretch longer than the period for one", async () => {
    const { code, stdout } = await run("dora", ...period, "--every", "1000000d", "--json");
    expect(code).toBe(0);
    const spans = JSON.parse(stdout).measures.map(({ since, until }: typeof november) => ({ since, until }));
    expect(new Set(spans.map((span: object) => JSON.stringify(span))).size).toBe(1);
    expect(spans[0]).toEqual(november);
  });

  it.each([
    [["--since", "yesterday"], /--since "yesterday"/],
    [["--since", "2026-11-02", "--until", "2026-11-01"], /is not before --until/],
    [["--since", "1000000d"], /--since "1000000d": a date of this century/],
    [["--every", "0s"], /more than 1000 stretches/],
    [["production"], /takes no words/],
  ])("refuses %j", async (args, words) => {
    const { code, stdout, stderr } = await run("dora", ...args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toMatch(words);
  });
});

describe("slipway audit, in a clone and nothing else", () => {
  it("says who asked for what on which evidence under which policy, and points at what a person did to Slipway's files", async () => {
    const { code, stdout, stderr } = await run("audit", ...period, "--json");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const { schema, entries } = JSON.parse(stdout);
    expect(schema).toBe("slipway/audit/v1");
    expect(entries).toHaveLength(madeCommits.length - 2 + 1);
    expect(entries[0]).toMatchObject({
      by: "slipway",
      askedBy: "petra",
      command: "archive by petra",
      committer: "Petra Person <petra@example.com>",
    });
    expect(entries.find(({ what }: { what: string }) => what === "Start v2")).toMatchObject({
      by: "slipway",
      askedBy: "maria",
      command: "200",
      evidence: made.second.evidence,
      policy: made.second.policy,
      paths: [`.slipway/releases/production/ranker/${made.second.id}.yaml`],
    });
    expect(entries.filter(({ notes }: { notes: readonly string[] }) => notes.length > 0)).toMatchObject([
      {
        what: "Hot fix",
        by: "person",
        author: "Alex Person <alex@example.com>",
        paths: ["environments/production/ranker/http-route.yaml"],
      },
    ]);
  });

  it("ends well where there is nothing to look at", async () => {
    const { code, stdout } = await run("audit", ...period, "--model", "retriever");
    expect(code).toBe(0);
    expect(stdout).toContain("End v7: verified\n    by Slipway, asked for by lee, release r-7777777777777777 (verified), evidence sha256:");
  });

  it("says that a clone without commits has none", async () => {
    const empty = join(root, "empty");
    execFileSync("git", ["init", "--quiet", empty], { env: { PATH: process.env["PATH"] ?? "", HOME: root } });
    const { code, stderr } = await run("audit", "--repository", empty);
    expect(code).toBe(70);
    expect(stderr).toContain("has no commits: run git fetch in it");
  });
});
