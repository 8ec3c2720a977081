import { describe, expect, test } from "vitest";
import { isRemotePrefix, remoteLocation } from "#domain/evaluation/remote-location.ts";

describe("where Slipway may look outside of the repository", () => {
  test.each([
    "s3://acme-models/ranker/1/predictions.parquet",
    "gs://acme-models/ranker/1/predictions.csv.gz",
    "https://data.acme.dev/ranker/predictions.parquet",
    "bigquery://acme.models.predictions_1",
  ])("the default branch may name %s, a head may not", (uri) => {
    expect(remoteLocation(uri, "default-branch", [])).toEqual({ kind: "allowed", uri });
    expect(remoteLocation(uri, "head", [])).toMatchObject({ kind: "refused" });
  });

  test("a head may name what lies below an allowed prefix, and nothing beside it", () => {
    const prefixes = ["s3://acme-models/", "bigquery://acme.models."];
    const kind = (uri: string): string => remoteLocation(uri, "head", prefixes).kind;
    expect(kind("s3://acme-models/ranker/1.parquet")).toBe("allowed");
    expect(kind("bigquery://acme.models.t")).toBe("allowed");
    for (const uri of [
      "s3://acme-models-of-mallory/1.parquet",
      "s3://acme-models/../secrets/1.parquet",
      "bigquery://acme.salaries.t",
      "s3://acme-models/",
    ])
      expect([uri, kind(uri)]).toEqual([uri, "refused"]);
  });

  test.each([
    "http://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "https://acme.dev/x?token=secret",
    "https://user@acme.dev/x",
    "https://acme.dev/%2e%2e/x",
    "https://acme.dev/a/../x",
    "https://acme.dev/*.parquet",
    "s3://acme/a b",
    "s3://acme/x#y",
  ])("nobody may name %s", (uri) => {
    expect(remoteLocation(uri, "default-branch", ["https://acme.dev/", "s3://acme/"])).toMatchObject({ kind: "refused" });
  });

  test("a prefix names a bucket, a host or a data set at least, and ends where a name ends", () => {
    expect(
      ["s3://acme/", "https://data.acme.dev/ranker/", "bigquery://acme.", "bigquery://acme.models."].filter(
        (prefix) => !isRemotePrefix(prefix),
      ),
    ).toEqual([]);
    expect(["s3://", "s3://acme", "https://", "bigquery://", "bigquery://acme", "http://acme/"].filter(isRemotePrefix)).toEqual([]);
  });
});
