import type { $ZodType, $ZodTypes } from "zod/v4/core";

/** Every schema that may stand at one step below `schemas`: a union offers all of its options. */
export function schemasBelow(schemas: readonly $ZodType[], step: string | number): readonly $ZodType[] {
  return schemas.flatMap(plainShapes).flatMap((schema) => {
    const { def } = schema._zod;
    switch (def.type) {
      case "object": {
        const known = Object.hasOwn(def.shape, step) ? def.shape[step] : def.catchall;
        return known === undefined ? [] : [known];
      }
      case "array":
        return [def.element];
      case "tuple": {
        const item = def.items[Number(step)] ?? def.rest;
        return item === null || item === undefined ? [] : [item];
      }
      case "record":
        return [def.valueType];
      default:
        return [];
    }
  });
}

/** The keys that `owner` may have at this place, in the order in which the schema names them. */
export function keysOf(schemas: readonly $ZodType[], owner: unknown): readonly string[] {
  const keys = schemas
    .flatMap((schema) => optionsFor(schema, owner))
    .flatMap(plainShapes)
    .flatMap((schema) => {
      const { def } = schema._zod;
      return def.type === "object" ? Object.keys(def.shape) : [];
    });
  return [...new Set(keys)];
}

/** The options of the unions at this place, in the order in which an `invalid_union` issue lists its errors. */
export function unionOptions(schemas: readonly $ZodType[]): readonly $ZodType[] {
  return schemas.flatMap((schema) => {
    const bare = unwrapped(schema);
    return bare._zod.def.type === "union" ? bare._zod.def.options : [];
  });
}

/** Where a key decides between the options (`kind`), only those that the owner's value chose. */
function optionsFor(schema: $ZodType, owner: unknown): readonly $ZodType[] {
  const { def } = unwrapped(schema)._zod;
  if (def.type !== "union" || !("discriminator" in def) || typeof def.discriminator !== "string") return [schema];
  const { discriminator } = def;
  const chosen = Object.entries(owner ?? {}).find(([key]) => key === discriminator)?.[1];
  const fitting = def.options.filter((option) => option._zod.propValues?.[discriminator]?.has(chosen));
  return fitting.length > 0 ? fitting : [schema];
}

/** Unions and intersections opened, wrappers taken off: what remains says itself what it holds. */
function plainShapes(schema: $ZodType): readonly $ZodTypes[] {
  const bare = unwrapped(schema);
  const { def } = bare._zod;
  if (def.type === "union") return def.options.flatMap(plainShapes);
  if (def.type === "intersection") return [def.left, def.right].flatMap(plainShapes);
  return [bare];
}

function unwrapped(schema: $ZodType): $ZodTypes {
  const known = asKnownSchema(schema);
  const { def } = known._zod;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "nonoptional":
    case "readonly":
    case "catch":
    case "success":
    case "promise":
      return unwrapped(def.innerType);
    case "pipe":
      return unwrapped(asKnownSchema(def.in)._zod.def.type === "transform" ? def.out : def.in);
    case "lazy":
      return unwrapped(def.getter());
    default:
      return known;
  }
}

/** zod types a nested schema as its base class; every schema that zod itself builds is one of the closed list `$ZodTypes`. */
function asKnownSchema(schema: $ZodType): $ZodTypes {
  return schema as $ZodTypes;
}
