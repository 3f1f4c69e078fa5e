// The page of a very large environment in a real Chromium: 10,000 rows of access and of answers. What keeps it quick is that the browser
// lays out no table that nobody has come near, and that is what is asked of it. How long a frame then takes is the machine's affair: it is
// measured beside a small page, and printed.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium, type Browser } from "playwright-core";
import { findChromium } from "../../lab/machine/toolchain";
import type { EnvironmentDocument } from "../../model";
import { page as render, type PageEvidence } from "../../reports";
import { sampleDocument } from "../fixtures/sample";
import { longest } from "./support";

const rows = 10_000;
const people = 100;
const logins = Array.from({ length: rows }, (_, number) => `person-${number}@example.com`);
const folder = mkdtempSync(join(tmpdir(), "gatehouse-size-"));
let browser: Browser | undefined;

before(async () => {
  const document = grantsFor(people);
  const members = Object.fromEntries(Object.keys(document.groups).map((key) => [key, logins.slice(0, rows / people / 2)]));
  writeFileSync(join(folder, "large.html"), render(document, { today: "2026-11-28", evidence: answers(rows / 2, members) }));
  writeFileSync(join(folder, "small.html"), render(sampleDocument(), { today: "2026-11-28", evidence: answers(4, {}) }));
  const executablePath = await findChromium();
  assert.ok(executablePath, "expected Chromium (apt-get install chromium-headless-shell, or CHROMIUM_PATH), got none");
  browser = await chromium.launch({ executablePath, timeout: longest, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

function grantsFor(groups: number): EnvironmentDocument {
  const document = sampleDocument();
  const [first] = document.access;
  assert.ok(first);
  const keys = Array.from({ length: groups }, (_, number) => `team-${number}`);
  document.groups = Object.fromEntries(
    keys.map((key) => [key, { displayName: `Team ${key}`, id: key, claimValue: key, origin: "existing" as const }]),
  );
  document.access = keys.map((group) => ({ ...first, group }));
  return document;
}

function answers(count: number, members: PageEvidence["members"]): PageEvidence {
  const tests = Array.from({ length: count }, (_, number) => ({
    platform: "k10",
    subject: `okta:Team team-${number % people}, ${logins[number % logins.length] ?? ""}`,
    question: `${number % 2 === 0 ? "create" : "delete"} policies.config.kio.kasten.io in namespace-${number}`,
    expected: "refused" as const,
    answer: "refused" as const,
  }));
  const of = { moment: "2026-11-28T21:00:00Z", by: "auditor@example.com", tool: "gatehouse 0.1.0", good: true, sentence: "All agrees." };
  return { ...of, counts: [], incomplete: [], members, tests, findings: [], decisions: [], verify: [] };
}

interface Measure {
  readonly firstPaint: number;
  /** Milliseconds until a frame after a jump into the middle, and to the end: what lies there is laid out then. */
  readonly jump: number;
  /** Milliseconds of a frame while a wheel turns there: the median, and the one that one in twenty exceeds. */
  readonly median: number;
  readonly slow: number;
  readonly rows: number;
  /** Rows that the browser has laid out: at first, with the beginning in the window, and after the last turn of the wheel. */
  readonly laidOut: { readonly first: number; readonly last: number };
}

// A text, since these tests are compiled without the browser's types. A notch of a wheel is about 100 pixels.
const scrolled = `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const timed = async (move) => {
    const before = await frame();
    move();
    await frame();
    return (await frame()) - before;
  };
  const height = () => document.documentElement.scrollHeight;
  const rows = [...document.querySelectorAll("tbody tr")];
  const laidOut = () => rows.filter((row) => row.checkVisibility({ contentVisibilityAuto: true })).length;
  await frame();
  await frame();
  const first = laidOut();
  const jumps = [await timed(() => scrollTo(0, height())), await timed(() => scrollTo(0, height() / 2))];
  const turns = [];
  for (let turn = 0; turn < 120; turn += 1) {
    turns.push((await timed(() => scrollBy(0, 100))) / 2);
  }
  turns.sort((left, right) => left - right);
  return {
    firstPaint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    jump: Math.max(...jumps),
    median: turns[60],
    slow: turns[114],
    rows: rows.length,
    laidOut: { first, last: laidOut() },
  };
})()`;

async function measure(file: string): Promise<Measure> {
  assert.ok(browser);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const opened = await context.newPage();
  opened.setDefaultTimeout(longest);
  await opened.goto(pathToFileURL(join(folder, file)).href);
  const found: Measure = await opened.evaluate(scrolled);
  await context.close();
  return found;
}

test("10,000 rows: painted without laying them out, and the wheel lays out what it comes to", async () => {
  // The first page of a browser pays for the browser.
  await measure("small.html");
  const [small, large] = [await measure("small.html"), await measure("large.html")];
  const size = statSync(join(folder, "large.html")).size;
  const text = ({ firstPaint, jump, median, slow }: Measure): string =>
    `first paint ${Math.round(firstPaint)} ms, jump ${Math.round(jump)} ms, frame ${median.toFixed(1)} ms, slowest twentieth ${slow.toFixed(1)} ms`;
  const both = `${large.rows} rows: ${text(large)}; small: ${text(small)}`;
  console.log(`${Math.round(size / 1024)} KB, ${both}`);
  assert.ok(large.rows >= rows, both);
  assert.ok(large.firstPaint > 0, both);
  // The head of the page, and what stands right below it.
  assert.ok(large.laidOut.first < rows / 20, `${large.laidOut.first} rows laid out at first; ${both}`);
  assert.ok(large.laidOut.last > 0 && large.laidOut.last < large.rows, `${large.laidOut.last} rows laid out at last; ${both}`);
  assert.equal(small.laidOut.first, small.rows);
});
