/**
 * How the auditor's page is laid out, in a real Chromium: at three widths as in `page-layout.json`, on A4 and on Letter, and with a hundred
 * groups. What is compared is where every part begins and how wide it is, not its pixels: a page that takes the system's font has other
 * pixels and other heights on every machine, and a comparison that fails on another font is switched off before it has found anything.
 * Left edges, widths, and the order from top to bottom come from the style alone. With GATEHOUSE_UPDATE_LAYOUT=1 the file is written anew.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { findChromium } from "../../lab/machine/toolchain";
import { page as render, type PageEvidence } from "../../reports";
import { sampleDocument } from "../fixtures/sample";
import { longest } from "./support";

const baseline = join(__dirname, "page-layout.json");
const folder = mkdtempSync(join(tmpdir(), "gatehouse-layout-"));
let browser: Browser | undefined;

const evidence: PageEvidence = {
  moment: "2026-11-28T21:00:00Z",
  by: "auditor@example.com",
  tool: "gatehouse 0.1.0",
  good: true,
  sentence: "All that was asked agrees with what was declared.",
  counts: [["questions asked", 1]],
  incomplete: [],
  members: { "backup-admins": ["ana@example.com", "zoe@example.com"], "backup-operators": null },
  tests: [{ platform: "k10", subject: "okta:Kasten Admins", question: "get secrets in kasten-io", expected: "refused", answer: "allowed" }],
  findings: [{ what: "ClusterRoleBinding somebody-else binds Group okta:Others", fix: "delete it, or declare it" }],
  decisions: [
    { what: "k10/backup-operators/basic: remove", by: "owner@example.com", reason: "left the team", carriedOut: "2026-11-28T21:00:00Z" },
  ],
  verify: ["gatehouse evidence verify evidence --key public.pem"],
};

before(async () => {
  writeFileSync(join(folder, "page.html"), render(sampleDocument(), { today: "2026-11-28", evidence }));
  writeFileSync(join(folder, "many.html"), render(manyGroups(), { today: "2026-11-28" }));
  const executablePath = await findChromium();
  browser =
    executablePath === undefined
      ? undefined
      : await chromium.launch({ executablePath, timeout: longest, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

function manyGroups() {
  const document = sampleDocument();
  const [first] = document.access;
  assert.ok(first);
  const name = (position: number): string => `Wide Names Of Working Groups, WMWMWM ${position}`;
  document.groups = Object.fromEntries(
    Array.from({ length: 100 }, (_, position) => [
      `g${position}`,
      { displayName: name(position), id: "1", claimValue: name(position), origin: "created" as const },
    ]),
  );
  document.access = Object.keys(document.groups).map((group, position) => ({ ...first, group, role: `role-${position % 7}` }));
  return document;
}

async function open(file: string, width: number): Promise<Page> {
  assert.ok(browser, "expected Chromium (apt-get install chromium-headless-shell, or CHROMIUM_PATH), got none");
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const opened = await context.newPage();
  opened.setDefaultTimeout(longest);
  await opened.goto(pathToFileURL(join(folder, file)).href);
  return opened;
}

interface Box {
  readonly what: string;
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
}

// Texts, since these tests are compiled without the browser's types.
const partsOfThePage = `[...document.querySelectorAll("h1, .verdict, header dl, .counts, nav, section, section > h2, section > .scroll, section > dl, section > ul, section > pre, section > .empty")].map((part) => {
  const box = part.getBoundingClientRect();
  const section = part.closest("section")?.id ?? "header";
  return { what: section + " " + part.tagName.toLowerCase(), left: box.left, width: box.width, top: box.top + scrollY, bottom: box.bottom + scrollY };
})`;
/** Elements with text of their own that is wider than they are, where nothing scrolls. */
const cutOff = `[...document.querySelectorAll("body *")].filter((part) => part.closest("svg, script, style") === null && [...part.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "") && (part.scrollWidth > part.clientWidth + 1) && part.clientWidth > 0 && getComputedStyle(part).overflowX === "visible" && part.closest(".scroll") === null).map((part) => part.outerHTML.slice(0, 120))`;

const widths = [360, 860, 1600] as const;

