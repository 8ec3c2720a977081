/** Numbers for people. Rounding happens here and nowhere else; a real minus sign keeps a number from being taken for a list or a range. */
const minus = "−";

/** How many decimals show two significant digits of a standard error; without one, four significant digits of the value. */
export function decimalsFor(value: number, standardError: number | null): number {
  const size = standardError !== null && standardError > 0 ? standardError : Math.abs(value) / 100;
  if (!(size > 0)) return 3;
  return Math.min(10, Math.max(0, 1 - Math.floor(Math.log10(size))));
}

export function formatFixed(value: number, decimals: number): string {
  return signed(value.toFixed(decimals), false);
}

/** A difference: always with its sign, which a difference that rounds to nothing does not have. */
export function formatChange(value: number, decimals: number): string {
  return signed(value.toFixed(decimals), true);
}

/** A number as a rule writes it, without the noise of binary fractions. */
export function formatPlain(value: number): string {
  return signed(String(Number(value.toPrecision(6))), false);
}

/** 99974 is 99,974. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

function signed(text: string, plus: boolean): string {
  const size = text.replace(/^-/, "");
  if (!/[1-9]/.test(size)) return size;
  if (text.startsWith("-")) return `${minus}${size}`;
  return plus ? `+${size}` : size;
}
