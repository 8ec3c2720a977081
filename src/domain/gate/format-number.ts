/** A number for people, without the noise of binary fractions: 0.02 * 100 is "2", and 1e-7 keeps its exponent. */
export function formatNumber(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** A share as people read it, to a tenth of a percent. */
export function formatPercent(share: number): string {
  return `${formatNumber(Number((100 * share).toFixed(1)))}%`;
}
