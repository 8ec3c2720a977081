import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { printReport } from "#domain/evaluation/report.ts";
import { better, worse } from "#test/domain/report/cases.ts";
import { runEntry } from "#test/support/run-entry.ts";

let folder: string;
const compare = (...args: readonly string[]) => runEntry("cli", ["compare", ...args]);
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-compare-"));
  await writeFile(file("worse.json"), printReport(worse));
  await writeFile(file("better.json"), printReport(better));
  await writeFile(file("torn.json"), printReport(better).slice(0, 500));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("slipway compare", () => {
  it("shows what changed from one report to the next", async () => {
    const { code, stdout, stderr } = await compare(file("worse.json"), file("better.json"));
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Fail first, Pass second");
    expect(stdout).toMatch(/^ndcg@10 +no worse than 2% +fail +pass$/m);
    expect(stdout).toMatch(/^ndcg@10 +all units +0\.352 +0\.439 +\+0\.087 +better$/m);
    expect(stdout).toContain("Measured in the second alone: ndcg@10 on cold-start");
  });

  it("prints one JSON document", async () => {
    const { code, stdout } = await compare(file("worse.json"), file("better.json"), "--json");
    const read = z.object({ schema: z.literal("slipway/comparison/v1"), verdicts: z.object({ first: z.string(), second: z.string() }) });
    expect([code, read.parse(JSON.parse(stdout)).verdicts]).toEqual([0, { first: "fail", second: "pass" }]);
  });

  it("refuses a file that is no report, by its name", async () => {
    const { code, stdout, stderr } = await compare(file("worse.json"), file("torn.json"));
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("torn.json is not read: This is not JSON");
  });

  it("asks for two reports", async () => {
    const { code, stderr } = await compare(file("worse.json"));
    expect([code, stderr]).toEqual([64, "slipway: slipway compare takes two reports, such as before.json after.json\n"]);
  });
});
