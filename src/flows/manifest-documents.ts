import type { ManifestDocument } from "#domain/manifest/adoptable.ts";
import type { CommitSha } from "#domain/model/names.ts";
import { parseYamlDocuments } from "#domain/text/parse-yaml-documents.ts";
import type { EnvironmentsRepository } from "#ports/environments-repository.ts";

/** The parsed documents of manifest files; or why one of them cannot be read. */
export async function manifestDocuments(
  environments: Pick<EnvironmentsRepository, "read">,
  commit: CommitSha,
  paths: readonly string[],
): Promise<readonly ManifestDocument[] | { readonly reason: string }> {
  const documents: ManifestDocument[] = [];
  for (const path of paths.filter((name) => /\.ya?ml$/.test(name))) {
    const text = await environments.read(commit, path);
    const parsed = parseYamlDocuments(text ?? "", path);
    if (parsed.kind === "invalid") return parsed;
    documents.push(...parsed.values.map((value) => ({ path, value })));
  }
  return documents;
}
