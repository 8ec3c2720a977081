import { createHash } from "node:crypto";
import type { Report } from "#domain/evaluation/report.ts";
import { type ReportPage, reportPage } from "#domain/report/page/report-page.ts";
import { examplesSection } from "./examples-section.ts";
import { gatesSection } from "./gates-section.ts";
import { Html, html } from "./html.ts";
import { htmlTable } from "./html-table.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";
import { curvesSection, forestsSection, spreadSection } from "./plots-section.ts";
import { verdictMarks } from "./verdict-marks.ts";

/**
 * A report as one HTML file that needs nothing else: no request leaves it, its own style and script alone are allowed, by their hashes,
 * and without the script it still says everything. Same report, same bytes.
 */
export async function htmlReport(report: Report): Promise<string> {
  const page = reportPage(report);
  const sections: readonly Section[] = [
    { id: "gates", title: "Gates", content: gatesSection(page) },
    { id: "differences", title: "Differences by slice", content: page.forests.length === 0 ? null : await forestsSection(page) },
    { id: "units", title: "Differences unit by unit", content: await spreadSection(page) },
    { id: "curves", title: "Curves", content: await curvesSection(page) },
    { id: "examples", title: "Examples", content: examplesSection(page) },
    { id: "measurements", title: "Tables", content: page.tables.length === 0 ? null : tablesSection(page) },
    { id: "methods", title: "How it was done", content: methodsSection(page) },
  ];
  return documentOf(
    page,
    sections.filter(({ content }) => content !== null),
  ).text;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Html | null;
}

function documentOf(page: ReportPage, sections: readonly Section[]): Html {
  const { model, candidate, against, verdict, word, sentence } = page;
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  const policy = `default-src 'none'; style-src '${hashOf(pageStyle)}'; script-src '${hashOf(pageScript)}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${word}: ${model} ${candidate}</title>
<style>${new Html(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header>
<h1>${model} <code>${candidate}</code> against ${against}</h1>
<p class="verdict ${verdict}"><strong><span aria-hidden="true">${verdictMarks[verdict]}</span> ${word}:</strong> ${sentence}</p>
<nav aria-label="Sections"><ul>
${links}
</ul></nav>
</header>
<main id="report" tabindex="-1">
${sections.map(
  ({ id, title, content }) => html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${content}
</section>`,
)}
</main>
<footer>
<h2 id="evidence">What the numbers rest on</h2>
${evidenceList(page)}
<p>${page.source}</p>
</footer>
<script>${new Html(pageScript)}</script>
</body>
</html>
`;
}

function tablesSection({ tables }: ReportPage): Html {
  return html`${tables.map((table, index) => htmlTable(table, { id: `table-${index + 1}` }))}`;
}

function methodsSection({ methods }: ReportPage): Html {
  const entries = methods.map(
    ({
      metric,
      title,
      definition,
      reference,
      convention,
    }) => html`<dt><code>${metric}</code>${title === null ? null : html`: ${title}`}</dt>
${definition === null ? null : html`<dd>Formula: <code>${definition}</code></dd>`}
<dd>Here: ${convention}</dd>
${reference === null ? null : html`<dd>Reference: ${reference}</dd>`}`,
  );
  return html`<p>Differences are candidate − baseline on the same units. An interval is what repeating the evaluation on other units like these would leave
plausible, at the confidence that is stated. A gate passes when its whole interval lies on the right side of its limit, fails when it lies wholly on the
other, and is inconclusive in between; no data is never a pass. Numbers are rounded here to two digits of their standard error; <code>report.json</code> has
them unrounded.</p>
<dl class="methods">
${entries}
</dl>`;
}

function evidenceList({ evidence }: ReportPage): Html {
  const lines = evidence.map(
    ({ what, text, code }) =>
      html`<dt>${what}</dt><dd>${text}${text !== null && code !== null ? " " : null}${code === null ? null : html`<code>${code}</code>`}</dd>`,
  );
  return html`<dl class="evidence">
${lines}
</dl>`;
}

/** What a page's security policy calls an inline style or script by. */
function hashOf(inline: string): string {
  return `sha256-${createHash("sha256").update(inline).digest("base64")}`;
}
