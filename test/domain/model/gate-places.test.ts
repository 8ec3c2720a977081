import { describe, expect, it } from "vitest";
import { gatesSchema } from "#domain/gate/gate-preset.ts";
import { gatePlaces } from "#domain/model/gate-places.ts";
import { parseYaml } from "#domain/text/parse-yaml.ts";

const places = (text: string) => {
  const { value } = parseYaml(text, "model.yaml");
  const written = value instanceof Object && "gates" in value ? value.gates : [];
  return gatePlaces({ gates: gatesSchema.parse(written), dataset: "clicks" }, text, "model.yaml");
};

const list = `name: ranker
gates:
  - {metric: ndcg@10, noWorseThan: 2%}
  - metric: ndcg@10
    slice: "*"
    noWorseThan: 5%
  - {metric: ndcg@10, atLeast: 0.3}
`;

describe("where a gate is written", () => {
  it.each([
    ["ndcg@10", 3],
    ["ndcg@10[*] locale=de", 4],
    ["ndcg@10 at-least", 7],
  ])("is the line of %s", (id, line) => {
    expect(places(list)(id).line).toBe(line);
  });

  it("is the key gates for what stands elsewhere: a preset's gate, the policy's floor", () => {
    expect(places("name: ranker\ngates: {preset: ranking, margin: 2%}\n")("recall@50").line).toBe(2);
    expect(places(list)("floor ndcg@10")).toEqual({ line: 2, column: 1 });
  });

  it("is the top of a file without gates", () => {
    expect(places("name: ranker\n")("floor ndcg@10")).toEqual({ line: 1, column: 1 });
  });
});
