import { childrenOf, findNodes, isNode, isTypeScript, type Rule, type SyntaxNode, syntaxOf } from "./source-file.ts";

function syntaxRule(sentence: string, applies: RegExp, describe: (node: SyntaxNode) => string | undefined): Rule {
  return {
    sentence,
    check: (file) => (isTypeScript(file.path) && applies.test(file.path) ? findNodes(file, (node) => describe(node)) : []),
  };
}

const everywhere = /./;

export const codeRules: readonly Rule[] = [
  syntaxRule("no any", everywhere, (node) => (node.type === "TSAnyKeyword" ? "uses any" : undefined)),

  syntaxRule("no non-null assertion", everywhere, (node) =>
    node.type === "TSNonNullExpression" || node["definite"] === true ? "uses !, which hides a missing value" : undefined,
  ),

  syntaxRule("nothing is exported with export *", everywhere, (node) =>
    node.type === "ExportAllDeclaration" ? "uses export *; import from the file that defines the thing" : undefined,
  ),

  syntaxRule("named exports only", /^(?:src|sandbox|tools)\//, (node) =>
    node.type === "ExportDefaultDeclaration" ? "has a default export" : undefined,
  ),

  {
    sentence: "no barrel files",
    check: (file) => {
      if (!isTypeScript(file.path)) return [];
      if (/(?:^|\/)index\.ts$/.test(file.path))
        return [{ path: file.path, line: 1, message: "is an index.ts; name it after what it defines" }];
      const statements = childrenOf(syntaxOf(file)).filter(({ type }) => type !== "ImportDeclaration");
      const handsOn = statements.length > 0 && statements.every(isReExport);
      return handsOn ? [{ path: file.path, line: 1, message: "only exports what other files define" }] : [];
    },
  },

  syntaxRule("no test is skipped, alone or left for later", /^test\//, (node) => {
    if (node.type === "Identifier" && /^(?:xit|xtest|xdescribe|fit|fdescribe)$/.test(String(node["name"])))
      return `uses ${String(node["name"])}`;
    if (node.type !== "MemberExpression" || !isNode(node["property"])) return undefined;
    const name = String(node["property"]["name"] ?? node["property"]["value"]);
    return /^(?:skip|only|todo|fails|skipIf|runIf)$/.test(name) && isTestFunction(node["object"]) ? `uses .${name}` : undefined;
  }),

  syntaxRule("no module is mocked: a test passes a fake", /^test\//, (node) => {
    if (node.type !== "MemberExpression" || !isNode(node["object"]) || !isNode(node["property"])) return undefined;
    const name = String(node["property"]["name"]);
    return node["object"]["name"] === "vi" && /^(?:mock|doMock|hoisted)$/.test(name) ? `uses vi.${name}` : undefined;
  }),
];

function isReExport(statement: SyntaxNode): boolean {
  return statement.type === "ExportAllDeclaration" || (statement.type === "ExportNamedDeclaration" && !isNode(statement["declaration"]));
}

/** `it`, `test.each`, `describe.concurrent`, … and the context that a test gets. */
function isTestFunction(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.type === "Identifier") return /^(?:it|test|describe|suite|bench|context|ctx)$/.test(String(node["name"]));
  return isTestFunction(node["object"] ?? node["callee"] ?? node["tag"]);
}
