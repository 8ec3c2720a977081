/** The Action's entry: `action.ts evaluate | notify | conclude`, each a step of action/action.yml. */
import { error } from "@actions/core";
import { WrongCheckout } from "#adapters/actions-runner/checked-out.ts";
import { FolderNotOurs } from "#adapters/workspace/write-whole.ts";
import { ActionError } from "./action/action-io.ts";
import { conclude } from "./action/conclude.ts";
import { notify } from "./action/notify.ts";

const steps: Readonly<Record<string, (environment: NodeJS.ProcessEnv) => Promise<void>>> = {
  // The engine takes longer to load than everything else together, and the other steps do not need it.
  evaluate: async (environment) => (await import("./action/evaluate.ts")).evaluate(environment),
  notify,
  conclude,
};

const wrongUsage = 64;
const [word = "", ...more] = process.argv.slice(2);
const step = Object.hasOwn(steps, word) ? steps[word] : undefined;

if (step === undefined || more.length > 0) {
  process.stderr.write(`usage: node src/entry/action.ts ${Object.keys(steps).join(" | ")}\n`);
  process.exitCode = wrongUsage;
} else {
  try {
    await step(process.env);
  } catch (fault) {
    const expected = fault instanceof ActionError || fault instanceof WrongCheckout || fault instanceof FolderNotOurs;
    const message = fault instanceof Error ? fault.message : String(fault);
    error(expected ? message : `Slipway could not do its work: ${message}`, { title: "Slipway" });
    if (!expected && fault instanceof Error) process.stderr.write(`${fault.stack ?? ""}\n`);
    process.exitCode = 1;
  }
}
