// What a push is about, known before it is applied: the ref that it moves, and where the ref stands.
import { gitAnswer, noCommit } from "./git.ts";

/** `refs/heads/main after live 5` (the release's step, else the commit's subject), `refs/heads/topic new`; of several refs the first. Empty where the bytes are no push. */
export async function pushKey(folder: string, body: Buffer): Promise<string> {
  // The first command of git's protocol: four hexadecimal digits of length, then "old new ref", then a zero byte and capabilities.
  const [, before = "", ref = ""] =
    /^[0-9a-f]{4}([0-9a-f]{40}) [0-9a-f]{40} ([^\0\n]+)/.exec(body.subarray(0, 1024).toString("latin1")) ?? [];
  if (ref === "") return "";
  if (before === noCommit) return `${ref} new`;
  const format = "--format=%(trailers:key=Slipway-Step,valueonly,separator=%x2C)%n%s";
  const [step = "", subject = ""] = ((await gitAnswer(folder, ["log", "-1", format, before])) ?? "").split("\n");
  return `${ref} after ${step === "" ? subject : step}`;
}
