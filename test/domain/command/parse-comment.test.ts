import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deploy, printDeploy } from "#domain/command/deploy.ts";
import { parseComment } from "#domain/command/parse-comment.ts";
import { shaPrefixSchema } from "#domain/command/sha-prefix.ts";
import { environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";

const full = "0123456789abcdef0123456789abcdef01234567";

function commandsIn(body: string) {
  return parseComment(body).map((parsed) => (parsed.kind === "command" ? parsed.command : parsed.kind));
}

function problemOf(line: string): string {
  const [parsed] = parseComment(line);
  return parsed?.kind === "malformed" ? parsed.problem : `not malformed, but ${parsed?.kind}`;
}

describe("a comment's commands", () => {
  it.each([
    ["/slipway deploy staging", { kind: "deploy", environment: "staging", sha: null, model: null }],
    ["/slipway deploy staging @0123456", { kind: "deploy", environment: "staging", sha: "0123456", model: null }],
    [`/slipway deploy staging @${full}`, { kind: "deploy", environment: "staging", sha: full, model: null }],
    ["/slipway deploy staging @ABCDEF0", { kind: "deploy", environment: "staging", sha: "abcdef0", model: null }],
    ["/slipway deploy --model ranker staging @0123456", { kind: "deploy", environment: "staging", sha: "0123456", model: "ranker" }],
    ["/slipway deploy staging --model=ranker", { kind: "deploy", environment: "staging", sha: null, model: "ranker" }],
    ["/slipway   deploy\tstaging  ", { kind: "deploy", environment: "staging", sha: null, model: null }],
    ["/Slipway Deploy staging", { kind: "deploy", environment: "staging", sha: null, model: null }],
    ["/slipway status", { kind: "status", model: null }],
    ["/slipway status --model ranker", { kind: "status", model: "ranker" }],
    ["/slipway help", { kind: "help", topic: null }],
    ["/slipway help deploy", { kind: "help", topic: "deploy" }],
    ["/slipway help nonsense", { kind: "help", topic: "nonsense" }],
    ["/slipway", { kind: "help", topic: null }],
  ])("reads %j", (line, command) => {
    expect(parseComment(line)).toEqual([{ kind: "command", command, line: line.replaceAll("\t", " ").trimEnd() }]);
  });

  it("are read in order, among other text, with any line ending", () => {
    expect(commandsIn("Looks good.\r\n/slipway status\r\n\r\n/slipway deploy staging\rthanks\n/slipway help\n")).toEqual([
      { kind: "status", model: null },
      { kind: "deploy", environment: "staging", sha: null, model: null },
      { kind: "help", topic: null },
    ]);
  });

  it.each([
    ["in a fenced block", "```\n/slipway status\n```"],
    ["in a fenced block with a language", "```sh\n/slipway status\n```"],
    ["in a block fenced with tildes", "~~~\n/slipway status\n~~~"],
    ["in a longer fence that holds a shorter one", "````\n```\n/slipway status\n```\n/slipway status\n````"],
    ["in a fence that the other mark does not close", "```\n~~~\n/slipway status\n```"],
    ["in a fence that is never closed", "```\n/slipway status"],
    ["in an indented fence", "  ```\n/slipway status\n  ```"],
    ["quoted", "> /slipway status"],
    ["quoted without a space", ">/slipway status"],
    ["in indented code", "    /slipway status\n\n\t/slipway status"],
    ["in an HTML comment", "<!--\n/slipway status\n\n/slipway status\n-->"],
    ["in an HTML comment that is never closed", "<!-- \n/slipway status"],
    ["in an HTML comment within a paragraph", "text <!-- hidden\n/slipway status\n-->"],
    ["in an HTML comment that a closed one precedes", "<!-- a --> text <!-- b\n/slipway status\n-->"],
    ["in preformatted text", "<pre>\n/slipway status\n</pre>"],
    ["in the middle of a line", "please /slipway status"],
    ["not at the very start", " /slipway status"],
    ["as the beginning of another word", "/slipways status\n/slipway-status"],
    ["in inline code", "`/slipway status`"],
  ])("are not what stands %s", (_, body) => {
    expect(parseComment(body)).toEqual([]);
  });

  it.each([
    ["a closed fence", "```\ncode\n```\n/slipway status"],
    ["a fence closed by a longer one", "```\ncode\n`````  \n/slipway status"],
    ["inline code that looks like a fence", "```not a fence```\n/slipway status"],
    ["a quote", "> quoted ```\n> more\n\n/slipway status"],
    ["a fence within a quote", "> ```\n/slipway status"],
    ["a closed HTML comment", "<!-- marker -->\n/slipway status"],
    ["the shortest HTML comment", "<!-->\n/slipway status"],
    ["an arrow that opens no comment", "a <!-- b\n\n/slipway status"],
    ["two backticks, which are no fence", "``\n/slipway status"],
    ["closed preformatted text", "<pre>x</pre>\n/slipway status"],
    ["an indented fence mark, which is code", "    ```\n/slipway status"],
  ])("are what stands after %s", (_, body) => {
    expect(commandsIn(body)).toEqual([{ kind: "status", model: null }]);
  });
});

describe("a line that cannot be executed", () => {
  it.each([
    ["/slipway deplyo staging", "deplyo", "deploy"],
    ["/slipway statsu", "statsu", "status"],
    ["/slipway constructor", "constructor", null],
    ["/slipway __proto__", "__proto__", null],
    ["/slipway 🚀", "🚀", null],
  ])("%j names no command, and the nearest one is offered", (line, word, nearest) => {
    expect(parseComment(line)).toEqual([{ kind: "unknown", word, nearest, line }]);
  });

  it.each([
    ["/slipway deploy", "It does not say which environment."],
    ["/slipway deploy Staging", '"Staging" is not the name of an environment.'],
    ["/slipway deploy a&&id", '"a&&id" is not the name of an environment.'],
    ["/slipway deploy ../production", '"../production" is not the name of an environment.'],
    ["/slipway deploy staging @012345", "\"@012345\" is not a commit: '@' and 7 to 40 hexadecimal digits, without a space between."],
    [`/slipway deploy staging @${full}8`, `"@${full}8" is not a commit: '@' and 7 to 40 hexadecimal digits, without a space between.`],
    ["/slipway deploy staging @", "\"@\" is not a commit: '@' and 7 to 40 hexadecimal digits, without a space between."],
    ["/slipway deploy staging @main", "\"@main\" is not a commit: '@' and 7 to 40 hexadecimal digits, without a space between."],
    ["/slipway deploy staging @0123456 @abcdef0", "Two commits are given; one is meant."],
    ["/slipway deploy staging 0123456", '"0123456" is one word too many; a commit is written @0123456.'],
    ["/slipway deploy staging please", '"please" is one word too many.'],
    ["/slipway deploy staging --modle ranker", 'There is no option "--modle" here; did you mean --model?'],
    ["/slipway deploy staging --model", "--model lacks its value."],
    ["/slipway deploy staging --model --model", "--model lacks its value."],
    ["/slipway deploy staging --model=", "--model lacks its value."],
    ["/slipway deploy staging --model a --model b", "--model is given twice."],
    ["/slipway deploy staging --model Ranker", '"Ranker" is not the name of a model.'],
    ["/slipway status staging", '"staging" is one word too many.'],
    ["/slipway help deploy now", '"now" is one word too many.'],
    ["/slipway help <b>", '"<b>" is not the name of a command.'],
    ["/slipway deploy stag\u200bing", "The line holds invisible characters."],
    ["/slipway deploy \u202estaging", "The line holds invisible characters."],
    ["/slipway deploy staging\u0000", "The line holds invisible characters."],
    [`/slipway deploy ${"a".repeat(400)}`, "The line is longer than 400 characters."],
  ])("%j is malformed, with what is wrong", (line, problem) => {
    expect(problemOf(line)).toBe(problem);
  });

  it("shows how the command is used", () => {
    expect(parseComment("/slipway deploy")).toEqual([
      {
        kind: "malformed",
        verb: "deploy",
        problem: "It does not say which environment.",
        usage: "/slipway deploy <env> [@<sha>] [--supersede] [--model <name>]",
        line: "/slipway deploy",
      },
    ]);
  });

  it("is shown without the characters that cannot be seen, and cut", () => {
    expect(parseComment("/slipway deploy \u202estaging")[0]?.line).toBe("/slipway deploy \ufffdstaging");
    expect(parseComment(`/slipway ${"x".repeat(5000)}`)[0]?.line).toHaveLength(201);
  });

  it("is a second one that changes something: a comment is executed once", () => {
    const parsed = parseComment("/slipway deploy staging\n/slipway status\n/slipway deploy production");
    expect(parsed.map(({ kind }) => kind)).toEqual(["command", "command", "malformed"]);
  });

  it("does not stop the next one from changing something", () => {
    const parsed = parseComment("/slipway deploy\n/slipway deploy staging");
    expect(parsed.map(({ kind }) => kind)).toEqual(["malformed", "command"]);
  });

  it.each([
    [9, 9],
    [10, 10],
    [11, 11],
    [5000, 11],
  ])("of %i commands in one comment, %i get an answer", (written, answered) => {
    const parsed = parseComment("/slipway status\n".repeat(written));
    expect(parsed).toHaveLength(answered);
    expect(parsed.filter(({ kind }) => kind === "command")).toHaveLength(Math.min(written, 10));
  });
});

describe("hostile comments", () => {
  const size = 65_536;
  it.each([
    ["spaces", " ".repeat(size)],
    ["backticks", "`".repeat(size)],
    ["tildes and backticks", "~`".repeat(size / 2)],
    ["comment openings", "<!--".repeat(size / 4)],
    ["comment openings on lines of their own", "a <!--\n".repeat(size / 7)],
    ["opened and closed comments", "<!-- -->".repeat(size / 8)],
    ["a command and spaces", `/slipway${" ".repeat(size)}`],
    ["a command and words", `/slipway ${"a ".repeat(size / 2)}`],
    ["a long word", `/slipway ${"deploy".repeat(10_000)}`],
    ["empty lines", "\r\n".repeat(size / 2)],
    ["preformatted openings", "<pre>\n".repeat(size / 6)],
    ["unknown commands", "/slipway abcdefghijk\n".repeat(size / 21)],
  ])("of %s are read in no time", (_, body) => {
    const before = performance.now();
    parseComment(body);
    expect(performance.now() - before).toBeLessThan(500);
  });

  it("never throw, and every command that is read can be typed again", () => {
    const piece = fc.constantFrom(
      "/slipway ",
      "deploy ",
      "staging ",
      "@0123456 ",
      "--model ",
      "=",
      "\n",
      "```",
      "<!--",
      "-->",
      "> ",
      "\u0000",
      "x",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary" })), { maxLength: 30 }), (pieces) => {
        for (const parsed of parseComment(pieces.join(""))) {
          if (parsed.kind !== "command") continue;
          const [again] = parseComment(parsed.line);
          expect(again?.kind === "command" && again.command).toEqual(parsed.command);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a deploy command", () => {
  it("is read back from the line that is printed for it", () => {
    const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?$/);
    fc.assert(
      fc.property(label, fc.option(fc.stringMatching(/^[0-9a-f]{7,40}$/)), fc.option(label), (environment, sha, model) => {
        const command = {
          kind: "deploy" as const,
          environment: environmentNameSchema.parse(environment),
          sha: sha === null ? null : shaPrefixSchema.parse(sha),
          model: model === null ? null : modelNameSchema.parse(model),
        };
        expect(parseComment(printDeploy(command))).toEqual([{ kind: "command", command, line: printDeploy(command) }]);
      }),
    );
  });

  it("has examples that can be typed", () => {
    for (const example of deploy.examples) expect(parseComment(example)[0]?.kind).toBe("command");
  });
});
