import { CORE_SCHEMA, loadAll, YAMLException } from "js-yaml";

export type YamlDocuments =
  | { readonly kind: "documents"; readonly values: readonly unknown[] }
  | { readonly kind: "invalid"; readonly reason: string };

/** Files of Kubernetes are a few kilobytes. */
const maxLength = 1_048_576;
const limits = { schema: CORE_SCHEMA, maxDepth: 50, maxAliases: 100 } as const;

/** Reads a file of several YAML documents, as Kubernetes manifests are; empty ones are left out. */
export function parseYamlDocuments(text: string, file: string): YamlDocuments {
  if (text.length > maxLength) return { kind: "invalid", reason: `${file} is larger than ${maxLength} characters` };
  try {
    return {
      kind: "documents",
      values: loadAll(text, { ...limits, filename: file }).filter((value) => value !== null && value !== undefined),
    };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { kind: "invalid", reason: `${file} is not valid YAML: ${error.reason}` };
  }
}
