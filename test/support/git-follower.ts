import { z } from "zod";
import { manifestsFolder } from "#domain/environment/paths.ts";
import { type Digest, digestSchema } from "#domain/model/names.ts";
import { parseYamlDocuments } from "#domain/text/parse-yaml-documents.ts";
import type { TestWorld } from "#test/support/world.ts";
import { production, ranker } from "#test/support/world-texts.ts";

const routeSchema = z.object({
  kind: z.literal("HTTPRoute"),
  spec: z.object({ rules: z.tuple([z.object({ backendRefs: z.array(z.object({ name: z.string(), weight: z.number() })) })]) }),
});
const deploymentSchema = z.object({
  kind: z.literal("Deployment"),
  metadata: z.object({ name: z.string(), annotations: z.object({ "slipway.dev/digest": digestSchema }) }),
});

export interface ServedBackend {
  readonly digest: Digest | undefined;
  readonly weight: number;
}

/** What the manifests in Git say is served: every backend of the route, with the digest of its Deployment. */
export function backendsInGit(files: ReadonlyMap<string, string>): readonly ServedBackend[] {
  const documents = [...files].filter(([path]) => path.endsWith(".yaml")).flatMap(([path, text]) => valuesIn(text, path));
  const digests = new Map(
    documents.flatMap((value) => {
      const parsed = deploymentSchema.safeParse(value);
      return parsed.success ? [[parsed.data.metadata.name, parsed.data.metadata.annotations["slipway.dev/digest"]] as const] : [];
    }),
  );
  const route = documents.flatMap((value) => routeSchema.safeParse(value).data ?? [])[0];
  return (route?.spec.rules[0].backendRefs ?? []).map(({ name, weight }) => ({ digest: digests.get(name), weight }));
}

/** The cluster catches up with Git: it serves what the manifests say, all replicas ready. */
export async function followGit(testWorld: TestWorld): Promise<void> {
  const backends = backendsInGit(await ownedFiles(testWorld)).flatMap(({ digest, weight }) =>
    digest === undefined ? [] : [{ digest, weight, ready: 1, wanted: 1 }],
  );
  testWorld.cluster.show(ranker, production, { kind: "seen", accepted: true, backends });
}

/** The model's files on the default branch. */
export async function ownedFiles({ environments }: TestWorld): Promise<ReadonlyMap<string, string>> {
  const { entries } = await environments.snapshot();
  const folder = manifestsFolder(production, ranker);
  return new Map([...entries.keys()].filter((path) => path.startsWith(folder)).map((path) => [path, environments.text(path) ?? ""]));
}

function valuesIn(text: string, path: string): readonly unknown[] {
  const parsed = parseYamlDocuments(text, path);
  return parsed.kind === "documents" ? parsed.values : [];
}
