import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownCode, markdownCodeBlock } from "#adapters/templates/markdown-code.ts";
import { markdownLink } from "#adapters/templates/markdown-link.ts";
import { markdownText } from "#adapters/templates/markdown-text.ts";
import { hostileTexts } from "./hostile-text.ts";
import { hostileViews } from "./hostile-views.ts";
import { markdownShape } from "./markdown-shape.ts";
import { templates } from "./shipped-templates.ts";

const github = new URL("http://127.0.0.1:4000");

describe("the Markdown templates", () => {
  const plain = hostileViews("plain");

  it.each(hostileTexts.filter((text) => text !== ""))("keep their shape around %j", (text) => {
    const views = hostileViews(text);
    for (const [index, { name, view }] of views.entries()) {
      const rendered = templates.render(name, view);
      expect([name, ...markdownShape(rendered)]).toEqual([name, ...markdownShape(templates.render(name, plain[index]?.view ?? {}))]);
      expect(rendered).not.toMatch(/<!--|-->|\u202e|\u2028/);
      expect(withoutCode(rendered)).not.toMatch(/<script|@everyone|https:\/\/|#123/);
    }
  });

  it("keep their shape around any text", () => {
    const character = fc.constantFrom(..."|`\\*_[]()<>!-+=#@~$&:/.1a \n\r\t\u200b\u202e\u2028");
    const text = fc.oneof(fc.string({ unit: character, minLength: 1 }), fc.string({ unit: "binary", minLength: 1 }));
    const shapes = plain.map(({ name, view }) => markdownShape(templates.render(name, view)));
    fc.assert(
      fc.property(text, (given) => {
        fc.pre(markdownText(given) !== "");
        for (const [index, { name, view }] of hostileViews(given).entries()) {
          expect([name, ...markdownShape(templates.render(name, view))]).toEqual([name, ...(shapes[index] ?? [])]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** What GitHub reads as words: it links nothing and mentions nobody in code. */
function withoutCode(text: string): string {
  return text.replaceAll(/^(`{3,})text\n.*?\n\1$/gms, "").replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
}

describe("plain text in Markdown", () => {
  it.each([
    ["a | b", "a &#124; b"],
    ["<b> & c", "&lt;b&gt; &amp; c"],
    ["*a* _b_ `c` ~d~ [e]", "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~ \\[e\\]"],
    ["two\nlines", "two lines"],
    ["# no heading", "\\# no heading"],
    ["- no list", "\\- no list"],
    ["1. no list", "1\\. no list"],
    ["---", "\\---"],
    ["/no command", "\\/no command"],
    ["@team", "@\u200bteam"],
    ["me@mail.example", "me@\u200bmail.example"],
    ["see #12 and GH-7", "see #\u200b12 and GH-\u200b7"],
    ["https://x.example", "https:\u200b//x.example"],
    ["www.x.example", "www\u200b.x.example"],
    [":smile:", ":\u200bsmile:"],
    ["$x$", "&#36;x&#36;"],
    ["a <!-- b --> c", "a b c"],
    ["<<!--!-- x", "x"],
    ["a\u202eb\u200bc\u0000d", "abcd"],
    ["ndcg@10 −14.2 % [−17.9, −10.4]", "ndcg@10 −14.2 % [−17.9, −10.4]"],
    ["2026.11.20-3", "2026.11.20-3"],
    ["-5 and +7.0", "-5 and +7.0"],
    ["[1, 2](x)", "\\[1, 2\\](x)"],
    ["12:30:45", "12:30:45"],
  ])("writes %j as %j", (text, written) => {
    expect(markdownText(text)).toBe(written);
  });

  it("ends what is too long with an ellipsis, never in the middle of a character", () => {
    const written = markdownText("\u{1f600}".repeat(2_000));
    expect(written.endsWith("…")).toBe(true);
    expect(written.isWellFormed()).toBe(true);
    expect(written.length).toBeLessThanOrEqual(1_000);
  });
});

describe("code in Markdown", () => {
  it.each([
    ["a", "`a`"],
    ["a`b", "``a`b``"],
    ["`a`", "`` `a` ``"],
    ["``` x", "```` ``` x ````"],
    ["a|b", "<code>a&#124;b</code>"],
    ["two\nlines", "`two lines`"],
    ["", "` `"],
    ["<!-- x", "` x`"],
  ])("writes %j as %j", (text, written) => {
    expect(markdownCode(text)).toBe(written);
  });

  it("fences a block longer than any fence in it", () => {
    expect(markdownCodeBlock("a\n```\nb")).toBe("````text\na\n```\nb\n````");
  });
});

describe("a link in Markdown", () => {
  it.each([
    ["https://x.example/a", "[words](https://x.example/a)"],
    ["http://127.0.0.1:4000/acme/models/pull/7", "[words](http://127.0.0.1:4000/acme/models/pull/7)"],
    ["https://x.example/a)b|c_d", "[words](https://x.example/a%29b%7Cc%5Fd)"],
    ["http://x.example", "words"],
    ["javascript:alert(1)", "words"],
    ["data:text/html,x", "words"],
    ["https://user:secret@x.example", "words"],
    ["//x.example", "words"],
    ["no address", "words"],
  ])("to %s is %s", (address, written) => {
    expect(markdownLink("words", address, github)).toBe(written);
  });
});
