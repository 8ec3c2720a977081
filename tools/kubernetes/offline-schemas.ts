/**
 * `npx node tools/kubernetes/offline-schemas.ts`: cuts the published schemas of Kubernetes, Gateway API, KServe, Argo Rollouts, Flagger,
 * KEDA and the inference extension down to the fields that Slipway writes, into test/golden/targets/schemas.json. A field that they do
 * not have makes it fail. Needs Go's module cache as `crds` and `build` leave it.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CORE_SCHEMA, loadAll } from "js-yaml";
import { z } from "zod";
import { fixtures, renderedFiles } from "#test/support/targets/fixtures.ts";
import { withKserveCanary } from "#test/support/targets/kserve-canary.ts";
import { pruned, type Schema, schemaRecord } from "./prune-schema.ts";

const here = import.meta.dirname;
const modules = execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).trim();
const core = join(modules, "k8s.io", "kubernetes@v1.36.3", "api", "openapi-spec", "swagger.json");
const coreNames: Readonly<Record<string, string>> = {
  "apps/v1 Deployment": "io.k8s.api.apps.v1.Deployment",
  "v1 Service": "io.k8s.api.core.v1.Service",
  "autoscaling/v2 HorizontalPodAutoscaler": "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
};

const definition = z.looseObject({
  kind: z.literal("CustomResourceDefinition"),
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string() }),
    versions: z.array(z.looseObject({ name: z.string(), schema: z.looseObject({ openAPIV3Schema: schemaRecord }) })),
  }),
});

/** The schemas of all custom resources, by apiVersion and kind. */
function customSchemas(): ReadonlyMap<string, Schema> {
  const folders = execFileSync(join(here, "crds"), { encoding: "utf8" }).trim().split("\n");
  const files = [
    ...folders.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file))),
    join(here, "crds.d", "seldon.yaml"),
  ];
  const found = files.flatMap((file) =>
    loadAll(withoutDescriptions(readFileSync(file, "utf8")), { schema: CORE_SCHEMA }).flatMap((document) => {
      const parsed = definition.safeParse(withKserveCanary(document)).data;
      if (parsed === undefined) return [];
      const { group, names, versions } = parsed.spec;
      return versions.map(({ name, schema }): [string, Schema] => [`${group}/${name} ${names.kind}`, schema.openAPIV3Schema]);
    }),
  );
  return new Map(found);
}

/** Flagger's are indented less than YAML asks for. */
function withoutDescriptions(text: string): string {
  return text.replaceAll(/description: '(?:[^']|'')*'/g, "description: ''");
}

const swagger = z.object({ definitions: z.record(z.string(), schemaRecord) }).parse(JSON.parse(readFileSync(core, "utf8"))).definitions;
const custom = customSchemas();
const typed = z.looseObject({ apiVersion: z.string(), kind: z.string() });
const documents = new Map<string, unknown[]>();
for (const { input } of fixtures) {
  for (const { text } of renderedFiles(input)) {
    for (const document of loadAll(text, { schema: CORE_SCHEMA })) {
      const type = typed.safeParse(document).data;
      if (type === undefined) continue;
      const key = `${type.apiVersion} ${type.kind}`;
      documents.set(key, [...(documents.get(key) ?? []), document]);
    }
  }
}

const metadata = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };
const schemas = [...documents].flatMap(([key, values]): [string, Schema][] => {
  if (key.endsWith(" Component")) return [];
  const name = coreNames[key];
  const whole = name === undefined ? custom.get(key) : swagger[name];
  if (whole === undefined) throw new Error(`no published schema of ${key}`);
  const cut = pruned(whole, values, swagger, key);
  return [
    [
      key,
      { ...cut, properties: { ...schemaRecord.parse(cut["properties"]), metadata }, required: ["apiVersion", "kind", "metadata", "spec"] },
    ],
  ];
});
const own = schemaRecord.parse(JSON.parse(readFileSync(join(here, "own-schemas.json"), "utf8")));
const target = join(here, "..", "..", "test", "golden", "targets", "schemas.json");
writeFileSync(target, `${JSON.stringify({ ...Object.fromEntries(schemas.toSorted()), ...own }, null, 2)}\n`);
console.log(`${schemas.length + Object.keys(own).length} schemas`);
