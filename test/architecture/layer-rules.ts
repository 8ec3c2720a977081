import { type Import, importsOf, packageOf } from "./imports.ts";
import { isTypeScript, type Rule, type SourceFile, type Violation } from "./source-file.ts";

/** `entry → {flows, adapters} → ports → domain`: what a layer may import besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ["domain"],
  flows: ["ports", "domain"],
  adapters: ["ports", "domain"],
  entry: ["flows", "adapters", "ports", "domain"],
};

/** Packages that compute and nothing else. */
const purePackages = [
  /^zod$/,
  /^@noble\/hashes$/,
  /^@stdlib\/[\w-]+$/,
  /^canonicalize$/,
  /^js-yaml$/,
  /^cron-parser$/,
  /^ical\.js$/,
  /^ignore$/,
];

/** Heavy or far-reaching packages live behind the one folder that is about them. */
const homes: Readonly<Record<string, readonly string[]>> = {
  "@kubernetes/client-node": ["src/adapters/kubernetes/"],
  "@duckdb/node-api": ["src/adapters/duckdb/"],
  probot: ["src/adapters/github/", "src/entry/"],
};

function importRule(sentence: string, applies: RegExp, judge: (imported: Import, file: SourceFile) => string | undefined): Rule {
  return {
    sentence,
    check: (file) => {
      if (!isTypeScript(file.path) || !applies.test(file.path)) return [];
      return importsOf(file).flatMap((imported): readonly Violation[] => {
        const message = judge(imported, file);
        return message === undefined ? [] : [{ path: file.path, line: imported.line, message }];
      });
    },
  };
}

const layerOf = (path: string): string => path.split("/")[1] ?? "";
const targetLayer = (specifier: string): string | undefined => /^#([^/]+)\//.exec(specifier)?.[1];
/** `src/adapters/github/checks/x.ts` and `#adapters/github/x.ts` are both of the island `github`. */
const islandOf = (path: string): string => path.replace(/^src\/|^#/, "").split("/")[1] ?? "";

export const layerRules: readonly Rule[] = [
  importRule("imports between layers go entry → {flows, adapters} → ports → domain", /^src\//, ({ specifier }, file) => {
    const target = targetLayer(specifier);
    const layer = layerOf(file.path);
    if (target === undefined || target === layer) return undefined;
    return mayImport[layer]?.includes(target) === true ? undefined : `${layer} imports ${specifier}`;
  }),

  importRule("adapters are islands: one never imports another", /^src\/adapters\//, ({ specifier }, file) => {
    if (targetLayer(specifier) !== "adapters" || islandOf(specifier) === islandOf(file.path)) return undefined;
    return `the adapter ${islandOf(file.path)} imports ${specifier}`;
  }),

  importRule("an adapter's relative imports stay in its folder", /^src\/adapters\/[^/]+\.ts$/, ({ specifier }) =>
    specifier.startsWith("./") ? `imports ${specifier}: give each adapter a folder` : undefined,
  ),

  importRule("imports never climb: other folders are reached by #layer/…", /^(?:src|sandbox|test|tools|bench)\//, ({ specifier }) =>
    /^\.\.(?:\/|$)|\/\.\.(?:\/|$)|^\/|^file:/.test(specifier) ? `imports ${specifier}` : undefined,
  ),

  importRule("src never imports sandbox or test", /^src\//, ({ specifier }) =>
    /^#(?:sandbox|test)\/|\/(?:sandbox|test)\//.test(specifier) ? `imports ${specifier}` : undefined,
  ),

  importRule("the domain and the ports import pure packages only", /^src\/(?:domain|ports)\//, ({ specifier }) => {
    if (/^[#.]/.test(specifier)) return undefined;
    const name = packageOf(specifier);
    return name !== undefined && purePackages.some((pure) => pure.test(name)) ? undefined : `imports ${specifier}`;
  }),

  importRule("the packages of one system are imported only where that system is adapted", /^src\//, ({ specifier }, file) => {
    const home = homes[packageOf(specifier) ?? ""];
    if (home === undefined || home.some((folder) => file.path.startsWith(folder))) return undefined;
    return `imports ${specifier}, which belongs in ${home.join(" or ")}`;
  }),

  importRule("the Kubernetes client is loaded only when it is used", /^src\//, ({ specifier, kind }) =>
    packageOf(specifier) === "@kubernetes/client-node" && kind === "static"
      ? `imports ${specifier} at start, which costs 0.8 s; use await import(…)`
      : undefined,
  ),
];