test("at three widths every part begins where it did, is as wide as it was, and stands in the same order", async () => {
  const found: Record<string, unknown> = {};
  for (const width of widths) {
    const opened = await open("page.html", width);
    const boxes: Box[] = await opened.evaluate(partsOfThePage);
    assert.deepEqual(await opened.evaluate(cutOff), [], `${width} px`);
    assertInOrder(boxes, width);
    // A part without height would be a part that nobody sees.
    assert.deepEqual(
      boxes.filter(({ top, bottom }) => bottom - top < 8),
      [],
    );
    found[width] = boxes.map(({ what, left, width: wide }) => [what, Math.round(left), Math.round(wide)]);
    // A picture with nothing on it is a few hundred bytes.
    assert.ok((await opened.screenshot({ fullPage: true })).length > 20_000);
  }
  if (process.env["GATEHOUSE_UPDATE_LAYOUT"] === "1") {
    writeFileSync(baseline, `${JSON.stringify(found, null, 1)}\n`);
  }
  const before = JSON.parse(readFileSync(baseline, "utf8")) as Record<string, [string, number, number][]>;
  for (const width of widths) {
    const [was, is] = [before[width] ?? [], found[width] as [string, number, number][]];
    assert.deepEqual(
      is.map(([what]) => what),
      was.map(([what]) => what),
      `${width} px`,
    );
    // Two pixels: fractions are rounded otherwise by another version.
    const moved = is.filter(
      ([, left, wide], position) => Math.abs(left - (was[position]?.[1] ?? 0)) > 2 || Math.abs(wide - (was[position]?.[2] ?? 0)) > 2,
    );
    assert.deepEqual(moved, [], `${width} px`);
  }
});

/** Parts of one section follow each other: none begins above the end of the one before. */
function assertInOrder(boxes: readonly Box[], width: number): void {
  const inner = boxes.filter(({ what }) => !what.endsWith(" section"));
  for (const [position, box] of inner.entries()) {
    const earlier = inner[position - 1];
    assert.ok(
      earlier === undefined || box.top >= earlier.bottom - 1,
      `${width} px: ${box.what} begins above the end of ${String(earlier?.what)}`,
    );
  }
}

test("what is compared finds a part that moves: a style without its margins is noticed", async () => {
  const opened = await open("page.html", 860);
  const boxes: Box[] = await opened.evaluate(partsOfThePage);
  await opened.addStyleTag({ content: "section { margin-left: 12px; }" });
  const moved: Box[] = await opened.evaluate(partsOfThePage);
  assert.ok(moved.some(({ left }, position) => Math.abs(left - (boxes[position]?.left ?? 0)) > 2));
});

for (const [format, width] of [
  // The sheet less two margins of 14 mm, in CSS pixels of 1/96 inch.
  ["A4", Math.floor(((210 - 28) / 25.4) * 96)],
  ["Letter", Math.floor((8.5 - 28 / 25.4) * 96)],
] as const) {
  test(`${format}: nothing is wider than the sheet, no word is cut, and it becomes a PDF`, async () => {
    for (const file of ["page.html", "many.html"]) {
      const opened = await open(file, width);
      await opened.emulateMedia({ media: "print" });
      const wider: string[] = await opened.evaluate(
        `[...document.querySelectorAll("main *, header *")].filter((part) => part.getBoundingClientRect().right > innerWidth + 1 && part.closest("svg *") === null).map((part) => part.outerHTML.slice(0, 120))`,
      );
      assert.deepEqual(wider.slice(0, 3), [], file);
      assert.equal(await opened.evaluate("getComputedStyle(document.querySelector('nav')).display"), "none");
      const pdf = await opened.pdf({ format, printBackground: true });
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
      assert.ok(pdf.length > 10_000, `${file}: ${pdf.length} bytes`);
    }
  });
}

test("a hundred groups: each name of the picture is in its box, in letters that can be read, on a row of its own", async () => {
  for (const width of widths) {
    const opened = await open("many.html", width);
    const labels: { inside: boolean; size: number; top: number; left: number }[] = await opened.evaluate(
      `[...document.querySelectorAll("svg text")].map((text) => {
        const [letters, box] = [text.getBoundingClientRect(), text.previousElementSibling.getBoundingClientRect()];
        const scale = box.height / Number(text.previousElementSibling.getAttribute("height"));
        return { inside: letters.right <= box.right && letters.bottom <= box.bottom + 2, size: parseFloat(getComputedStyle(text).fontSize) * scale, top: letters.top, left: letters.left };
      })`,
    );
    assert.equal(labels.length, 107);
    assert.deepEqual(
      labels.filter(({ inside }) => !inside),
      [],
      `${width} px`,
    );
    assert.ok(
      labels.every(({ size }) => size >= 12),
      `${width} px`,
    );
    const column = labels.filter(({ left }) => left === labels[0]?.left).map(({ top }) => top);
    assert.ok(column.every((top, position) => position === 0 || top - (column[position - 1] ?? 0) >= 20));
  }
});
