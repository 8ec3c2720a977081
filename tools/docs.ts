/**
 * Writes the parts of README.md and docs/ that the code already says: what stands between `<!-- generated:<name> -->` and
 * `<!-- /generated -->`. With `--check` writes nothing and fails where a page is not what the code says. A folder may be named; else it is this one.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { docsRegions } from "./docs-regions.ts";

const region = /(<!-- generated:([a-z]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

const check = process.argv.includes("--check");
const root = process.argv.slice(2).find((word) => !word.startsWith("--")) ?? ".";
const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

const problems: string[] = [];
const found = new Set<string>();
for (const page of pages) {
  const text = readFileSync(join(root, page), "utf8");
  const current = text.replace(region, (whole, begin: string, name: string, end: string) => {
    const make = docsRegions.get(name);
    if (make === undefined) {
      problems.push(`${page} has a region ${name}, which tools/docs-regions.ts does not know`);
      return whole;
    }
    found.add(name);
    return `${begin}\n${make()}\n\n${end}`;
  });
  if (current === text) continue;
  if (check) problems.push(`${page} is not what the code says; run npm run docs`);
  else {
    writeFileSync(join(root, page), current);
    console.log(`wrote ${page}`);
  }
}
for (const name of docsRegions.keys()) if (!found.has(name)) problems.push(`no page has the region ${name}`);

for (const problem of problems) console.log(problem);
if (problems.length > 0) process.exitCode = 1;
