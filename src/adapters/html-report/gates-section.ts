import type { GateRow } from "#domain/report/gate-rows.ts";
import type { ReportPage } from "#domain/report/page/report-page.ts";
import { type Html, html } from "./html.ts";
import { scrolling } from "./html-table.ts";
import { verdictMarks } from "./verdict-marks.ts";

/** What decided: the gates, why some of them did not pass, and what a reader must know of the inputs. */
export function gatesSection({ gates, open, leftOut, findings, detectable }: ReportPage): Html {
  const lines = [
    ...open.map(({ id, message }) => html`<li><code>${id}</code>: ${message}</li>`),
    ...findings.map(({ word, message }) => html`<li><strong>${word}:</strong> ${message}</li>`),
    ...(leftOut.length === 0
      ? []
      : [html`<li>This is a first version: gates that compare with a baseline are left out (${leftOut.join(", ")}).</li>`]),
  ];
  return html`${gates.length === 0 ? html`<p>No gate was judged.</p>` : gateTable(gates)}
${
  lines.length === 0
    ? null
    : html`<ul>
${lines}
</ul>`
}
${detectable === null ? null : html`<p>${detectable}</p>`}`;
}

function gateTable(gates: readonly GateRow[]): Html {
  return scrolling(
    "gates",
    html`<table><caption>Gates, those that decide first. In a drawn interval ● is the estimate, │ the rule’s limit and 0 no change.</caption>
<thead><tr>
<th scope="col">gate</th><th scope="col">verdict</th><th scope="col">slice</th><th scope="col" data-kind="number">baseline</th><th scope="col" data-kind="number">candidate</th>
<th scope="col" data-kind="number">difference, 95 % interval</th><th scope="col">rule</th><th scope="col">interval</th>
</tr></thead><tbody>
${gates.map(rowOf)}
</tbody></table>`,
  );
}

function rowOf({ metric, slice, baseline, candidate, difference, rule, interval, verdict, word, note }: GateRow): Html {
  return html`<tr><th scope="row"><code>${metric}</code></th>
<td class="word v-${verdict}"><span aria-hidden="true">${verdictMarks[verdict]}</span> ${word}${note === null ? null : html` <small>${note}</small>`}</td>
<td>${slice}</td><td class="number">${baseline}</td><td class="number">${candidate}</td><td class="number">${difference}</td>
<td class="rule">${rule}</td><td class="interval"><span aria-hidden="true">${interval}</span></td></tr>`;
}
