import type { Random } from "#domain/statistics/random.ts";

/** What the values of one evaluation look like, each with mean 1. */
export type Shape = "normal" | "skewed" | "70 % zeros";
export const shapes = ["normal", "skewed", "70 % zeros"] as const satisfies readonly Shape[];

/** Draws of mean 1: normal with standard deviation 1; exponential, skewness 2; or 0 in 70 % and normal around 10/3 else. */
export function drawn(random: Random, shape: Shape, count: number): number[] {
  if (shape === "skewed") return Array.from({ length: count }, () => -Math.log(1 - random.share()));
  const normal = normalDraws(random);
  if (shape === "normal") return Array.from({ length: count }, () => 1 + normal());
  return Array.from({ length: count }, () => (random.share() < 0.7 ? 0 : 10 / 3 + normal()));
}

/** The value that 90 % of such draws do not exceed. */
export function ninetyPercentOf(shape: Shape, normalQuantile: (probability: number) => number): number {
  if (shape === "normal") return 1 + normalQuantile(0.9);
  if (shape === "skewed") return -Math.log(0.1);
  return 10 / 3 + normalQuantile((0.9 - 0.7) / 0.3);
}

/** Standard normal draws, two at a time. Reference: Box and Muller 1958. */
function normalDraws(random: Random): () => number {
  let kept: number | null = null;
  return () => {
    if (kept !== null) {
      const next = kept;
      kept = null;
      return next;
    }
    const length = Math.sqrt(-2 * Math.log(1 - random.share()));
    const angle = 2 * Math.PI * random.share();
    kept = length * Math.sin(angle);
    return length * Math.cos(angle);
  };
}
