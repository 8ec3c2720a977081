/**
 * `npm run screenshots`: the pictures of docs/images, made from a real evaluation of the Cranfield rankers in a real browser. The comment is
 * rendered by cmark-gfm, GitHub's own Markdown renderer (`apt-get install chromium cmark-gfm fonts-dejavu-core fonts-noto-color-emoji`).
 */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { htmlReport } from "#adapters/html-report/html-report.ts";
import { handlebarsTemplates } from "#adapters/templates/handlebars-templates.ts";
import type { Report } from "#domain/evaluation/report.ts";
import { commitShaSchema, environmentNameSchema } from "#domain/model/names.ts";
import { instantSchema } from "#domain/model/time.ts";
import { commentView } from "#domain/report/comment-view.ts";
import { judgedModel, judgement, policy } from "#test/domain/report/judgement-builder.ts";
import { launchBrowser } from "#test/support/browser.ts";
import { evaluationSetting, reportOf } from "#test/support/evaluation-setting.ts";
import { modelYaml } from "#test/support/ranker-repository.ts";

const images = join(import.meta.dirname, "..", "docs", "images");

/** bm25 against cosine, and the other way round. */
async function evaluated(candidate: "bm25" | "cosine"): Promise<Report> {
  const setting = evaluationSetting();
  const gates = [
    '{metric: ndcg@10, noWorseThan: "2%"}',
    '{metric: ndcg@10, slice: "*", noWorseThan: "5%"}',
    '{metric: recall@50, noWorseThan: "5%"}',
  ];
  const evaluation = { metrics: "[ndcg@10, recall@50, mrr, map]" };
  try {
    setting.head.write("models/search-ranker/model.yaml", modelYaml({ version: candidate, evaluation, gates }));
    setting.trusted.write(
      "models/search-ranker/model.yaml",
      modelYaml({ version: candidate === "bm25" ? "cosine" : "bm25", evaluation, gates }),
    );
    return await reportOf(setting.evaluate("--json"));
  } finally {
    setting.close();
  }
}

const head = commitShaSchema.parse("4f1c9e0b7a5d4e3c8b2a1f0e9d8c7b6a5f4e3d2c");
const before = commitShaSchema.parse("b81d07f2c6e94a5d8f3b2c1a0e9f8d7c6b5a4e3f");

function commentPage(better: Report, worse: Report): string {
  const when = (day: string) => instantSchema.parse(`2026-11-${day}T08:00:00.000Z`);
  const background = {
    evaluatedAt: when("20"),
    liveSince: when("02"),
    earlier: [{ head: before, evaluatedAt: when("19"), report: worse }],
  };
  const environment = environmentNameSchema.parse("production");
  const live = { ...better, baseline: better.baseline && { ...better.baseline, environment } };
  const templates = handlebarsTemplates(join(import.meta.dirname, "..", "templates"), { github: new URL("https://github.com") });
  const markdown = templates.render(
    "comment.md",
    commentView(judgement([judgedModel(live, { candidate: live.candidate, background })], { head }), policy),
  );
  const body = execFileSync("cmark-gfm", ["--unsafe", "-e", "table", "-e", "strikethrough", "-e", "autolink"], {
    input: markdown,
    encoding: "utf8",
  });
  return `<!doctype html><meta charset="utf-8"><style>${githubStyle}</style><article>${body}</article>`;
}

/** What of GitHub's look decides whether a comment can be read: its width, its type, its tables. */
const githubStyle = `
  body { margin: 0; padding: 16px; font: 14px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; }
  article { width: 780px; border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px; }
  h3 { font-size: 17.5px; margin: 0 0 16px; } p, table, ul, details, pre { margin: 0 0 16px; }
  table { display: block; width: max-content; max-width: 100%; overflow: auto; border-collapse: collapse; }
  th, td { padding: 6px 13px; border: 1px solid #d1d9e0; } tr:nth-child(2n) td { background: #f6f8fa; }
  code { font: 12px ui-monospace, monospace; background: #818b981f; padding: .2em .4em; border-radius: 6px; white-space: break-spaces; }
  pre { background: #f6f8fa; padding: 16px; border-radius: 6px; } pre code { background: none; padding: 0; } sub { font-size: 12px; color: #59636e; }
`;

const [better, worse] = [await evaluated("bm25"), await evaluated("cosine")];
const pictures = [
  { name: "report-light.png", html: await htmlReport(better), scheme: "light", width: 1180, height: 1150 },
  { name: "report-dark.png", html: await htmlReport(worse), scheme: "dark", width: 1180, height: 1150 },
  { name: "comment.png", html: commentPage(better, worse), scheme: "light", width: 840, height: undefined },
] as const;

mkdirSync(images, { recursive: true });
const browser = await launchBrowser();
try {
  for (const { name, html, scheme, width, height } of pictures) {
    const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height: height ?? 800 } });
    await page.setContent(html);
    await page.screenshot({ path: join(images, name), fullPage: height === undefined });
    await page.close();
    console.log(`docs/images/${name}`);
  }
} finally {
  await browser.close();
}
