import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commandNames } from "#domain/command/registry.ts";
import { wilsonInterval } from "#domain/statistics/wilson.ts";
import { golden } from "#test/support/golden.ts";
import { projectFolder } from "#test/support/run-entry.ts";
import { pages } from "./pages.ts";

function page(path: string): string {
  return pages.find((each) => each.path === path)?.text ?? "";
}

it("the quick start is two lines", () => {
  const [, block = ""] = /^```sh\n([\s\S]*?)^```$/m.exec(page("README.md")) ?? [];
  const lines = block.trimEnd().split("\n");
  expect(lines.map((line) => line.replace(/\s+#.*$/, ""))).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
});

it("the README is short enough to be read", () => {
  expect(page("README.md").split("\n").length).toBeLessThan(150);
});

it("the comment in the README looks like the one that is rendered today", () => {
  const shown = page("README.md")
    .match(/^> \| verdict \|.*$/m)?.[0]
    .slice(2);
  const template = readFileSync(join(projectFolder, "templates", "comment.md.hbs"), "utf8");
  const columns = (line: string | undefined): readonly string[] | undefined => line?.split("|").map((cell) => cell.trim());
  const rendered = template
    .match(/^\| verdict \|.*interval.*$/m)?.[0]
    .replace(/\{\{#if selfReported\}\}.*?\{\{else\}\}(.*?)\{\{\/if\}\}/, "$1");
  expect(columns(shown)).toEqual(columns(rendered));
});

it("the README names the commands that there are, and no command that there is as missing", () => {
  const [, told = "", missing = ""] = /\*\*Commands:\*\*([^.]*)\. There is no ([^:]*):/.exec(page("README.md")) ?? [];
  expect([...told.matchAll(/`([a-z]+)`/g)].map(([, name]) => name)).toEqual(commandNames);
  expect(missing.split(/\W+/).filter((word) => commandNames.some((name) => name === word))).toEqual([]);
});

it("the figures of the Cranfield collection are the reference's", () => {
  const four = (value: unknown): string => Number(value).toFixed(4).replace("-", "−");
  const entry = (id: string, wanted: Readonly<Record<string, unknown>>) =>
    golden("ranking-cranfield.json")
      .find((each) => each.id === id)
      ?.expected.find((row) => Object.entries(wanted).every(([field, value]) => row[field] === value));
  const mean = (id: string): string => four(entry(id, { metric: "ndcg", k: 10 })?.["mean"]);
  const paired = entry("paired", { metric: "ndcg", k: 10 });
  const [lower, upper] = [paired?.["interval_95"]].flat();
  expect(page("docs/evaluation.md")).toContain(
    `is ${mean("bm25")}, of TF-IDF cosine ${mean("cosine")}: a difference of ${four(paired?.["difference"])} with the 95 % interval [${four(lower)}, ${four(upper)}].`,
  );
});

it("the figures of the Wilson interval are ours", () => {
  const lower = (good: number): string => (wilsonInterval(good, good)?.lower ?? 0).toFixed(3);
  expect(page("docs/evaluation.md")).toContain(`30 of 30 have the lower bound ${lower(30)}, 60 of 60 have ${lower(60)}`);
});
