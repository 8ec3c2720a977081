/**
 * The sum of the values, rounded once: exact whatever their order, so a report's bytes do not depend on the order of units.
 *
 * Assumes finite values whose partial sums do not overflow. Reference: Shewchuk 1997, "Adaptive precision floating-point
 * arithmetic", as in Python's math.fsum.
 */
export function exactSum(values: Iterable<number>): number {
  const numbers: ArrayLike<number> = Array.isArray(values) || values instanceof Float64Array ? values : [...values];
  const quick = provenSum(numbers);
  if (quick !== null) return quick;
  const partials: number[] = [];
  for (let index = 0; index < numbers.length; index += 1) addTo(partials, numbers[index] ?? Number.NaN);
  return roundedTotal(partials);
}

/**
 * The rounded sum by two levels of compensation, twenty times faster; null when what the second level may have lost could change the
 * rounding. Reference: Klein 2006, "A generalized Kahan-Babuška-summation-algorithm".
 */
function provenSum(numbers: ArrayLike<number>): number | null {
  let sum = 0;
  let errors = 0;
  let rest = 0;
  let restSize = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    const value = numbers[index] ?? Number.NaN;
    const next = sum + value;
    const error = lostIn(next, sum, value);
    sum = next;
    const nextErrors = errors + error;
    const left = lostIn(nextErrors, errors, error);
    errors = nextErrors;
    rest += left;
    restSize += Math.abs(left);
  }
  const high = sum + errors;
  const low = lostIn(high, sum, errors) + rest;
  const lost = (Math.abs(low) + numbers.length * restSize) * Number.EPSILON;
  const total = high + low;
  return high + (low - lost) === total && high + (low + lost) === total ? total : null;
}

/** What rounding `a + b` to `sum` lost, exactly, whichever is larger. Reference: Knuth, TAOCP 2, section 4.2.2. */
function lostIn(sum: number, a: number, b: number): number {
  const bAsAdded = sum - a;
  return a - (sum - bAsAdded) + (b - bAsAdded);
}

/** Adds a value to non-overlapping partial sums, smallest first. */
function addTo(partials: number[], value: number): void {
  let x = value;
  let kept = 0;
  for (let index = 0; index < partials.length; index += 1) {
    let y = partials[index] ?? 0;
    if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
    const high = x + y;
    const low = y - (high - x);
    if (low !== 0) {
      partials[kept] = low;
      kept += 1;
    }
    x = high;
  }
  partials.length = kept;
  partials.push(x);
}

/** Adds the partial sums from the largest down and rounds half to even across them. */
function roundedTotal(partials: readonly number[]): number {
  let index = partials.length - 1;
  let high = partials[index] ?? 0;
  let low = 0;
  while (index > 0) {
    index -= 1;
    const x = high;
    const y = partials[index] ?? 0;
    high = x + y;
    low = y - (high - x);
    if (low !== 0) break;
  }
  const next = partials[index - 1] ?? 0;
  if (index > 0 && ((low < 0 && next < 0) || (low > 0 && next > 0))) {
    const doubled = low * 2;
    const rounded = high + doubled;
    if (doubled === rounded - high) high = rounded;
  }
  return high;
}
