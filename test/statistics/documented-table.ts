import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

const page = join(import.meta.dirname, "..", "..", "docs", "statistics.md");

/**
 * Holds a table of docs/statistics.md, between `<!-- name -->` and `<!-- /name -->`, to what was measured; shares with one decimal may be
 * moved by 0.3, as another machine's logarithm may do. With UPDATE_DOCS=1 it is written first.
 */
export function expectDocumented(name: string, table: string): void {
  const region = new RegExp(`(?<=<!-- ${name} -->\\n\\n)[\\s\\S]*?(?=\\n\\n<!-- /${name} -->)`);
  if (process.env["UPDATE_DOCS"] === "1")
    writeFileSync(
      page,
      readFileSync(page, "utf8").replace(region, () => table),
    );
  const written = region.exec(readFileSync(page, "utf8"))?.[0] ?? "";
  const figure = /\d+\.\d(?=[ )])/g;
  expect(written.replaceAll(figure, "#")).toBe(table.replaceAll(figure, "#"));
  const [onPage, measured] = [written.match(figure) ?? [], table.match(figure) ?? []];
  onPage.forEach((text, index) => expect(Math.abs(Number(text) - Number(measured[index]))).toBeLessThanOrEqual(0.3));
}
