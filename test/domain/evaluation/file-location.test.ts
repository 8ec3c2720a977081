import { describe, expect, it } from "vitest";
import { fileLocation } from "#domain/evaluation/file-location.ts";

const folder = "models/a";

describe("a location in model.yaml", () => {
  it.each([
    ["p.csv", "models/a/p.csv"],
    ["./x/p.csv", "models/a/x/p.csv"],
    ["../../data/l.csv", "data/l.csv"],
    ["x/../p.csv", "models/a/p.csv"],
  ])("%s is a file of the tree", (written, path) => {
    expect(fileLocation(written, folder)).toEqual({ kind: "in-tree", path });
  });

  it.each(["s3://b/k.parquet", "https://x/y", "file:///etc/passwd", "GS://b/k"])("%s is elsewhere", (uri) => {
    expect(fileLocation(uri, folder)).toEqual({ kind: "remote", uri });
  });

  it.each([
    ["/etc/passwd", "a path is relative to model.yaml, and this one is absolute"],
    ["../../../x", "it leads out of the repository"],
    ["x/../../../../models/a/p.csv", "it leads out of the repository"],
    ["..\\x", "a path is written with /, and this one holds a backslash"],
    ["../..", "it names no file"],
  ])("%s is refused", (written, reason) => {
    expect(fileLocation(written, folder)).toEqual({ kind: "refused", reason });
  });

  it("is relative to the root for a model that lies there", () => {
    expect(fileLocation("p.csv", "")).toEqual({ kind: "in-tree", path: "p.csv" });
  });
});
