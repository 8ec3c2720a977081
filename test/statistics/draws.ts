import type { Random } from "#domain/statistics/random.ts";

/** What differences, shares and scores of one evaluation look like; each has the true mean that its name is drawn with. */
export type Shape = "normal" | "skewed" | "70 % zeros";
export const shapes = ["normal", "skewed", "70 % zeros"] as const satisfies readonly Shape[];

/** A draw of mean 1: normal with standard deviation 1; exponential, skewness 2; or 0 in 70 % and normal around 10/3 else. */
export function drawOfMeanOne(random: Random, shape: Shape): number {
  if (shape === "normal") return 1 + normalDraw(random);
  if (shape === "skewed") return -Math.log(1 - random.share());
  return random.share() < 0.7 ? 0 : 10 / 3 + normalDraw(random);
}

/** The value that a share q of such draws does not exceed; null where it is the 0 that 70 % of them are. */
export function trueQuantile(shape: Shape, q: number, normalQuantile: (p: number) => number): number | null {
  if (shape === "normal") return 1 + normalQuantile(q);
  if (shape === "skewed") return -Math.log(1 - q);
  return q <= 0.7 ? null : 10 / 3 + normalQuantile((q - 0.7) / 0.3);
}

/** A standard normal draw. Reference: Box and Muller 1958. */
export function normalDraw(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share());
}

/** Scores of two equally good models for rows of one label: a common part, an own part each, and 0 below a threshold for many zeros. */
export function scoresOf(random: Random, shape: Shape, positive: boolean): readonly [number, number] {
  const shared = (positive ? 1 : 0) + drawOfMeanOne(random, shape === "70 % zeros" ? "normal" : shape);
  const scores = [shared, shared].map((common) => common + 0.7 * normalDraw(random));
  const [first = 0, second = 0] = shape === "70 % zeros" ? scores.map((score) => Math.max(0, Math.round((score - 1.9) * 4))) : scores;
  return [first, second];
}
