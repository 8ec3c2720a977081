import type { Forest } from "#domain/report/page/forest.ts";
import type { ReportPage } from "#domain/report/page/report-page.ts";
import { forestPlot } from "./forest-plot.ts";
import { type Html, html } from "./html.ts";
import { scrolling } from "./html-table.ts";
import { curvePlot, spreadPlot } from "./shape-plots.ts";
import { vegaSvg } from "./vega-svg.ts";

/** For whom it is better and for whom worse, a drawing for each metric. */
export async function forestsSection({ forests, slices, search }: ReportPage): Promise<Html> {
  const drawn: Html[] = [];
  for (const [index, forest] of forests.entries()) drawn.push(await forestFigure(forest, `forest-${index + 1}`));
  return html`${slices === null ? null : html`<p>${slices}.</p>`}
${search === null ? null : html`<p>${search}</p>`}
<ul class="key"><li><span class="better" aria-hidden="true">▲</span> better: the whole interval</li>
<li><span class="worse" aria-hidden="true">▼</span> worse: the whole interval</li>
<li><span class="unclear" aria-hidden="true">●</span> the interval holds no change</li></ul>
<div class="plots">
${drawn}
</div>`;
}

async function forestFigure(forest: Forest, id: string): Promise<Html> {
  const { metric, summary, left } = forest;
  const caption = left === 0 ? summary : `${summary} ${left} more are in the table alone.`;
  return figure(id, metric, caption, await vegaSvg(forestPlot(forest), summary));
}

/** How the single units differ: a mean does not tell of a few who lose much. */
export async function spreadSection({ spread }: ReportPage): Promise<Html | null> {
  if (spread === null) return null;
  if (spread.counts.length === 0) return html`<p>${spread.summary}</p>`;
  return figure("spread", spread.metric, spread.summary, await vegaSvg(spreadPlot(spread), spread.summary));
}

/** What a classifier does at every threshold, and whether its probabilities are what they say. */
export async function curvesSection({ curves }: ReportPage): Promise<Html | null> {
  if (curves.length === 0) return null;
  const drawn: Html[] = [];
  for (const plot of curves)
    drawn.push(figure(`curve-${plot.kind}`, plot.title, plot.summary, await vegaSvg(curvePlot(plot), plot.summary)));
  return html`<ul class="key"><li><span class="better" aria-hidden="true">━━</span> candidate</li>
<li><span class="unclear" aria-hidden="true">╍╍</span> baseline</li></ul>
<div class="plots square">
${drawn}
</div>`;
}

function figure(id: string, title: string, caption: string, drawing: Html): Html {
  return html`<figure>
<h3 id="${id}">${title}</h3>
${scrolling(id, drawing)}
<figcaption>${caption}</figcaption>
</figure>`;
}
