import type { Forest } from "#domain/report/page/forest.ts";
import type { ReportPage } from "#domain/report/page/report-page.ts";
import { forestPlot } from "./forest-plot.ts";
import { type Html, html } from "./html.ts";
import { scrolling } from "./html-table.ts";
import { vegaSvg } from "./vega-svg.ts";

/** For whom it is better and for whom worse, a drawing for each metric. */
export async function forestsSection({ forests, slices }: ReportPage): Promise<Html> {
  const drawn: Html[] = [];
  for (const [index, forest] of forests.entries()) drawn.push(await forestFigure(forest, `forest-${index + 1}`));
  return html`${slices === null ? null : html`<p>${slices}.</p>`}
<ul class="key"><li><span class="better" aria-hidden="true">▲</span> better: the whole interval</li>
<li><span class="worse" aria-hidden="true">▼</span> worse: the whole interval</li>
<li><span class="unclear" aria-hidden="true">●</span> the interval holds no change</li></ul>
<div class="plots">
${drawn}
</div>`;
}

async function forestFigure(forest: Forest, id: string): Promise<Html> {
  const { metric, summary, left } = forest;
  return html`<figure>
<h3 id="${id}"><code>${metric}</code></h3>
${scrolling(id, await vegaSvg(forestPlot(forest), summary))}
<figcaption>${summary}${left === 0 ? null : ` ${left} more are in the table alone.`}</figcaption>
</figure>`;
}
