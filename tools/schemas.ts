/** Writes the published JSON Schemas from the zod schemas; with `--check` writes nothing and fails when a file is not what the code says. */
import { readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { z } from "zod";
import { type PublishedSchema, publishedSchemas } from "./schema-list.ts";

/** What a person writes, not what the parser makes of it: `io: "input"` leaves keys with a default optional. */
function jsonSchemaText({ title, make }: PublishedSchema): string {
  const schema = z.toJSONSchema(make(), { io: "input", target: "draft-2020-12" });
  return `${JSON.stringify({ ...schema, title }, null, 2)}\n`;
}

async function stale(published: PublishedSchema): Promise<boolean> {
  const found = await readFile(published.file, "utf8").catch(() => undefined);
  return found !== jsonSchemaText(published);
}

const check = process.argv.includes("--check");
const names = new Set(publishedSchemas.map(({ file }) => basename(file)));
const orphans = orphansIn("schemas", names);
const outdated: string[] = [];
for (const published of publishedSchemas) {
  if (!(await stale(published))) continue;
  outdated.push(published.file);
  if (check) continue;
  await mkdir(dirname(published.file), { recursive: true });
  await writeFile(published.file, jsonSchemaText(published));
}

for (const file of outdated) console.log(check ? `${file} is not what the code says; run npm run schemas` : `wrote ${file}`);
for (const file of orphans) console.log(`${file} is not in tools/schema-list.ts; delete it or list it`);
if (orphans.length > 0 || (check && outdated.length > 0)) process.exitCode = 1;

function orphansIn(folder: string, known: ReadonlySet<string>): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json") && !known.has(name))
      .map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}
