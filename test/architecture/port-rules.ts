import { importsOf } from "./imports.ts";
import {
  isNode,
  isTypeScript,
  lineOf,
  type Rule,
  type SourceFile,
  type SyntaxNode,
  syntaxOf,
  type Violation,
  walk,
} from "./source-file.ts";

const mostMethods = 5;
const isPort = (path: string): boolean => isTypeScript(path) && path.startsWith("src/ports/");

export const portRules: readonly Rule[] = [
  {
    sentence: "a port holds types only",
    check: (file) => {
      if (!isPort(file.path)) return [];
      const imports = importsOf(file)
        .filter(({ kind }) => kind !== "type")
        .map(({ line, specifier }) => ({ path: file.path, line, message: `imports ${specifier} for its code; use import type` }));
      return [
        ...imports,
        ...bodyOf(file)
          .filter(isCode)
          .map((node) => violation(file, node, "holds code that runs")),
      ];
    },
  },
  {
    sentence: "a port has at most five methods",
    check: (file) => {
      if (!isPort(file.path)) return [];
      const violations: Violation[] = [];
      walk(syntaxOf(file), (node) => {
        const methods = methodsOf(node);
        if (methods > mostMethods) violations.push(violation(file, node, `has ${methods} methods; split it by capability`));
      });
      return violations;
    },
  },
];

function bodyOf(file: SourceFile): readonly SyntaxNode[] {
  const { body } = syntaxOf(file);
  return Array.isArray(body) ? body.filter(isNode) : [];
}

function isCode(statement: SyntaxNode): boolean {
  if (statement.type === "ImportDeclaration" || statement.type === "ExportAllDeclaration") return false;
  const declaration = statement.type === "ExportNamedDeclaration" ? statement["declaration"] : statement;
  if (!isNode(declaration)) return statement["exportKind"] !== "type";
  return declaration.type !== "TSInterfaceDeclaration" && declaration.type !== "TSTypeAliasDeclaration";
}

function methodsOf(node: SyntaxNode): number {
  const members = node.type === "TSInterfaceBody" ? node["body"] : node.type === "TSTypeLiteral" ? node["members"] : undefined;
  return Array.isArray(members) ? members.filter(isNode).filter(isMethod).length : 0;
}

function isMethod(member: SyntaxNode): boolean {
  if (member.type === "TSMethodSignature") return true;
  const annotation = member["typeAnnotation"];
  const type = isNode(annotation) ? annotation["typeAnnotation"] : undefined;
  return member.type === "TSPropertySignature" && isNode(type) && type.type === "TSFunctionType";
}

function violation(file: SourceFile, node: SyntaxNode, message: string): Violation {
  return { path: file.path, line: lineOf(file, node.start), message };
}
