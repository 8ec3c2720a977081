import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { remembered } from "./remembered.ts";

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

const source = join(import.meta.dirname, "..", "..", "src");

/** From now on, modules are loaded with these patches. Each must stand exactly once in its file: a patch that no longer fits is an error, not nothing. */
export function patchModules(patches: readonly Patch[]): void {
  const texts = new Map<string, string>();
  for (const { file, from, to } of [withoutPauses, ...remembered, ...patches]) {
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
