import { findNodes, isNode, isTypeScript, type Rule, type SourceFile, type SyntaxNode, syntaxOf, walk } from "./source-file.ts";

/** Clocks, chance, the outside world: what an argument must bring instead. */
const impureGlobals = new Set([
  "process",
  "console",
  "fetch",
  "performance",
  "crypto",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "require",
  "globalThis",
  "Buffer",
]);

export const purityRule: Rule = {
  sentence: "the domain is pure: no clock, no chance, no process, no I/O",
  check: (file) => {
    if (!isTypeScript(file.path) || !file.path.startsWith("src/domain/")) return [];
    const declared = declaredNames(file);
    return findNodes(file, (node, ancestors) => {
      if (node.type === "MetaProperty" && file.text.slice(node.start, node.end) === "import.meta") return "uses import.meta";
      if (node.type === "ImportExpression") return "imports at run time";
      if (node.type === "AwaitExpression" || node["async"] === true) return "is asynchronous";
      if (node.type !== "Identifier" || !isReference(node, ancestors.at(-1))) return undefined;
      const name = String(node["name"]);
      if (declared.has(name)) return undefined;
      if (impureGlobals.has(name)) return `uses ${name}`;
      return name === "Date" || name === "Math" ? impureUse(name, ancestors) : undefined;
    });
  },
};

function impureUse(name: string, ancestors: readonly SyntaxNode[]): string | undefined {
  const parent = ancestors.at(-1);
  if (/^(?:VariableDeclarator|Assignment)/.test(parent?.type ?? "")) return `hands ${name} on under another name`;
  if (name === "Math") return memberOf(parent) === "random" ? "uses Math.random" : undefined;
  if (memberOf(parent) === "now") return "uses Date.now";
  if (parent?.type === "CallExpression" && parent["callee"] === calleeIn(parent, "Date")) return "uses Date() without new";
  const bare = parent?.type === "NewExpression" && Array.isArray(parent["arguments"]) && parent["arguments"].length === 0;
  return bare ? "uses new Date() without an argument" : undefined;
}

function calleeIn(call: SyntaxNode, name: string): unknown {
  const callee = call["callee"];
  return isNode(callee) && callee["name"] === name ? callee : undefined;
}

function memberOf(node: SyntaxNode | undefined): string | undefined {
  if (node?.type !== "MemberExpression" || !isNode(node["property"])) return undefined;
  const { property } = node;
  if (node["computed"] === true) return typeof property["value"] === "string" ? property["value"] : undefined;
  return String(property["name"]);
}

/** `release.process` and `{ process: 1 }` name a property, `process.env` refers to the global. */
function isReference(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent === undefined || parent.type.startsWith("TS"))
    return parent?.type === "TSAsExpression" || parent?.type === "TSSatisfiesExpression";
  if (parent["property"] === node || parent["key"] === node) return parent["computed"] === true || parent["shorthand"] === true;
  return !/^(?:Import|Export)/.test(parent.type);
}

function declaredNames(file: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const bind = (pattern: unknown): void => {
    if (!isNode(pattern)) return;
    walk(pattern, (node) => {
      if (node.type === "Identifier") names.add(String(node["name"]));
    });
  };
  walk(syntaxOf(file), (node) => {
    if (node.type === "VariableDeclarator" || node.type.endsWith("FunctionDeclaration")) bind(node["id"]);
    if (/^Import\w*Specifier$/.test(node.type)) bind(node["local"]);
    if (/Function/.test(node.type) && Array.isArray(node["params"])) node["params"].forEach(bindParameter);
  });
  return names;

  /** A default value is no binding: `(now = Date) => …` refers to the global. */
  function bindParameter(parameter: unknown): void {
    if (isNode(parameter)) bind(parameter.type === "AssignmentPattern" ? parameter["left"] : parameter);
  }
}
