import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "#test/support/run-entry.ts";

/** A workflow of docs/action.md as a reader would copy it, with the commits and the App's address that are theirs to fill in. */
export function documentedWorkflow(name: string, { slipway, appUrl }: { readonly slipway: string; readonly appUrl: string }): string {
  const page = readFileSync(join(projectFolder, "docs/action.md"), "utf8");
  const block = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text).find((text) => text.includes(name));
  if (block === undefined) throw new Error(`docs/action.md has no workflow ${name}`);
  const [pin = ""] =
    /(?<=actions\/checkout@)[0-9a-f]{40}/.exec(readFileSync(join(projectFolder, ".github/workflows/evaluate.yml"), "utf8")) ?? [];
  return block
    .replaceAll("actions/checkout@<commit>", `actions/checkout@${pin}`)
    .replaceAll("@<commit>", `@${slipway}`)
    .replaceAll("https://slipway.acme.dev", appUrl);
}
