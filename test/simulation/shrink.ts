import type { History, Step } from "./step.ts";

/** Enough for a history of thirty steps; what it leaves is short, not shortest. */
const enoughTries = 600;

/** A shorter and plainer history of which `fails` still holds: steps left out, then faults, webhooks' troubles and wrong clocks. */
export async function shrink(history: History, fails: (smaller: History) => Promise<boolean>, mostTries = enoughTries): Promise<History> {
  let best = history;
  let tries = 0;
  const better = async (smaller: History): Promise<boolean> => {
    if (tries >= mostTries) return false;
    tries += 1;
    if (!(await fails(smaller))) return false;
    best = smaller;
    return true;
  };
  for (let before: History | undefined; before !== best; ) {
    before = best;
    for (let size = Math.max(1, best.steps.length >> 1); size >= 1; size >>= 1) {
      for (let from = best.steps.length - size; from >= 0; from -= 1) {
        await better({ ...best, steps: [...best.steps.slice(0, from), ...best.steps.slice(from + size)] });
      }
    }
    for (const [index, step] of best.steps.entries()) {
      for (const plain of plainer(step)) if (await better({ ...best, steps: best.steps.with(index, plain) })) break;
    }
    if (best.setting.skew.some((wrong) => wrong !== 0)) await better({ ...best, setting: { ...best.setting, skew: [0, 0] } });
    if (best.setting.policy !== 0) await better({ ...best, setting: { ...best.setting, policy: 0 } });
    if (best.setting.environments !== "one") await better({ ...best, setting: { ...best.setting, environments: "one" } });
  }
  return best;
}

function plainer(step: Step): readonly Step[] {
  if ("fault" in step && step.fault !== null) return [{ ...step, fault: null }];
  if (step.is !== "people") return [];
  const { kind, fault } = step.delivery;
  const plain = { kind: "at once", replica: 0, fault: null } as const;
  return kind === "at once" && fault === null
    ? []
    : [
        { ...step, delivery: plain },
        { ...step, delivery: { ...step.delivery, fault: null } },
      ];
}
