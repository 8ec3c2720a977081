import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { htmlReport } from "#adapters/html-report/html-report.ts";
import { hostileTexts } from "#test/adapters/templates/hostile-text.ts";
import { gate, measurement } from "#test/domain/report/judgement-builder.ts";
import { pageReport } from "#test/support/page-report.ts";

describe("the HTML report", () => {
  it("is the same bytes for the same report", async () => {
    expect(await htmlReport(pageReport())).toBe(await htmlReport(pageReport()));
  });

  it("says the verdict in one sentence, each gate with its interval, and what the numbers rest on", async () => {
    const page = await htmlReport(pageReport());
    expect(page).toContain("ndcg@10 −14.2 % [−17.9, −10.4] against 2026.11.02-1 (live in production), limit −2 %");
    expect(page).toContain("recall@50 could be on either side.");
    expect(page).toContain("Fewer of the candidate&#39;s items are judged.");
    expect(page).toContain("left out (latency_p99_ms)");
    expect(page).toContain("normalised discounted cumulative gain");
    expect(page).toContain("<code>555555555555</code>");
  });

  it("shows how units differ, a classifier's curves, and both answers of each example", async () => {
    const page = await htmlReport(pageReport());
    expect(page).toContain("ndcg@10 of the 225 units: 80 (36 %) higher with the candidate, 120 (53 %) lower, 25 (11 %) the same.");
    expect(page).toContain("The candidate, of 225 rows: 0.9 at 0.25, 0.9 at 0.5, 1 at 0.75.");
    expect(page).toContain("<summary><code>q9</code> −0.5000: 1 → 0.5000</summary>");
    expect(page).toContain(">unjudged</td>");
    expect(page).toContain("What both versions predicted for q7, whose label is spam");
  });

  it("leaves out what a report does not hold", async () => {
    const { distribution: _, curves: __, examples: ___, ...bare } = pageReport();
    const page = await htmlReport(bare);
    for (const title of ["Differences unit by unit", "Curves", "Examples"]) expect(page).not.toContain(`<h2 id="${title}`);
    expect(page).not.toMatch(/id="(?:units|curves|examples)"/);
  });

  it("allows its own style and script by their hashes, and nothing else", async () => {
    const page = await htmlReport(pageReport());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? "";
    const inline = (tag: string): string => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)?.[1] ?? "";
    const hash = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
    expect(policy.replaceAll("&#39;", "'")).toBe(
      `default-src 'none'; style-src '${hash(inline("style"))}'; script-src '${hash(inline("script"))}'; base-uri 'none'; form-action 'none'`,
    );
    expect(page.match(/ style=/g)).toBeNull();
    expect(page.match(/<(?:script|style|link|img|iframe|object)\b/g)).toEqual(["<style", "<script"]);
  });

  it("names no address but the namespaces of its drawings", async () => {
    const addresses = (await htmlReport(pageReport())).match(/\b(?:https?:)?\/\/[^\s"<]+/g) ?? [];
    expect([...new Set(addresses)].toSorted()).toEqual(["http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg"]);
  });

  it.each(hostileTexts)("keeps its shape whatever the data says: %j", async (said) => {
    const shape = async (text: string): Promise<readonly string[]> => (await htmlReport(saying(text))).match(/<[a-z!/][^\s>]*/gi) ?? [];
    expect(await shape(said)).toEqual(await shape("plain"));
  });
});

/** A report in which every text that people or files can choose is the one given. */
function saying(text: string): ReturnType<typeof pageReport> {
  const said = text === "" ? " " : text;
  const slice = { topic: said };
  return pageReport({
    measurements: [
      measurement(),
      measurement({ slice }),
      measurement({ metric: said, convention: { [said]: said }, unit: said, cluster: said }),
    ],
    gates: [gate(), gate({ id: said, metric: said, slice, rule: said, message: said, verdict: "error" })],
    leftOut: [said],
    preflight: [{ code: "x", verdict: "error", message: said }],
    distribution: { metric: said, dataset: said, units: 2, equal: 1, edges: [-1, 0, 1], counts: [0, 1] },
    examples: {
      metric: said,
      better: "higher",
      unit: said,
      wins: [{ id: said, difference: 1, baseline: 0, candidate: 1, row: { label: said, baseline: { class: said }, candidate: {} } }],
      losses: [
        {
          id: said,
          difference: -1,
          baseline: 1,
          candidate: 0,
          lists: { baseline: [{ rank: 1, item: said, score: 1, label: 0 }], candidate: [] },
        },
      ],
    },
    dataset: { name: said, digest: pageReport().dataset.digest },
  });
}
