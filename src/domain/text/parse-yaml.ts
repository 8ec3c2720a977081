import { CORE_SCHEMA, constructFromEvents, EVENT_ID, type Event, parseEvents, YAMLException } from "js-yaml";
import { indexNodes, type NodePlace, pathKey } from "./node-index.ts";
import type { Problem } from "./problem.ts";
import { type Position, positionsIn } from "./source-positions.ts";

export interface ParsedYaml {
  /** Undefined when there are errors. */
  readonly value: unknown;
  readonly errors: readonly Problem[];
  /** Where the value at the path stands, or undefined when the file does not spell that path out. */
  readonly locate: (path: readonly (string | number)[]) => Position | undefined;
  /** Where the key that names the value stands; for list items and the root, where the value stands. */
  readonly locateKey: (path: readonly (string | number)[]) => Position | undefined;
}

/** Files that people write are a few kilobytes; GitHub's contents API stops at 1 MB as well. */
const maxLength = 1_048_576;
const maxDepth = 50;

/**
 * Reads one YAML 1.2 document with the core schema: no custom tags, no merge keys, no dates, no duplicate keys, bounded aliases.
 * Never throws for what stands in the text.
 */
export function parseYaml(text: string, file: string): ParsedYaml {
  const position = positionsIn(text);
  const refused = (offset: number, message: string): ParsedYaml => failed([{ file, ...position(offset), path: [], message }]);

  if (text.length > maxLength) return refused(0, `the file is larger than ${maxLength} characters`);
  try {
    const events = parseEvents(text, { filename: file, maxDepth });
    const second = secondDocument(events);
    if (events.length === 0) return refused(0, "the file is empty");
    if (second) return refused(0, "the file holds more than one YAML document; one is expected");

    const index = indexNodes(events, text);
    if (index.faults.length > 0)
      return failed(index.faults.map(({ offset, message }) => ({ file, ...position(offset), path: [], message })));

    const [value] = constructFromEvents(events, { source: text, filename: file, schema: CORE_SCHEMA });
    const find = (path: readonly (string | number)[], pick: (place: NodePlace) => number): Position | undefined => {
      const place = index.places.get(pathKey(path));
      return place === undefined ? undefined : position(pick(place));
    };
    return {
      value,
      errors: [],
      locate: (path) => find(path, (place) => place.value),
      locateKey: (path) => find(path, (place) => place.key ?? place.value),
    };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return refused(error.mark?.position ?? 0, `not valid YAML: ${error.reason}`);
  }
}

function secondDocument(events: readonly Event[]): boolean {
  return events.filter((event) => event.type === EVENT_ID.DOCUMENT).length > 1;
}

function failed(errors: readonly Problem[]): ParsedYaml {
  return { value: undefined, errors, locate: () => undefined, locateKey: () => undefined };
}
