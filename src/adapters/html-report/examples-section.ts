import type { ExampleCard } from "#domain/report/page/example-cards.ts";
import type { ReportPage } from "#domain/report/page/report-page.ts";
import { type Html, html } from "./html.ts";
import { plainTable } from "./html-table.ts";

/** The units that gained and lost most, each folded until someone wants to see it. */
export function examplesSection({ examples }: ReportPage): Html | null {
  if (examples === null) return null;
  const { metric, unit, wins, losses } = examples;
  return html`<p>Where the two versions differ most on <code>${metric}</code>, by <code>${unit}</code>: what to look at first, and no sample of anything.</p>
<div class="plots">
${[cards("Losses", "loss", losses), cards("Wins", "win", wins)]}
</div>`;
}

function cards(title: string, kind: string, own: readonly ExampleCard[]): Html {
  if (own.length === 0) return html`<div class="cards"><h3>${title}</h3><p>None.</p></div>`;
  return html`<div class="cards"><h3>${title}</h3>
${own.map((card, index) => cardOf(card, `${kind}-${index + 1}`))}
</div>`;
}

function cardOf({ id, change, answers }: ExampleCard, anchor: string): Html {
  const title = html`<code>${id}</code> ${change}`;
  if (answers === null) return html`<p>${title}</p>`;
  return html`<details><summary>${title}</summary>
${plainTable(answers, { id: anchor })}
</details>`;
}
