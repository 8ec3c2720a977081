import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";
import { projectFolder } from "#test/support/run-entry.ts";
import { pages, prose } from "./pages.ts";

/** Where a page points to within the repository, from its root. */
function relativeLinks({ path, text }: { readonly path: string; readonly text: string }): readonly { file: string; anchor: string }[] {
  return [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = "", anchor = ""] = target.split("#");
    return [{ file: file === "" ? path : normalize(join(dirname(path), file)), anchor }];
  });
}

/** As GitHub makes them: lower case, spaces to hyphens, no punctuation. */
function anchorsOf(text: string): readonly string[] {
  return [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}

it.each(pages)("every relative link of $path leads somewhere", (page) => {
  const dead = relativeLinks(page).filter(({ file, anchor }) => {
    if (!existsSync(join(projectFolder, file))) return true;
    return anchor !== "" && !anchorsOf(readFileSync(join(projectFolder, file), "utf8")).includes(anchor);
  });
  expect(dead).toEqual([]);
});

it("notices a link to nowhere, and a heading that is not there", () => {
  const found = relativeLinks({ path: "docs/a.md", text: "[x](nowhere.md) [y](#no-such) `[code](not-a-link)` [z](https://example.org)" });
  expect(found).toEqual([
    { file: "docs/nowhere.md", anchor: "" },
    { file: "docs/a.md", anchor: "no-such" },
  ]);
  expect(anchorsOf("# What counts from the head of a pull request\n")).toEqual(["what-counts-from-the-head-of-a-pull-request"]);
});

it("the README leads to every page of the docs", () => {
  const readme = pages.filter(({ path }) => path === "README.md").flatMap(relativeLinks);
  const known = new Set(readme.map(({ file }) => file));
  expect(pages.map(({ path }) => path).filter((path) => path !== "README.md" && !known.has(path))).toEqual([]);
});
