import { type ModelName, modelNameSchema } from "#domain/model/names.ts";

/** The value of `--model`; null when it was not given. */
export function optionalModel(word: string | undefined): ModelName | null | "invalid" {
  if (word === undefined) return null;
  const parsed = modelNameSchema.safeParse(word);
  return parsed.success ? parsed.data : "invalid";
}
