import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { htmlReport } from "#adapters/html-report/html-report.ts";
import { launchBrowser } from "#test/support/browser.ts";
import { pageReport } from "#test/support/page-report.ts";

const folder = mkdtempSync(join(tmpdir(), "html-report-"));
const file = join(folder, "report.html");
let browser: Browser;

beforeAll(async () => {
  writeFileSync(file, await htmlReport(pageReport()));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

interface Looked {
  readonly page: Page;
  /** Requests and complaints of the browser since the page was opened. */
  readonly requests: string[];
  readonly complaints: string[];
}

async function open(how: { readonly colorScheme?: "light" | "dark"; readonly javaScriptEnabled?: boolean } = {}): Promise<Looked> {
  const page = await browser.newPage({ ...how, viewport: { width: 1200, height: 900 } });
  const [requests, complaints]: [string[], string[]] = [[], []];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(file).href);
  return { page, requests, complaints };
}

describe("the HTML report in a browser", () => {
  it("asks for nothing but itself and breaks no rule of its own security policy", async () => {
    const { page, requests, complaints } = await open();
    await page.waitForLoadState("networkidle");
    expect(requests).toEqual([pathToFileURL(file).href]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("lets its security policy stop what is put into it", async () => {
    const { page } = await open();
    const refused = page.waitForEvent("requestfailed");
    await page.evaluate(`
      const script = document.createElement("script");
      script.textContent = "document.title = 'taken over'";
      document.body.append(script);
      const image = document.createElement("img");
      image.src = "http://127.0.0.1:9/leak.png";
      document.body.append(image);
    `);
    expect((await refused).failure()?.errorText).toBe("csp");
    expect(await page.title()).toBe("Fail: search-ranker 2026.11.20-3");
    await page.close();
  });

  it.each(["light", "dark"] as const)("has no violation that axe finds serious or critical, %s", async (colorScheme) => {
    const { page } = await open({ colorScheme });
    // Through the debugger, which the page's own policy does not bind.
    const session = await page.context().newCDPSession(page);
    await session.send("Runtime.evaluate", { expression: axe.source });
    const { result } = await session.send("Runtime.evaluate", {
      expression: `axe.run(document).then(({ violations }) => JSON.stringify(violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html))))`,
      awaitPromise: true,
    });
    expect(JSON.parse(String(result.value))).toEqual([]);
    await page.close();
  });

  it("draws with the colours of the ground: a mark that is worse differs between light and dark", async () => {
    const colours: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await open({ colorScheme });
      colours.push(await page.evaluate<string>(`getComputedStyle(document.querySelector('svg path[fill="var(--worse)"]')).fill`));
      await page.close();
    }
    expect(colours).toEqual(["rgb(179, 64, 10)", "rgb(255, 163, 107)"]);
  });

  it("sorts a table by keyboard, by numbers and not by their spelling, what was not measured last both ways", async () => {
    const { page } = await open();
    const column = (index: number): Promise<string[]> =>
      page.locator("table.sortable").first().locator(`tbody tr td:nth-child(${index})`).allTextContents();
    const units = page.getByRole("button", { name: "units" }).first();
    await units.focus();
    await page.keyboard.press("Enter");
    expect(await column(3)).toEqual(["40", "60", "85", "225", "225", "225"]);
    expect(await page.locator("th[aria-sort=ascending]").first().textContent()).toBe("units");
    const change = page.getByRole("button", { name: "difference, 95 % interval" }).first();
    await change.focus();
    await page.keyboard.press("Enter");
    const ascending = await column(6);
    await page.keyboard.press("Space");
    const descending = await column(6);
    expect(ascending[0]).toContain("−0.120");
    expect(descending[0]).toContain("+0.061");
    expect([ascending.at(-1), descending.at(-1)]).toEqual(["none (census)", "none (census)"]);
    await page.close();
  });

  it("says everything without its script", async () => {
    const { page } = await open({ javaScriptEnabled: false });
    expect(await page.getByRole("columnheader", { name: "units", exact: true }).count()).toBe(1);
    expect(
      await page.getByRole("img", { name: /^ndcg@10, candidate − baseline with 95 % intervals, 4 rows: 2 worse, 1 better/ }).count(),
    ).toBe(1);
    await page.close();
  });

  it("takes the first Tab to a link that skips to the report", async () => {
    const { page } = await open();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("report");
    await page.close();
  });

  it("is no wider than a small screen", async () => {
    const { page } = await open();
    await page.setViewportSize({ width: 380, height: 700 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(380);
    await page.close();
  });
});
