import { codeRules } from "./code-rules.ts";
import { layerRules } from "./layer-rules.ts";
import { portRules } from "./port-rules.ts";
import { purityRule } from "./purity-rule.ts";
import type { Rule } from "./source-file.ts";
import { textRules } from "./text-rules.ts";

/** All that guards the house; each one is shown to bite in rules-bite.test.ts. */
export const houseRules: readonly Rule[] = [...layerRules, purityRule, ...portRules, ...codeRules, ...textRules];
