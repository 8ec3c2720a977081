import { type GateRule, normalGates } from "#domain/gate/gate.ts";
import { parseYaml } from "#domain/text/parse-yaml.ts";
import type { Position } from "#domain/text/source-positions.ts";

/**
 * Where model.yaml writes each of its gates, by the gate's id. A gate on every slice, judged once a slice as `<id> <slice>`, stands where it
 * is written; what the file does not spell out (a preset's gate, the policy's floor) stands at `gates`, else at the top.
 */
export function gatePlaces(
  { gates, dataset }: { readonly gates: readonly GateRule[]; readonly dataset: string },
  text: string,
  file: string,
): (id: string) => Position {
  const { locate, locateKey } = parseYaml(text, file);
  const written = normalGates(gates, { dataset }).map(({ id, slice }, index) => ({
    id,
    each: slice === "*",
    place: locate(["gates", index]),
  }));
  const otherwise = locateKey(["gates"]) ?? { line: 1, column: 1 };
  return (id) => written.find((gate) => gate.id === id || (gate.each && id.startsWith(`${gate.id} `)))?.place ?? otherwise;
}
