import { markdownCode, markdownCodeBlock } from "./markdown-code.ts";
import { markdownLink } from "./markdown-link.ts";
import { markdownText } from "./markdown-text.ts";
import { yamlScalar } from "./yaml-scalar.ts";

export type Value = string | number | boolean;

/** What a template writes: how its values are escaped, and the helpers that may write a value in another way. */
export interface OutputType {
  readonly name: "markdown" | "yaml";
  readonly escape: (value: Value) => string;
  /** By name; each is given exactly as many values as it has parameters. */
  readonly helpers: Readonly<Record<string, (...values: readonly string[]) => string>>;
}

export function markdownOutput(github: URL): OutputType {
  return {
    name: "markdown",
    escape: (value) => markdownText(String(value)),
    helpers: {
      code: (text = "") => markdownCode(text),
      block: (text = "") => markdownCodeBlock(text),
      link: (text = "", address = "") => markdownLink(text, address, github),
    },
  };
}

export const yamlOutput: OutputType = { name: "yaml", escape: yamlScalar, helpers: {} };
