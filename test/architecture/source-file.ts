import { parseAst } from "vitest/node";

/** A file of the project, or a fixture that pretends to be one; the path is relative to the root of the repository. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export interface Rule {
  /** The rule as a sentence; the tests use it as their name. */
  readonly sentence: string;
  readonly check: (file: SourceFile) => readonly Violation[];
}

export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Ancestors are outermost first. */
export type Visit = (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void;

export const isTypeScript = (path: string): boolean => path.endsWith(".ts");

const parsed = new WeakMap<SourceFile, SyntaxNode>();

/** Strings and comments are never taken for code: the file is parsed, not searched. */
export function syntaxOf(file: SourceFile): SyntaxNode {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const program: unknown = parseAst(file.text, { lang: "ts" });
  if (!isNode(program)) throw new Error(`${file.path} was parsed into something that is no syntax tree`);
  parsed.set(file, program);
  return program;
}

export function walk(node: SyntaxNode, visit: Visit, ancestors: readonly SyntaxNode[] = []): void {
  visit(node, ancestors);
  const inside = [...ancestors, node];
  for (const child of childrenOf(node)) walk(child, visit, inside);
}

export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.values(node).flatMap((field) => (Array.isArray(field) ? field.filter(isNode) : isNode(field) ? [field] : []));
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value;
}

export function lineOf(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split("\n").length;
}

/** Every node of the file that the test describes, as a violation. */
export function findNodes(
  file: SourceFile,
  describe: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => string | undefined,
): readonly Violation[] {
  const violations: Violation[] = [];
  walk(syntaxOf(file), (node, ancestors) => {
    const message = describe(node, ancestors);
    if (message !== undefined) violations.push({ path: file.path, line: lineOf(file, node.start), message });
  });
  return violations;
}
