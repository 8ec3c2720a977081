import { describe, expect, it } from "vitest";
import { type AuditQuestion, audit } from "#domain/audit/audit.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import { alex, made, madeHistory, november, slipway } from "#test/support/made-history.ts";

const question: AuditQuestion = { ...november, identity: slipway };
const entryOf = (what: string, history = madeHistory()) => audit(history, question).find((entry) => entry.what.startsWith(what));

describe("an audit", () => {
  it("says of a start who asked, by which comment, on which evidence and under which policy", () => {
    expect(entryOf("Start v2")).toMatchObject({
      by: "slipway",
      askedBy: "maria",
      command: "200",
      release: made.second.id,
      step: "start",
      version: "v2",
      digest: made.second.candidate.digest,
      evidence: made.second.evidence,
      policy: made.second.policy,
      places: ["production/ranker"],
      notes: [],
    });
  });

  it("says of a later step what its release says, since the commit does not repeat it", () => {
    expect(entryOf("End v2")).toMatchObject({
      by: "slipway",
      askedBy: "maria",
      command: null,
      step: "verified",
      policy: made.second.policy,
      notes: [],
    });
  });

  it("names the person who asked for a command, not the one who started the release", () => {
    expect(entryOf("Stop v2")).toMatchObject({ askedBy: "omar", command: "500", step: "stop" });
  });

  it("shows what people change, and does not mind that they change the policy", () => {
    expect(entryOf("Let Maria deploy")).toMatchObject({
      by: "person",
      author: "Alex Person <alex@example.com>",
      askedBy: null,
      places: [],
      notes: [],
    });
  });

  it("points at a person who changed Slipway's files under Slipway's trailers, and believes none of them", () => {
    expect(entryOf("Hot fix")).toMatchObject({
      by: "person",
      release: null,
      step: null,
      evidence: null,
      places: ["production/ranker"],
      notes: ["Changes files that only Slipway writes.", "Has Slipway's trailers, but not Slipway's author."],
    });
  });

  it("is newest first, of the period, and of the model that is asked for", () => {
    const all = audit(madeHistory(), question);
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    expect(all).toHaveLength(madeHistory().commits.length - 2);
    expect(audit(madeHistory(), { ...question, model: "retriever" }).map(({ what }) => what)).toEqual(["End v7: verified", "Start v7"]);
    expect(audit(madeHistory(), { ...question, environment: "staging" })).toEqual([]);
    const [newest] = madeHistory().commits;
    if (newest === undefined) throw new Error("the history has commits");
    const file = (digit: string, path: string) => ({
      ...newest,
      sha: commitShaSchema.parse(digit.repeat(40)),
      message: path,
      paths: [path],
    });
    const restrained = [file("8", ".slipway/holds/staging/ranker/aaaa.yaml"), file("9", ".slipway/locks/staging/ranker.yaml")];
    const commits = [...restrained, ...madeHistory().commits];
    const staging = { ...question, environment: "staging", model: "ranker" };
    expect(audit({ ...madeHistory(), commits }, staging).map(({ what }) => what)).toEqual(restrained.map(({ message }) => message));
  });

  it("says when a release has no record", () => {
    const history = madeHistory();
    const releases = history.releases.filter(({ id }) => id !== made.other.id);
    expect(entryOf("Start v7", { ...history, releases })?.notes).toEqual(["Names a release that has no readable record here."]);
  });

  it("tells a merge of Slipway's own pull request from a merge of anything else", () => {
    const history = madeHistory();
    const [newest] = history.commits;
    const merge = (parent: string, digit: string) => ({
      sha: commitShaSchema.parse(digit.repeat(40)),
      parents: [history.head, parent],
      author: alex,
      committer: alex,
      at: november.since,
      message: "Merge pull request\n",
      paths: ["environments/production/ranker/http-route.yaml"],
    });
    const theirs = history.commits.find(({ author }) => author === alex);
    const commits = [merge(newest?.sha ?? "", "a"), merge(theirs?.sha ?? "", "b"), ...history.commits];
    const merges = audit({ ...history, commits }, question).filter(({ what }) => what === "Merge pull request");
    expect(merges.map(({ by, notes }) => [by, notes.length])).toEqual([
      ["merge", 0],
      ["person", 1],
    ]);
  });

  it("knows an adoption and an archive by the person in the trailer", () => {
    const history = madeHistory();
    const commits = history.commits.map((commit) => ({
      ...commit,
      author: slipway,
      message: "Adopt\n\nSlipway-Command: adopt production by petra\n",
    }));
    expect(new Set(audit({ ...history, commits }, question).map(({ askedBy }) => askedBy))).toEqual(new Set(["petra"]));
  });
});
