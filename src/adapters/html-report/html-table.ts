import type { Cell, PageTable } from "#domain/report/page/page-table.ts";
import { type Html, html } from "./html.ts";

/** A table that a keyboard can scroll; with the page's script its headings sort it. */
export function htmlTable(table: PageTable, { id }: { readonly id: string }): Html {
  return tableOf(table, id, html` class="sortable"`);
}

/** The same where the order of the rows means something. */
export function plainTable(table: PageTable, { id }: { readonly id: string }): Html {
  return tableOf(table, id, null);
}

function tableOf({ caption, columns, rows }: PageTable, id: string, attributes: Html | null): Html {
  const heads = columns.map(({ title, kind }) => html`<th scope="col" data-kind="${kind}">${title}</th>`);
  const body = rows.map((row) => html`<tr>${row.map((cell, index) => cellOf(cell, columns[index]?.kind ?? "text", index))}</tr>`);
  return scrolling(
    id,
    html`<table${attributes}><caption id="${id}">${caption}</caption><thead><tr>${heads}</tr></thead><tbody>
${body}
</tbody></table>`,
  );
}

/** What is wider than the page scrolls within itself, by keyboard too. */
export function scrolling(labelledBy: string, content: Html): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="${labelledBy}">${content}</div>`;
}

function cellOf({ text, sort }: Cell, kind: PageTable["columns"][number]["kind"], column: number): Html {
  const shown = kind === "code" ? html`<code>${text}</code>` : html`${text}`;
  const key = sort === undefined ? text : (sort ?? "");
  return column === 0 ? html`<th scope="row" data-sort="${key}">${shown}</th>` : html`<td class="${kind}" data-sort="${key}">${shown}</td>`;
}
