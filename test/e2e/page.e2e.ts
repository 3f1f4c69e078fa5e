// The auditor's page in a real browser: no violation that axe-core finds, in light and dark; no word broken and no page wider than its
// window at three widths; the filter and the order of the tables under the page's own content security policy.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import { findChromium } from "../../lab/machine/toolchain";
import { chromiumFlags } from "../../lab/story/sign-in/browser-driver";
import { page as render } from "../../reports";
import { sampleDocument } from "../fixtures/sample";
import { longest } from "./support";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-page-"));
const file = join(folder, "page.html");
let browser: Browser | undefined;

before(async () => {
  const document = sampleDocument();
  const [first] = document.access;
  assert.ok(first);
  // Enough rows for filter and order, one of them with a name that nothing breaks.
  document.access.push(...["view", "basic", "dr-only"].map((role) => ({ ...first, role })));
  writeFileSync(file, render(document, { today: "2026-11-28" }));
  const executablePath = await findChromium();
  browser = executablePath === undefined ? undefined : await chromium.launch({ executablePath, timeout: longest, args: chromiumFlags });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function open(width: number, colorScheme: "light" | "dark" = "light", bypassCSP = false): Promise<Page> {
  assert.ok(browser, "expected Chromium (apt-get install chromium-headless-shell, or CHROMIUM_PATH), got none");
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP });
  const opened = await context.newPage();
  opened.setDefaultTimeout(longest);
  await opened.goto(pathToFileURL(file).href);
  return opened;
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe-core finds nothing, ${colorScheme}`, async () => {
    // axe itself is a script that the page's policy would refuse.
    const opened = await open(1280, colorScheme, true);
    await opened.evaluate(axe.source);
    const { violations } = await opened.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<axe.AxeResults> } }).axe.run());
    assert.deepEqual(
      violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      [],
    );
  });
}

for (const width of [360, 860, 1600]) {
  test(`${width} px: the page is as wide as its window, and no table head breaks inside a word`, async () => {
    const opened = await open(width);
    // A text, since these tests are compiled without the browser's types.
    const found: { wide: number; heads: number[] } = await opened.evaluate(
      "({ wide: document.documentElement.scrollWidth - innerWidth, heads: [...document.querySelectorAll('thead th')].map((head) => head.getBoundingClientRect().height) })",
    );
    assert.equal(found.wide, 0);
    assert.ok(found.heads.length > 10 && found.heads.every((height) => height < 45), JSON.stringify(found.heads));
  });
}

test("filter and order work under the page's own policy, and nothing is refused by it", async () => {
  const opened = await open(1280);
  const refused: string[] = [];
  opened.on("console", (message) => refused.push(message.text()));
  const people = opened.locator("#people");
  const names = () => people.locator("tbody tr:visible th").allTextContents();
  const all = await names();
  await people.locator("input").fill("k10-dr");
  assert.ok((await names()).length < all.length && (await names()).length > 0);
  await people.locator("input").fill("");
  await people.locator("thead button").first().click();
  await people.locator("thead button").first().click();
  assert.deepEqual(
    await names(),
    [...all].sort((left, right) => right.localeCompare(left, "en", { numeric: true })),
  );
  assert.deepEqual(refused, []);
});
