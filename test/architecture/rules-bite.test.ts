import { describe, expect, it, test } from "vitest";
import { houseRules } from "./house-rules.ts";

type Fixture = readonly [path: string, text: string];

const domain = (text: string): Fixture => ["src/domain/gates/gate.ts", text];
const adapter = (text: string): Fixture => ["src/adapters/github/checks.ts", text];
const port = (text: string): Fixture => ["src/ports/clock.ts", text];
const spec = (text: string): Fixture => ["test/domain/gates/gate.test.ts", text];
const methods = (count: number): string => Array.from({ length: count }, (_, index) => `m${index}(): void;`).join(" ");

/** Under each rule, files that break it; every rule of the house must be here. */
const breaks: Readonly<Record<string, readonly Fixture[]>> = {
  "imports between layers go entry → {flows, adapters} → ports → domain": [
    domain(`import type { Clock } from "#ports/clock.ts";`),
    domain(`import { readFlow } from "#flows/read.ts";`),
    port(`import type { Octokit } from "#adapters/github/client.ts";`),
    adapter(`import { resync } from "#flows/resync.ts";`),
    adapter(`export { settings } from "#entry/settings.ts";`),
    ["src/flows/resync.ts", `const client = await import("#adapters/github/client.ts");`],
    ["src/flows/resync.ts", `let client: import("#adapters/github/client.ts").Client;`],
    ["src/flows/resync.ts", `import { fake } from "#test/support/fake.ts";`],
  ],
  "adapters are islands: one never imports another": [
    adapter(`import { push } from "#adapters/git/push.ts";`),
    ["src/adapters/github/checks/run.ts", `import type { Row } from "#adapters/duckdb/row.ts";`],
  ],
  "an adapter's relative imports stay in its folder": [["src/adapters/clock.ts", `import { x } from "./github/checks.ts";`]],
  "imports never climb: other folders are reached by #layer/…": [
    domain(`import { metric } from "../metrics/metric.ts";`),
    ["tools/check.ts", `import { x } from "./../src/x.ts";`],
    spec(`import { x } from "/srv/x.ts";`),
    ["sandbox/demo/demo.ts", `await import("../../src/entry/app.ts");`],
  ],
  "src never imports sandbox or test": [
    ["src/entry/app.ts", `import { gitHost } from "#sandbox/github/git-host.ts";`],
    ["src/entry/app.ts", `import { fake } from "#test/support/fake.ts";`],
  ],
  "the domain and the ports import pure packages only": [
    domain(`import { readFileSync } from "node:fs";`),
    domain(`import { z } from "zod-extra";`),
    domain(`import { Octokit } from "@octokit/rest";`),
    domain(`import "@noble/curves";`),
    port(`import type { Server } from "node:http";`),
  ],
  "the packages of one system are imported only where that system is adapted": [
    ["src/flows/judge.ts", `import { DuckDBInstance } from "@duckdb/node-api";`],
    ["src/adapters/github/app.ts", `import { KubeConfig } from "@kubernetes/client-node";`],
    ["src/adapters/git/push.ts", `import type { Probot } from "probot";`],
  ],
  "the Kubernetes client is loaded only when it is used": [
    ["src/adapters/kubernetes/cluster.ts", `import { KubeConfig } from "@kubernetes/client-node";`],
    ["src/adapters/kubernetes/cluster.ts", `import "@kubernetes/client-node";`],
  ],
  "the domain is pure: no clock, no chance, no process, no I/O": [
    domain("const now = Date.now();"),
    domain(`const now = Date["now"]();`),
    domain("const now = new Date();"),
    domain("const now = Date();"),
    domain("const { now } = Date;"),
    domain("const start = (clock = Date) => clock;"),
    domain("const chance = Math.random();"),
    domain("const home = process.env.HOME;"),
    domain("setTimeout(() => {}, 1);"),
    domain("const page = fetch('x');"),
    domain("console.log(1);"),
    domain("const id = crypto.randomUUID();"),
    domain("const id = globalThis.crypto;"),
    domain("const t = { performance };"),
    domain("const here = import.meta.url;"),
    domain("export async function read() {}"),
    domain(`const z = import("zod");`),
  ],
  "a port holds types only": [
    port("export const limit = 5;"),
    port("export function now(): Date { return new Date(0); }"),
    port("export class Clock {}"),
    port(`import { z } from "zod";`),
    port("sideEffect();"),
  ],
  "a port has at most five methods": [
    port(`export interface Clock { ${methods(6)} }`),
    port(`export type Clock = { ${methods(6)} };`),
    port("export interface C { a(): void; b(): void; c(): void; d: () => void; readonly e: () => void; f: () => void }"),
  ],
  "no any": [domain("export type Row = Record<string, any>;"), spec("const row: any = {};"), ["tools/x.ts", "const a = {} as any;"]],
  "no non-null assertion": [domain("const first = rows[0]!.value;"), spec("let server!: Server;")],
  "nothing is exported with export *": [
    domain(`export * from "./metric.ts";\nexport const x = 1;`),
    domain(`export * as m from "./metric.ts";`),
  ],
  "named exports only": [domain("export default function gate() {}"), ["sandbox/x.ts", "export default 1;"]],
  "no barrel files": [
    ["src/domain/gates/index.ts", "export const x = 1;"],
    domain(`export { a } from "./a.ts";\nexport type { B } from "./b.ts";`),
    domain(`import { a } from "./a.ts";\nexport { a };`),
  ],
  "no test is skipped, alone or left for later": [
    spec(`it.skip("works", () => {});`),
    spec(`describe.only("x", () => {});`),
    spec(`test.todo("later");`),
    spec(`it["skip"]("works", () => {});`),
    spec(`test.skip.each([1])("works", () => {});`),
    spec(`test.each([1]).skip("works", () => {});`),
    spec(`it.runIf(false)("works", () => {});`),
    spec(`xit("works", () => {});`),
    spec(`it("works", (context) => context.skip());`),
  ],
  "no module is mocked: a test passes a fake": [spec(`vi.mock("#adapters/git/push.ts");`)],
  "no source file has more than 300 lines": [domain("const x = 1;\n".repeat(301))],
  "files are named in kebab-case after the one thing that they export": [
    ["src/domain/gates/regressionGate.ts", ""],
    ["src/domain/gates/Gate.ts", ""],
    ["src/domain/utils/round.ts", ""],
    ["test/support/helpers.ts", ""],
  ],
  "no template leaves a value unescaped": [
    ["templates/comment.hbs", "Hello {{{name}}}"],
    ["templates/comment.hbs", "Hello {{&name}}"],
    ["templates/comment.hbs", "{{#each rows}}{{~{cell}~}}{{/each}}"],
    ["templates/comment.hbs", "{{#if x}}never closed"],
  ],
  "every foreign action is pinned to a commit, its version beside it": [
    [".github/workflows/ci.yml", "    steps:\n      - uses: actions/checkout@v4\n"],
    [".github/workflows/ci.yml", `      - uses: actions/checkout@${"a".repeat(40)}\n`],
    ["action/action.yml", "      uses: actions/upload-artifact@main # v4.0.0\n"],
  ],
  "nothing refers to a place outside of the repository": [
    ["README.md", "see ../shared/DESIGN.md"],
    ["sandbox/x.ts", `const data = "/work/data";`],
    ["docs/x.md", "cd /home/lee/slipway"],
    [".ci/run", "source /root/.profile"],
  ],
};

