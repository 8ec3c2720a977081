import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

/** Where this machine has a Chromium; `SLIPWAY_CHROMIUM` names another one. */
export function browserPath(): string | undefined {
  return [process.env["SLIPWAY_CHROMIUM"] ?? "", ...places].find(isExecutable);
}

/** A browser that asks nobody anything by itself. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (executablePath === undefined) {
    throw new Error("There is no Chromium here: apt-get install chromium fonts-dejavu-core, or name one by SLIPWAY_CHROMIUM.");
  }
  const quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", ...quiet] });
}

function isExecutable(path: string): boolean {
  if (path === "") return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
