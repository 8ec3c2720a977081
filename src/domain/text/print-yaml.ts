import { DUMP_SCHEMA, dump, SCALAR_STYLE, type ScalarLayout } from "js-yaml";

/**
 * Prints a JSON value as YAML: equal values give equal bytes, and every YAML 1.1 or 1.2 reader reads the same back.
 * Text that a reader could take for something else (`no`, `007`, `2026-11-20`) is double-quoted and stays on one line; no anchors.
 */
export function printYaml(value: unknown): string {
  return dump(plainJson(value, "$"), { schema: DUMP_SCHEMA, noRefs: true, lineWidth: -1, scalarStyleRules: [plainOrDoubleQuoted] });
}

/** Narrower than YAML needs: starts with a letter, has no character with a meaning in YAML, no word that any version reads as a value. */
const safePlainText = /^[A-Za-z][\w./@+-]*$/;
const wordsWithMeaning = new Set(["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"]);

function plainOrDoubleQuoted(layout: ScalarLayout): void {
  if (!layout.node.tag.endsWith("str")) return;
  const { value } = layout.node;
  const plain = safePlainText.test(value) && !wordsWithMeaning.has(value.toLowerCase());
  layout.style = plain ? SCALAR_STYLE.PLAIN : SCALAR_STYLE.DOUBLE_QUOTED;
}

/** A key without a value is left out, as in JSON; what JSON cannot say is a fault of the caller and must not reach Git. */
function plainJson(value: unknown, where: string): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new UnprintableValue(where, String(value));
    return Object.is(value, -0) ? 0 : value;
  }
  if (Array.isArray(value)) return value.map((item, index) => plainJson(item, `${where}[${index}]`));
  if (typeof value === "object" && (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, plainJson(item, `${where}.${key}`)]])),
    );
  }
  throw new UnprintableValue(where, typeof value === "object" ? value.constructor.name : typeof value);
}

class UnprintableValue extends Error {
  override readonly name = "UnprintableValue";
  constructor(where: string, what: string) {
    super(`${where} is ${what}, which YAML that other programs read cannot hold`);
  }
}
