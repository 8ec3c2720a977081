import type { IncidentView } from "#domain/incident/incident-view.ts";
import type { RemovalView } from "#domain/incident/removal-view.ts";
import type { RollbackView } from "#domain/incident/rollback-view.ts";
import { answerView } from "#domain/report/answer-view.ts";
import type { CommentView } from "#domain/report/comment-view.ts";
import type { ModelView } from "#domain/report/model-view.ts";
import type { TemplateName } from "#ports/templates.ts";

/** A view of each Markdown template in which every text is the one given. */
export function hostileViews(text: string): readonly { readonly name: TemplateName; readonly view: object }[] {
  // An empty text would leave out its part of a template, which is another shape by right.
  const said = text === "" ? " " : text;
  return [
    { name: "comment.md", view: comment(said, [model(said)], false) },
    { name: "comment.md", view: comment(said, [model(said), model(said)], true) },
    { name: "check.md", view: comment(said, [model(said)], false) },
    { name: "answer.md", view: answer(said) },
    { name: "rollback-pull-request.md", view: rollback(said) },
    { name: "remove-route-pull-request.md", view: removal(said) },
    { name: "rollback-pull-request.md", view: { ...rollback(said), hold: { path: said, who: said, lift: null } } },
    { name: "incident.md", view: incident(said, null) },
    { name: "incident.md", view: incident(said, said) },
  ];
}

function comment(said: string, models: readonly ModelView[], several: boolean): CommentView {
  return {
    head: said,
    refusals: [said, said],
    index: several ? { mark: "❌", headline: said, rows: [{ model: said, mark: "❌", headline: said }] } : null,
    models: { rows: models, more: said },
  };
}

function model(said: string): ModelView {
  const power = { id: said, detectable: said, ifUnchanged: said, toSettle: said };
  const row = { metric: said, slice: said, baseline: said, candidate: said, difference: said };
  return {
    model: said,
    mark: "❌",
    headline: said,
    version: said,
    digest: said,
    problems: { rows: [{ place: said, message: said }], more: said },
    ignored: said,
    report: {
      selfReported: { sentence: said, reason: said },
      gates: {
        rows: [{ ...row, ...power, found: said, rule: said, interval: said, verdict: "pass", mark: "✅", word: said, note: said }],
        more: said,
      },
      unsettled: [{ id: said, message: said }],
      leftOut: said,
      slices: said,
      sliceRows: { rows: [{ ...row, units: said, finding: said }], more: said },
      search: said,
      examples: said,
      detectable: said,
      beside: said,
      looks: said,
      history: {
        since: { head: said, text: said },
        metric: said,
        title: said,
        rows: { rows: [{ head: said, when: said, version: said, mark: "✅", word: said, found: said }], more: said },
      },
      preflight: [{ word: said, message: said }],
      measurements: { rows: [{ ...row, units: said }], more: said },
      measured: said,
      conventions: [{ metric: said, text: said }],
      provenance: {
        workflow: said,
        run: said,
        digest: said,
        dataset: { name: said, digest: said },
        baseline: { version: said, digest: said },
        ages: said,
      },
      evidence: [{ what: said, text: said, code: said }],
    },
    next: { sentence: said, command: oneLine(said), who: said },
  };
}

function answer(said: string): object {
  const table = { columns: [said, said], rows: [[said, said]] };
  return answerView({ command: said, kind: "refused", sentence: said, points: [said], table, who: said, next: oneLine(said) });
}

function rollback(said: string): RollbackView {
  return {
    model: said,
    environment: said,
    release: said,
    reason: said,
    exposure: said,
    candidate: { version: said, digest: said },
    restores: { version: said, digest: said },
    breaches: [{ objective: said, target: said, share: said, requests: said, window: said, kind: said }],
    timeline: [{ at: said, after: said, what: said }],
    hold: { path: said, lift: oneLine(said), who: said },
    evidence: { report: said, policy: said, pullRequest: said, head: said, startedBy: said },
  };
}

function removal(said: string): RemovalView {
  const { model, environment, reason, hold } = rollback(said);
  return { model, environment, reason, hold, version: said, digest: said, route: said, state: said, adopt: oneLine(said) };
}

function incident(said: string, closedAt: string | null): IncidentView {
  const declined = { pullRequest: 12, retry: oneLine(said), abort: oneLine(said) };
  return { ...rollback(said), pullRequest: closedAt === null ? null : 12, closedAt, declined };
}

/** A block of code keeps its lines; a command is one. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u0085\u2028\u2029\v\f]/g, " ");
}
