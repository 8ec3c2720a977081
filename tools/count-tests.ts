/** `count-tests <vitest report.json>`: prints how many tests passed and failed, then the failed ones by name, one a line. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { z } from "zod";

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

const [, , file = ""] = process.argv;
const { testResults } = reportSchema.parse(JSON.parse(readFileSync(file, "utf8")));

const passed = testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === "passed"));
const failed = testResults.flatMap(({ name, status, assertionResults }) => {
  const where = relative(process.cwd(), name);
  // A test that did not run is a test that did not pass: the project knows no skipped tests.
  const tests = assertionResults.filter((each) => each.status !== "passed").map(({ fullName }) => `${where}: ${fullName}`);
  return status === "failed" && tests.length === 0 ? [`${where}: the file itself failed`] : tests;
});

console.log(`${passed.length} ${failed.length}`);
for (const name of failed) console.log(name);
