import Handlebars from "handlebars";
import type { OutputType } from "./output-type.ts";
import { TemplateError } from "./template-error.ts";
import { yamlPlaceProblem } from "./yaml-place.ts";

/** The part of Handlebars that templates are written in; everything else is refused when a template is loaded. */
const blocks = ["if", "unless", "each", "with"];
const loopData = ["index", "first", "last", "key"];
const reservedNames = /^(?:__\w+__|constructor|prototype)$/;

/** Escapes the value that is written, or fails when there is none; and hands a value to a block or a helper, likewise. */
export const escapeHelper = "slipway-escape";
export const requireHelper = "slipway-require";

/**
 * Parses a template and rewrites it so that no value gets out except through the output type's own escaping: `{{x}}` becomes
 * `{{slipway-escape x}}`, and every value given to a block or helper must exist. Handlebars itself has one escape function for all
 * environments, for HTML only, and lets a missing value in a block pass for `false`.
 */
export function checkedTemplate(name: string, text: string, output: OutputType): hbs.AST.Program {
  const lines = text.split("\n");
  return program(parsed());

  function parsed(): hbs.AST.Program {
    try {
      return Handlebars.parse(text);
    } catch (cause) {
      throw new TemplateError(name, undefined, `is no Handlebars template: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }

  function refused(node: hbs.AST.Node, what: string): TemplateError {
    return new TemplateError(name, node.loc.start.line, what);
  }

  function program(node: hbs.AST.Program): hbs.AST.Program {
    if ((node.blockParams ?? []).length > 0) throw refused(node, "names block parameters, which templates here do without");
    return { ...node, body: node.body.map(statement) };
  }

  function statement(node: hbs.AST.Statement): hbs.AST.Statement {
    if (node.type === "ContentStatement" || node.type === "CommentStatement") return node;
    if (isMustache(node)) return mustache(node);
    if (isBlock(node)) return block(node);
    throw refused(node, `uses a ${node.type}: partials and decorators are not part of the templates`);
  }

  function mustache(node: hbs.AST.MustacheStatement): hbs.AST.MustacheStatement {
    if (!node.escaped) throw refused(node, "uses triple-stash or '&', which would leave a value unescaped");
    withoutHash(node);
    const misplaced = output.name === "yaml" ? yamlPlaceProblem(lines, node.loc) : undefined;
    if (misplaced !== undefined) throw refused(node, misplaced);
    if (node.params.length > 0) return { ...node, path: helperOf(node), params: node.params.map(required) };
    if (!isPath(node.path)) throw refused(node, "writes a literal; write it as text");
    return { ...node, path: path(node, escapeHelper), params: [checkedPath(node.path), literal(node, node.path.original)] };
  }

  function helperOf(node: hbs.AST.MustacheStatement): hbs.AST.PathExpression {
    const helper = isPath(node.path) ? node.path.original : "";
    const known = Object.hasOwn(output.helpers, helper) ? output.helpers[helper] : undefined;
    if (known === undefined) {
      const others = Object.keys(output.helpers).join(", ");
      throw refused(
        node,
        `calls ${JSON.stringify(helper)}; ${output.name} templates have ${others === "" ? "no helpers" : `the helpers ${others}`}`,
      );
    }
    return path(node, helper);
  }

  function block(node: hbs.AST.BlockStatement): hbs.AST.BlockStatement {
    const kind = node.path.original;
    if (!blocks.includes(kind)) throw refused(node, `uses the block ${JSON.stringify(kind)}; templates have ${blocks.join(", ")}`);
    withoutHash(node);
    if (node.params.length !== 1) throw refused(node, `gives ${kind} ${node.params.length} values instead of one`);
    return {
      ...node,
      params: node.params.map(required),
      ...(node.program && { program: program(node.program) }),
      ...(node.inverse && { inverse: program(node.inverse) }),
    };
  }

  function required(node: hbs.AST.Expression): hbs.AST.Expression {
    if (!isPath(node)) throw refused(node, "gives something else than a variable to a block or helper");
    const call: hbs.AST.SubExpression = {
      type: "SubExpression",
      loc: node.loc,
      path: path(node, requireHelper),
      params: [checkedPath(node), literal(node, node.original)],
      hash: { type: "Hash", loc: node.loc, pairs: [] },
    };
    return call;
  }

  function checkedPath(node: hbs.AST.PathExpression): hbs.AST.PathExpression {
    const reserved = node.parts.find((part) => reservedNames.test(part));
    if (reserved !== undefined) throw refused(node, `reads ${JSON.stringify(reserved)}, which is no data`);
    if (node.data && !(node.parts.length === 1 && loopData.includes(node.parts[0] ?? ""))) {
      throw refused(node, `reads ${node.original}; a loop has ${loopData.map((each) => `@${each}`).join(", ")}`);
    }
    return node;
  }

  function withoutHash(node: hbs.AST.MustacheStatement | hbs.AST.BlockStatement): void {
    if ((node.hash?.pairs ?? []).length > 0) throw refused(node, "gives named values to a helper");
  }

  /** Where a value is written, for the message when it is missing. */
  function literal(node: hbs.AST.Node, variable: string): hbs.AST.StringLiteral {
    const place = `${name}:${node.loc.start.line} ${variable}`;
    return { type: "StringLiteral", loc: node.loc, value: place, original: place };
  }
}

function path(node: hbs.AST.Node, name: string): hbs.AST.PathExpression {
  return { type: "PathExpression", loc: node.loc, data: false, depth: 0, parts: [name], original: name };
}

function isMustache(node: hbs.AST.Node): node is hbs.AST.MustacheStatement {
  return node.type === "MustacheStatement";
}

function isBlock(node: hbs.AST.Node): node is hbs.AST.BlockStatement {
  return node.type === "BlockStatement";
}

function isPath(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  return node.type === "PathExpression";
}
