/**
 * Where a continuous function crosses 0 between two points at which its signs differ, to the last digits that the function has.
 *
 * Null when the signs do not differ. Deterministic: the same function gives the same bits. Reference: Brent 1973, chapter 4.
 */
export function rootBetween(low: number, high: number, f: (x: number) => number): number | null {
  let a = low;
  let b = high;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (Math.sign(fa) * Math.sign(fb) !== -1) return null;
  let c = a;
  let fc = fa;
  let before = b - a;
  let step = before;
  for (let round = 0; round < 300 && fb !== 0; round += 1) {
    if (Math.sign(fb) === Math.sign(fc)) {
      c = a;
      fc = fa;
      before = b - a;
      step = before;
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const tolerance = 2 * Number.EPSILON * Math.abs(b);
    const half = (c - b) / 2;
    if (Math.abs(half) <= tolerance) return b;
    const guess = Math.abs(before) >= tolerance && Math.abs(fa) > Math.abs(fb) ? interpolated(a, b, c, fa, fb, fc) : null;
    const useful = guess !== null && 2 * Math.abs(guess) < Math.min(3 * Math.abs(half) - tolerance, Math.abs(before)) && guess * half > 0;
    before = useful ? step : half;
    step = useful ? guess : half;
    a = b;
    fa = fb;
    b += Math.abs(step) > tolerance ? step : Math.sign(half) * Math.max(tolerance, Number.MIN_VALUE);
    fb = f(b);
  }
  return b;
}

/** The step from b that a straight line, or a parabola in f through three points, suggests. */
function interpolated(a: number, b: number, c: number, fa: number, fb: number, fc: number): number {
  const s = fb / fa;
  if (a === c) return (-(c - b) * s) / (1 - s);
  const q = fa / fc;
  const r = fb / fc;
  const p = s * ((c - b) * q * (q - r) - (b - a) * (r - 1));
  return p / -((q - 1) * (r - 1) * (s - 1));
}
