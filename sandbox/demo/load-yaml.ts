import { load } from "js-yaml";

/** Reads YAML with a parser of its own, so that the demo does not believe Slipway's reader about what Slipway wrote. */
export function loadYaml(text: string): unknown {
  return load(text);
}
