/**
 * Half-width of the interval of a mean difference when not one unit differs (the rule of three, scaled).
 *
 * `range * (1 - (alpha/2)^(1/n))`: were the share of units that differ any larger, seeing none in n would have probability below
 * alpha/2, and a unit that differs moves by the metric's range at most. Assumes independent units and a bounded metric.
 * Units: the metric's. Reference: Hanley and Lippman-Hand 1983, exact form.
 */
export function zeroDifferenceHalfWidth(units: number, range: number, confidence: number): number {
  return range * (1 - ((1 - confidence) / 2) ** (1 / units));
}
