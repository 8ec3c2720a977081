import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, it } from "vitest";

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

async function counted(testResults: readonly object[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-count-"));
  folders.push(folder);
  const report = join(folder, "report.json");
  await writeFile(report, JSON.stringify({ testResults }));
  const { stdout } = await promisify(execFile)(process.execPath, ["tools/count-tests.ts", report]);
  return stdout;
}

const file = (name: string, status: string, ...tests: readonly (readonly [string, string])[]) => ({
  name: join(process.cwd(), name),
  status,
  assertionResults: tests.map(([fullName, outcome]) => ({ fullName, status: outcome })),
});

it("counts what passed and names what failed, a file that could not be loaded included", async () => {
  const results = [
    file("test/a.test.ts", "failed", ["adds up", "passed"], ["holds", "failed"]),
    file("test/b.test.ts", "failed"),
    file("test/c.test.ts", "passed", ["is fine", "passed"]),
  ];
  expect(await counted(results)).toBe("2 2\ntest/a.test.ts: holds\ntest/b.test.ts: the file itself failed\n");
});

it("counts a test that did not run as failed", async () => {
  expect(await counted([file("test/a.test.ts", "passed", ["later", "pending"])])).toBe("0 1\ntest/a.test.ts: later\n");
});