/** Files that look like a breach and are none. */
const innocent: readonly Fixture[] = [
  domain(`// Date.now() and new Date() are the caller's\nconst text = "Math.random() import x from '../y.ts'";`),
  domain(
    "export const at = new Date(0);\nconst largest = Math.max(1, 2);\nexport const isDate = (x: unknown): x is Date => x instanceof Date;",
  ),
  domain("export const named = { process: 1, fetch: 2 };\nexport const read = (x: typeof named) => x.process + x.fetch;"),
  domain("export function judge(process: string): string {\n  return process;\n}"),
  domain("export interface Release { readonly process: string; console(): void }\nexport type Crypto = typeof crypto;"),
  domain(`import { sha256 } from "@noble/hashes/sha2.js";\nimport { z } from "zod";\nexport const x = [sha256, z];`),
  domain("const open = !closed;\nconst differs = a !== b;\nconst any = 1;\nexport const company = any;"),
  domain(`import type { A } from "./a.ts";\nexport type B = A;\nexport { c } from "./c.ts";`),
  adapter(
    `import { client } from "#adapters/github/client.ts";\nimport { x } from "./x.ts";\nimport type { P } from "#ports/p.ts";\nexport const y = [client, x];`,
  ),
  ["src/adapters/github/checks/run.ts", `import { client } from "#adapters/github/client.ts";\nexport const y = client;`],
  [
    "src/adapters/kubernetes/cluster.ts",
    `import type { KubeConfig } from "@kubernetes/client-node";\nexport const load = () => import("@kubernetes/client-node");`,
  ],
  [
    "src/entry/app.ts",
    `import { Probot } from "probot";\nimport { resync } from "#flows/resync.ts";\nexport const app = [Probot, resync, process.env];`,
  ],
  port(
    `import type { Digest } from "#domain/model/names.ts";\nexport interface Clock { ${methods(5)} readonly digest: Digest }\nexport type { Digest };`,
  ),
  spec(`const skip = { only: 1 };\nexpect(skip.only).toBe(1);\nit("does not .skip", () => {});\ntest.each([1])("x", () => {});`),
  ["vitest.config.ts", "export default {};"],
  ["test/domain/gates/gate.contract.test.ts", ""],
  domain("const x = 1;\n".repeat(300)),
  ["templates/comment.hbs", "{{name}} {{> row}} {{!-- {{{never}}} --}} {{#each rows}}{{this}}{{/each}} { {x} }"],
  [".github/workflows/ci.yml", `      - uses: actions/checkout@${"a".repeat(40)} # v4.2.2\n      - uses: ./action\n`],
  ["README.md", "https://example.com/work/x and ./work/x and `shared/x` and ${HOME}/work/x"],
];

describe("the rules of the house bite", () => {
  it("shows every rule with something that breaks it", () => {
    expect(Object.keys(breaks).toSorted()).toEqual(houseRules.map(({ sentence }) => sentence).toSorted());
  });

  const fixtures = Object.entries(breaks).flatMap(([sentence, files]) => files.map(([path, text]) => [sentence, path, text] as const));
  test.each(fixtures)("%s: refuses %s with %j", (sentence, path, text) => {
    const rule = houseRules.find((each) => each.sentence === sentence);
    const violations = rule?.check({ path, text });
    expect(violations).toEqual(expect.arrayContaining([expect.objectContaining({ path, line: expect.any(Number) })]));
  });

  test.each(innocent)("lets pass %s with %j", (path, text) => {
    expect(houseRules.flatMap((rule) => rule.check({ path, text }))).toEqual([]);
  });

  it("says where: file, line and what to do instead", () => {
    const text = `import { a } from "./a.ts";\n\nimport { b } from "../b.ts";\n`;
    expect(houseRules.flatMap((rule) => rule.check({ path: "src/domain/x.ts", text }))).toEqual([
      { path: "src/domain/x.ts", line: 3, message: "imports ../b.ts" },
    ]);
  });
});
