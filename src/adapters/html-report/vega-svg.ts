import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { Html, html } from "./html.ts";

/** Colours come from the page's style sheet, so that one drawing serves a light and a dark page. */
const config = {
  aria: false,
  background: "transparent",
  font: "system-ui, sans-serif",
  axis: {
    labelColor: "currentColor",
    titleColor: "currentColor",
    tickColor: "var(--line)",
    domainColor: "var(--line)",
    gridColor: "var(--grid)",
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 260,
  },
  view: { stroke: null },
} as const;

/** Draws a plot as SVG, without a browser and without the network; `title` says what it shows. Same plot, same bytes. */
export async function vegaSvg(spec: TopLevelSpec, title: string): Promise<Html> {
  const vega = compile({ ...spec, config }).spec;
  const svg = await new View(parse(vega), { renderer: "none", loader: noLoader }).toSVG();
  const hidden = new Html(svg.replace(/^<svg /, '<svg aria-hidden="true" '));
  return html`<div role="img" aria-label="${title}">${hidden}</div>`;
}

/** A plot holds all its data; what would be loaded is refused. */
const refuse = (): Promise<never> => Promise.reject(new RangeError("a plot of a report loads nothing"));
const noLoader = { load: refuse, sanitize: refuse, http: refuse, file: refuse, options: {} };
