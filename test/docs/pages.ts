import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "#test/support/run-entry.ts";

export interface Page {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Everything that a user reads: the README and the pages beside it. */
export const pages: readonly Page[] = [
  "README.md",
  ...readdirSync(join(projectFolder, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].map((path) => ({ path, text: readFileSync(join(projectFolder, path), "utf8") }));

export interface Example {
  readonly page: string;
  readonly kind: string;
  readonly text: string;
}

/** The YAML blocks that stand under a line `<!-- example: <kind> -->`. */
export const examples: readonly Example[] = pages.flatMap(({ path, text }) =>
  [...text.matchAll(/^<!-- example: (\S+) -->\n```yaml\n([\s\S]*?)^```$/gm)].map(([, kind = "", yaml = ""]) => ({
    page: path,
    kind,
    text: yaml,
  })),
);

/** The text without what is code: links and headings in there are none. */
export function prose(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, " "));
}
