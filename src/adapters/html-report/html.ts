import { printableText } from "#domain/text/printable-text.ts";

/** Text that is HTML already. A plain string becomes HTML only by being escaped; nothing else leaves a template. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | null | readonly Html[];

const longestText = 4_000;

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A template of HTML whose values are escaped for text and for attributes in quotes; `null` writes nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const written = parts.map((part, index) => (index === 0 ? part : `${textOf(values[index - 1] ?? null)}${part}`));
  return new Html(written.join(""));
}

function textOf(value: Value): string {
  if (value === null) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("\n");
  return printableText(String(value), longestText).replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}
