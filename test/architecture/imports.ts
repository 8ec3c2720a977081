import { isNode, lineOf, type SourceFile, type SyntaxNode, syntaxOf, walk } from "./source-file.ts";

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** static: runs when the module loads; type: erased; dynamic: runs when it is reached. */
  readonly kind: "static" | "type" | "dynamic";
}

/** All that a file imports: import and export declarations, import() in code, import() in types. */
export function importsOf(file: SourceFile): readonly Import[] {
  const imports: Import[] = [];
  walk(syntaxOf(file), (node) => {
    const source = sourceOf(node);
    if (source === undefined) return;
    imports.push({ specifier: source, line: lineOf(file, node.start), kind: kindOf(node) });
  });
  return imports;
}

/** `@scope/name` or `name`, without the path inside of the package. */
export function packageOf(specifier: string): string | undefined {
  if (/^(?:[#.]|node:)/.test(specifier)) return undefined;
  const [first = "", second = ""] = specifier.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

function sourceOf(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return literal(node["source"] ?? node["argument"]);
    default:
      return undefined;
  }
}

function kindOf(node: SyntaxNode): Import["kind"] {
  if (node.type === "ImportExpression") return "dynamic";
  if (node.type === "TSImportType" || node["importKind"] === "type" || node["exportKind"] === "type") return "type";
  const specifiers = Array.isArray(node["specifiers"]) ? node["specifiers"].filter(isNode) : [];
  const erased = specifiers.length > 0 && specifiers.every((each) => each["importKind"] === "type" || each["exportKind"] === "type");
  return erased ? "type" : "static";
}

/** A computed import() is reported as such: it could be anything. */
function literal(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "TSLiteralType") return literal(node["literal"]);
  return typeof node["value"] === "string" ? node["value"] : "(computed)";
}
