import { expect, test } from "vitest";
import { canonicalDigest, definitionDigest } from "#domain/evaluation/definition-digest.ts";

test("is SHA-256 over canonical JSON", () => {
  // printf '%s' '{"a":1,"b":[true,null,"é"]}' | sha256sum
  expect(canonicalDigest({ b: [true, null, "é"], a: 1 })).toBe("sha256:9488dd13ca33d3291f5a91a1833dfa164811755ffba538c2b340780f8c31a0cb");
});

test("does not depend on the order of keys", () => {
  const dataset = { id: "made", version: "1.0.0" };
  expect(definitionDigest({ task: "ranking", metrics: ["mrr"] }, dataset)).toBe(
    definitionDigest({ metrics: ["mrr"], task: "ranking" }, { version: "1.0.0", id: "made" }),
  );
});

test("leaves out where predictions lie and how they are made, and nothing else", () => {
  const evaluation = { task: "ranking", metrics: ["mrr"] };
  const digest = definitionDigest(evaluation, null);
  expect(definitionDigest({ ...evaluation, predictions: "p.csv", predict: "python predict.py" }, null)).toBe(digest);
  expect(definitionDigest({ ...evaluation, labels: "l.csv" }, null)).not.toBe(digest);
  expect(definitionDigest({ ...evaluation, metrics: ["mrr", "ndcg@10"] }, null)).not.toBe(digest);
  expect(definitionDigest(evaluation, { id: "made" })).not.toBe(digest);
});
