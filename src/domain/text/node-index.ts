import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from "js-yaml";

/** Where a node stands: its value, and the key that names it when it is an entry of a mapping. */
export interface NodePlace {
  readonly value: number;
  readonly key: number | undefined;
}

export interface NodeIndex {
  /** Keyed by `pathKey`. */
  readonly places: ReadonlyMap<string, NodePlace>;
  readonly faults: readonly { readonly offset: number; readonly message: string }[];
}

/** A hundred bytes of nested aliases can stand for more nodes than memory holds; what people write is far below this. */
const maxNodesWithAliases = 100_000;

type Path = readonly (string | number)[];
interface Anchor {
  size: number;
  open: boolean;
}
interface Frame {
  readonly kind: "document" | "sequence" | "mapping";
  readonly path: Path;
  readonly start: number;
  readonly anchor: Anchor | undefined;
  readonly keys: Set<string>;
  pendingKey: { readonly name: string | undefined; readonly offset: number } | undefined;
  items: number;
  size: number;
}

export function pathKey(path: Path): string {
  return JSON.stringify(path.map(String));
}

/** Walks js-yaml's flat event stream once: finds every node's place, and refuses duplicate keys, alias bombs and alias loops. */
export function indexNodes(events: readonly Event[], source: string): NodeIndex {
  const places = new Map<string, NodePlace>();
  const faults: { offset: number; message: string }[] = [];
  const anchors = new Map<string, Anchor>();
  const stack: Frame[] = [];
  let total = 0;

  const placeValue = (parent: Frame, offset: number): Path => {
    if (parent.kind === "document") {
      places.set(pathKey([]), { value: offset, key: undefined });
      return [];
    }
    if (parent.kind === "sequence") {
      const path = [...parent.path, parent.items++];
      places.set(pathKey(path), { value: offset < 0 ? parent.start : offset, key: undefined });
      return path;
    }
    const key = parent.pendingKey;
    parent.pendingKey = undefined;
    const path = [...parent.path, key?.name ?? "?"];
    const place = { value: offset < 0 ? (key?.offset ?? parent.start) : offset, key: key?.offset };
    if (!places.has(pathKey(path))) places.set(pathKey(path), place);
    return path;
  };
  const takeKey = (parent: Frame, name: string | undefined, offset: number): void => {
    parent.pendingKey = { name, offset };
    if (name === undefined) faults.push({ offset, message: "a key must be plain text, not a list, an object or an alias" });
    else if (parent.keys.has(name)) faults.push({ offset, message: `duplicate key ${JSON.stringify(name)}: it is already set above` });
    else parent.keys.add(name);
  };
  const isKeyPosition = (parent: Frame): boolean => parent.kind === "mapping" && parent.pendingKey === undefined;
  const count = (parent: Frame, size: number, offset: number): void => {
    parent.size += size;
    if (total <= maxNodesWithAliases && total + size > maxNodesWithAliases)
      faults.push({ offset, message: `too many values once aliases are expanded (more than ${maxNodesWithAliases})` });
    total += size;
  };

  for (const event of events) {
    const parent = stack.at(-1);
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        anchors.clear();
        stack.push(frame("document", [], 0, undefined));
        break;
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        if (parent === undefined) break;
        let path: Path = [...parent.path, "?"];
        if (isKeyPosition(parent)) takeKey(parent, undefined, event.start);
        else path = placeValue(parent, event.start);
        const anchor = anchorOf(event.anchorStart, event.anchorEnd, source, anchors);
        stack.push(frame(event.type === EVENT_ID.SEQUENCE ? "sequence" : "mapping", path, event.start, anchor));
        break;
      }
      case EVENT_ID.SCALAR: {
        if (parent === undefined) break;
        const offset = scalarStart(event, source);
        const anchor = anchorOf(event.anchorStart, event.anchorEnd, source, anchors);
        if (anchor !== undefined) Object.assign(anchor, { size: 1, open: false });
        if (isKeyPosition(parent)) takeKey(parent, getScalarValue(source, event), offset < 0 ? parent.start : offset);
        else placeValue(parent, offset);
        count(parent, 1, offset);
        break;
      }
      case EVENT_ID.ALIAS: {
        if (parent === undefined) break;
        const offset = event.anchorStart - 1;
        const name = source.slice(event.anchorStart, event.anchorEnd);
        const anchor = anchors.get(name);
        if (anchor?.open === true) faults.push({ offset, message: `alias *${name} stands inside of what it names` });
        if (isKeyPosition(parent)) takeKey(parent, undefined, offset);
        else placeValue(parent, offset);
        count(parent, anchor?.size ?? 1, offset);
        break;
      }
      case EVENT_ID.POP: {
        const closed = stack.pop();
        const outer = stack.at(-1);
        if (closed === undefined || outer === undefined) break;
        outer.size += closed.size;
        if (closed.anchor !== undefined) Object.assign(closed.anchor, { size: closed.size, open: false });
        break;
      }
    }
  }
  return { places, faults };
}

function frame(kind: Frame["kind"], path: Path, start: number, anchor: Anchor | undefined): Frame {
  return { kind, path, start, anchor, keys: new Set(), pendingKey: undefined, items: 0, size: 1 };
}

function anchorOf(start: number, end: number, source: string, anchors: Map<string, Anchor>): Anchor | undefined {
  if (start < 0) return undefined;
  const anchor = { size: 1, open: true };
  anchors.set(source.slice(start, end), anchor);
  return anchor;
}

/** js-yaml gives the range inside the quotes; people look for the quote. -1 when the value was left out. */
function scalarStart(scalar: ScalarEvent, source: string): number {
  const quoted = scalar.style === SCALAR_STYLE.SINGLE_QUOTED || scalar.style === SCALAR_STYLE.DOUBLE_QUOTED;
  if (quoted) return scalar.valueStart - 1;
  const block = scalar.style === SCALAR_STYLE.LITERAL_BLOCK || scalar.style === SCALAR_STYLE.FOLDED_BLOCK;
  return block ? blockHeader(scalar.valueStart, source) : scalar.valueStart;
}

/** The `|` or `>` that opens a block, which stands on the line before its text. */
function blockHeader(valueStart: number, source: string): number {
  const header = Math.max(source.lastIndexOf("|", valueStart - 1), source.lastIndexOf(">", valueStart - 1));
  return header < 0 ? valueStart : header;
}
