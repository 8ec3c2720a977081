/**
 * A scalar that YAML 1.1 and 1.2 readers alike read back as this very value: text always in JSON's double quotes, so that none of it
 * is taken for a key, a date, a number or `no`; a number always one that YAML 1.1 takes for a number as well.
 */
export function yamlScalar(value: string | number | boolean): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return yamlNumber(value);
  if (!value.isWellFormed()) throw new RangeError("holds half of a surrogate pair, which YAML cannot hold");
  return JSON.stringify(value).replaceAll(notPrintable, escaped);
}

/** JSON leaves these as they are; YAML takes some for line breaks, forbids others, and people cannot see the rest. */
const notPrintable = /[\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** YAML 1.1 wants a point and a signed exponent in a float: 1e+21 is text to it. */
function yamlNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError("is no finite number");
  const text = JSON.stringify(value);
  return /^-?\d+e/.test(text) ? text.replace("e", ".0e") : text;
}
