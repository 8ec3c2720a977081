import { checkDefinition } from "#domain/model/definition-rules.ts";
import { modelDefinitionSchema } from "#domain/model/model-definition.ts";
import { repositoryFileSchema } from "#domain/model/repository-file.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { checkPolicy } from "#domain/policy/policy-rules.ts";
import { policyTestSchema } from "#domain/policy/policy-test-file.ts";
import { nearest } from "#domain/text/nearest.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import { parseYaml } from "#domain/text/parse-yaml.ts";
import type { Problem } from "#domain/text/problem.ts";
import type { Documents, NamedDocument } from "#ports/documents.ts";

export const documentKinds = ["Model", "Policy", "PolicyTest", "Repository"] as const;
export type DocumentKind = (typeof documentKinds)[number];

export interface ValidatedDocument {
  readonly file: string;
  /** null when the file does not say, or could not be read. */
  readonly kind: DocumentKind | null;
  readonly problems: readonly Problem[];
}

/** Reads files that people write for Slipway and says everything that is wrong with them. */
export async function validateModels(documents: Documents, paths: readonly string[]): Promise<readonly ValidatedDocument[]> {
  const found = await documents.read(paths);

  return found.map(validated);
}

function validated(document: NamedDocument): ValidatedDocument {
  const { path: file } = document;
  if (document.kind === "unreadable") return { file, kind: null, problems: [problemAt(file, document.reason)] };
  const kind = kindOf(document.text, file);
  if (typeof kind !== "string") return { file, kind: null, problems: kind };
  return { file, kind, problems: problemsOf(kind, document.text, file) };
}

function problemsOf(kind: DocumentKind, text: string, file: string): readonly Problem[] {
  switch (kind) {
    case "Model": {
      const parsed = parseWithSchema(modelDefinitionSchema, text, file);
      return parsed.kind === "invalid"
        ? parsed.problems
        : [...folderName(parsed.value.name, file), ...checkDefinition(parsed.value, text, file)];
    }
    case "Policy": {
      const parsed = parseWithSchema(policySchema, text, file);
      return parsed.kind === "invalid" ? parsed.problems : checkPolicy(parsed.value, text, file);
    }
    case "PolicyTest": {
      const parsed = parseWithSchema(policyTestSchema, text, file);
      return parsed.kind === "invalid" ? parsed.problems : [];
    }
    case "Repository": {
      const parsed = parseWithSchema(repositoryFileSchema, text, file);
      return parsed.kind === "invalid" ? parsed.problems : [];
    }
  }
}

/** What the file says it is; where it says nothing, what its name says. */
function kindOf(text: string, file: string): DocumentKind | readonly Problem[] {
  const { value, errors, locate } = parseYaml(text, file);
  if (errors.length > 0) return errors;
  const written: unknown = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  const said = documentKinds.find((kind) => kind === written);
  if (said !== undefined) return said;
  const named = byName.find(([end]) => file === end || file.endsWith(`/${end}`))?.[1];
  if (named !== undefined) return named;
  const meant = typeof written === "string" ? nearest(written, documentKinds) : undefined;
  const wanted = `kind: expected one of ${documentKinds.join(", ")}`;
  const message =
    written === undefined
      ? `${wanted}, and there is none`
      : `${wanted}, found ${JSON.stringify(written)}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
  return [{ ...problemAt(file, message), ...locate(["kind"]), path: ["kind"] }];
}

const byName: readonly (readonly [string, DocumentKind])[] = [
  ["model.yaml", "Model"],
  ["policy.test.yaml", "PolicyTest"],
  ["policy.yaml", "Policy"],
  ["slipway.yaml", "Repository"],
];

/** In `models/` a folder has the name of its model; elsewhere there is no such rule. */
function folderName(name: string, file: string): readonly Problem[] {
  const [, folder] = /(?:^|\/)models\/([^/]+)\/model\.yaml$/.exec(file) ?? [];
  return folder === undefined || folder === name
    ? []
    : [{ ...problemAt(file, `the model is named ${name}, but it lies in models/${folder}/`), path: ["name"] }];
}

function problemAt(file: string, message: string): Problem {
  return { file, line: 1, column: 1, path: [], message };
}
