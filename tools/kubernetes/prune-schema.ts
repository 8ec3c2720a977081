import { z } from "zod";

export const schemaRecord = z.record(z.string(), z.unknown());
export type Schema = z.infer<typeof schemaRecord>;

const kept = ["enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"] as const;
const list = z.array(z.unknown());
const names = z.array(z.string());

/** The part of a schema that the values reach; a field that it does not know is an error, and what it holds no other field may. */
export function pruned(schema: Schema, values: readonly unknown[], definitions: Readonly<Record<string, Schema>>, path: string): Schema {
  const { $ref } = schema;
  if (typeof $ref === "string") {
    const target = definitions[$ref.slice($ref.lastIndexOf("/") + 1)];
    if (target === undefined) throw new Error(`${path}: ${$ref} is not defined`);
    return pruned(target, values, definitions, path);
  }
  if (schema["x-kubernetes-int-or-string"] === true || schema["format"] === "int-or-string") return { type: ["integer", "string"] };
  const rules = Object.fromEntries(kept.flatMap((rule) => (schema[rule] === undefined ? [] : [[rule, schema[rule]]])));
  if (schema["type"] === "array") {
    const items = schemaRecord.parse(schema["items"]);
    return {
      type: "array",
      ...rules,
      items: pruned(
        items,
        values.flatMap((value) => list.parse(value)),
        definitions,
        `${path}[]`,
      ),
    };
  }
  const properties = schemaRecord.safeParse(schema["properties"]).data;
  if (properties === undefined) {
    const extra = schemaRecord.safeParse(schema["additionalProperties"]).data;
    return {
      ...(schema["type"] !== undefined && { type: schema["type"] }),
      ...rules,
      ...(extra !== undefined && { additionalProperties: { type: extra["type"] } }),
    };
  }
  return { ...fieldsOf(properties, schema, values, definitions, path), ...rules };
}

function fieldsOf(
  properties: Schema,
  schema: Schema,
  values: readonly unknown[],
  definitions: Readonly<Record<string, Schema>>,
  path: string,
): Schema {
  const objects = values.map((value) => schemaRecord.parse(value));
  const required = names.safeParse(schema["required"]).data ?? [];
  const used = [...new Set([...objects.flatMap((value) => Object.keys(value)), ...required])].toSorted();
  const fields = used.map((name): [string, Schema] => {
    const inside = schemaRecord.safeParse(properties[name]).data;
    if (inside === undefined) throw new Error(`${path} has no field ${name}`);
    const here = objects.flatMap((value) => (name in value ? [value[name]] : []));
    return [name, pruned(inside, here, definitions, `${path}.${name}`)];
  });
  return {
    type: "object",
    properties: Object.fromEntries(fields),
    additionalProperties: false,
    ...(required.length > 0 && { required }),
  };
}
