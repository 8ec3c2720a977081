import { loginSchema } from "#domain/model/names.ts";
import type { CheckAction } from "#domain/report/check-actions.ts";
import type { Click } from "#flows/answer-click.ts";
import { judged } from "#test/support/judging.ts";
import type { Death } from "#test/support/killable.ts";
import type { Pull, TestWorld } from "#test/support/world.ts";

type Verb = CheckAction["command"]["kind"];

/** What GitHub tells of a click on a button that the check shows. */
export async function clickOn(w: TestWorld, pull: Pull, verb: Verb, by = "lee"): Promise<Click> {
  await judged(w, pull);
  const shown = w.reports.checkOf(pull.head)?.actions ?? [];
  const button = shown.find(({ identifier }) => identifier.startsWith(`${verb}:`));
  if (button === undefined) throw new Error(`no button ${verb} among ${shown.map(({ label }) => label).join(", ")}`);
  return { check: 9, head: pull.head, action: button.identifier, by: loginSchema.parse(by), pullRequests: [pull.number] };
}

export const answersTo = (w: TestWorld, { check, action, by }: Click) => w.conversation.answersTo(`check ${check} ${action} ${by}`);
export const labels = (w: TestWorld, pull: Pull) => (w.reports.checkOf(pull.head)?.actions ?? []).map(({ label }) => label);

/** Wherever the process may die while it carries out a click. */
export const deaths = [1, 2].flatMap((write) => (["before", "after"] as const).map((when): Death => ({ write, when })));
