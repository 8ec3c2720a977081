import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A text of a file below `src/` that is something else in this process. */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** In the simulated world nobody waits for real time: the pauses of adapters take no longer than their turn. */
const withoutPauses: Patch = {
  file: "adapters/github/create-once.ts",
  from: 'import { setTimeout as pause } from "node:timers/promises";',
  to: "const pause = async (_milliseconds: number): Promise<void> => undefined;",
};

/** What is read again and again is read once for every text. The functions stay what they are: pure, so their results can be shared. */
const readOnce: readonly Patch[] = [
  {
    file: "domain/text/parse-with-schema.ts",
    from: "export function parseWithSchema<Schema extends z.ZodType>(schema: Schema, text: string, file: string): SchemaResult<z.output<Schema>> {",
    to: `const known = new Map<z.ZodType, Map<string, SchemaResult<unknown>>>();
export function parseWithSchema<Schema extends z.ZodType>(schema: Schema, text: string, file: string): SchemaResult<z.output<Schema>> {
  let ofSchema = known.get(schema);
  if (ofSchema === undefined || ofSchema.size > 20_000) known.set(schema, (ofSchema = new Map()));
  const key = file + " " + text;
  let result = ofSchema.get(key);
  if (result === undefined) ofSchema.set(key, (result = parseAnew(schema, text, file)));
  return result;
}
function parseAnew<Schema extends z.ZodType>(schema: Schema, text: string, file: string): SchemaResult<z.output<Schema>> {`,
  },
  {
    file: "flows/offered-run.ts",
    from: "export function offeredRun(repositoryId: number, facts: RunFacts, files: EvidenceFiles): OfferedRun {",
    to: `const known = new WeakMap<EvidenceFiles, OfferedRun>();
export function offeredRun(repositoryId: number, facts: RunFacts, files: EvidenceFiles): OfferedRun {
  let run = known.get(files);
  if (run === undefined) known.set(files, (run = offeredAnew(repositoryId, facts, files)));
  return run;
}
function offeredAnew(repositoryId: number, facts: RunFacts, files: EvidenceFiles): OfferedRun {`,
  },
  {
    file: "domain/evidence/accept-run.ts",
    from: "export function acceptRun(offered: OfferedRun): Acceptance {",
    to: `const known = new WeakMap<OfferedRun, Acceptance>();
export function acceptRun(offered: OfferedRun): Acceptance {
  let acceptance = known.get(offered);
  if (acceptance === undefined) known.set(offered, (acceptance = acceptAnew(offered)));
  return acceptance;
}
function acceptAnew(offered: OfferedRun): Acceptance {`,
  },
];

const source = join(import.meta.dirname, "..", "..", "src");

/** From now on, modules are loaded with these patches. Each must stand exactly once in its file: a patch that no longer fits is an error, not nothing. */
export function patchModules(patches: readonly Patch[]): void {
  const texts = new Map<string, string>();
  for (const { file, from, to } of [withoutPauses, ...readOnce, ...patches]) {
    const path = join(source, file);
    const text = texts.get(path) ?? readFileSync(path, "utf8");
    const times = text.split(from).length - 1;
    if (times !== 1) throw new Error(`src/${file} holds ${times} times what is to be replaced, not once:\n${from}`);
    texts.set(
      path,
      text.replace(from, () => to),
    );
  }
  registerHooks({
    load(url, context, next) {
      const text = url.startsWith("file:") ? texts.get(fileURLToPath(url)) : undefined;
      return text === undefined ? next(url, context) : { format: "module-typescript", source: text, shortCircuit: true };
    },
  });
}
