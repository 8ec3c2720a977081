/** How much depends on a model: policy sets ceilings by it. */
export const tiers = ["critical", "standard", "experimental"] as const;
export type Tier = (typeof tiers)[number];
