import { existsSync } from "node:fs";
import { isExecutable, which } from "./versions";

/** First the one without windows, in which the same pages take a quarter of the processor time; Playwright runs such a one by itself. */
export const chromiumNames = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const macPaths = ["/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/**
 * A Chromium (or Chrome) to drive: `$CHROMIUM_PATH` if set, else from PATH, else where macOS keeps applications, else the one
 * that Playwright downloaded for its own version. Undefined when there is none; the lab never downloads a browser.
 * Throws when `$CHROMIUM_PATH` names no executable file: a wish that cannot be met should not turn into another browser.
 */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const wished = env.CHROMIUM_PATH;
  if (wished !== undefined && wished !== "") {
    if (!isExecutable(wished)) {
      throw new Error(`CHROMIUM_PATH: expected an executable file, got '${wished}'`);
    }
    return wished;
  }
  const installed = chromiumNames.map((name) => which(name, env.PATH)).find((path) => path !== undefined);
  return installed ?? macPaths.find(existsSync) ?? (await playwrightChromium());
}

async function playwrightChromium(): Promise<string | undefined> {
  const { chromium } = await import("playwright-core");
  const path = chromium.executablePath();
  return path !== "" && existsSync(path) ? path : undefined;
}
