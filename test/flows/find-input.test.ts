import { describe, expect, it } from "vitest";
import { fileLocation } from "#domain/evaluation/file-location.ts";
import type { Found } from "#flows/find-file.ts";
import { filesOf, findInput } from "#flows/find-input.ts";
import type { LocatedRemote } from "#ports/remote-sources.ts";
import { fakeWorkspace } from "#test/support/fakes/workspace.ts";

const what = "the candidate's predictions";

function found(written: string, files: Readonly<Record<string, string>>): Promise<Found> {
  const wanted = { what, written, code: "predictions", whenMissing: "no-data", by: "default-branch" } as const;
  return findInput(undefined, [fakeWorkspace("head", files)], fileLocation(written, "models/ranker"), wanted);
}

describe("predictions in several files", () => {
  const pattern = "bm25/part-*.csv";
  const part = (number: number): string => `models/ranker/bm25/part-${number}.csv`;

  it("are one table, whose digest says which files there are", async () => {
    const one = await found(pattern, { [part(1)]: "1" });
    const two = await found(pattern, { [part(2)]: "2", [part(1)]: "1" });
    expect(filesOf(two).map(({ name }) => name)).toEqual([part(1), part(2)]);
    expect(two.digest).not.toBe(one.digest);
    expect(two.digest).toBe((await found(pattern, { [part(1)]: "1", [part(2)]: "2" })).digest);
    expect(two.digest).not.toBe((await found(pattern, { [part(1)]: "1", [part(3)]: "2" })).digest);
  });

  it("are no data when no file fits", async () => {
    expect(await found(pattern, {})).toMatchObject({ problem: { code: "predictions-missing", verdict: "no-data" } });
  });
});

describe("predictions elsewhere", () => {
  const at = async (located: LocatedRemote): Promise<Found> => {
    const wanted = { what, written: "s3://acme/p.csv", code: "predictions", whenMissing: "no-data", by: "default-branch" } as const;
    const remote = { sources: { locate: async () => located }, prefixes: [] };
    return findInput(remote, [], fileLocation(wanted.written, ""), wanted);
  };

  it("that are not there are no data; what keeps them from being read is an error with its own code", async () => {
    expect(await at({ kind: "missing" })).toMatchObject({ problem: { code: "predictions-missing", verdict: "no-data" } });
    const message = "The candidate's predictions cannot be read from s3://acme/p.csv: there is no such bucket.";
    expect(await at({ kind: "refused", code: "bucket-missing", reason: "there is no such bucket." })).toEqual({
      problem: { code: "bucket-missing", verdict: "error", message },
    });
  });
});
