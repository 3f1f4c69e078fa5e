import { calendarFile, calendarOf, page, type PageEvidence } from "../../../reports";
import { sampleDocument } from "../../fixtures/sample";

const plain = (markup: string): string => markup.replaceAll("<wbr>", "").replace(/<time>(.*?)<\/time>/g, "$1");

const evidence: PageEvidence = {
  moment: "2026-11-28T21:00:00Z",
  by: "auditor@example.com",
  tool: "gatehouse 0.1.0",
  good: true,
  sentence: "All that was asked agrees with the declaration.",
  counts: [["questions asked", 1]],
  incomplete: [],
  members: { "backup-admins": ["ana@example.com", "zoe@example.com"], "backup-operators": null },
  tests: [{ platform: "k10", subject: "okta:Kasten Admins", question: "get secrets", expected: "refused", answer: "allowed" }],
  findings: [{ what: "a binding that nobody declared", fix: "remove it" }],
  decisions: [],
  verify: ["gatehouse evidence verify folder"],
};

test("by person: members whom the identity provider names, and a line where nobody knows them", () => {
  const text = plain(page(sampleDocument(), { evidence }));
  const people = /<section id="people"[^]*?<\/section>/.exec(text)?.[0] ?? "";
  expect([...people.matchAll(/<tr><th scope=row>(.*?)<td>(.*?)<td>(.*?)<td>/g)].map(([, ...cells]) => cells)).toEqual([
    ["(members of Kasten Users, managed elsewhere)", "k10", "basic"],
    ["(members of Security Auditors, managed elsewhere)", "k10", "view"],
    ["ana@example.com", "k10", "admin"],
    ["ana@example.com", "k10-dr", "admin"],
    ["zoe@example.com", "k10", "admin"],
    ["zoe@example.com", "k10-dr", "admin"],
  ]);
});

test("a test that was answered otherwise, and what could not be read, turn the verdict", () => {
  const text = page(sampleDocument(), { evidence });
  expect(text).toContain('<p class="verdict good">');
  expect(text).toMatch(/<tr class=bad><th scope=row>okta:Kasten Admins<td>/);
  expect(page(sampleDocument(), { evidence: { ...evidence, incomplete: ["members of Kasten Users"] } })).toContain(
    '<p class="verdict bad">',
  );
  expect(page(sampleDocument(), { evidence: { ...evidence, good: false } })).toContain('<p class="verdict bad">');
});

test("empty parts say what is not there", () => {
  const document = { ...sampleDocument(), access: [], risks: [] };
  const text = page(document, { evidence: { ...evidence, tests: [], findings: [], decisions: [] } });
  for (const words of [
    "Nobody may do anything: there is no grant.",
    "Nobody holds anything.",
    "No dangerous choice is written out.",
    "No question was asked: no cluster was named.",
    "Nothing differs.",
    "No review was held.",
  ]) {
    expect(text).toContain(words);
  }
  expect(text).not.toContain("<svg");
});

test("the picture grows with the groups: a hundred have a row each, and their whole names in titles", () => {
  const document = sampleDocument();
  const [first] = document.access;
  if (first === undefined) {
    throw new Error("The sample has no grant.");
  }
  const name = (position: number): string => `A group with a long name, number ${position}`;
  document.groups = Object.fromEntries(
    Array.from({ length: 100 }, (_, position) => [
      `g${position}`,
      { displayName: name(position), id: "1", claimValue: name(position), origin: "created" as const },
    ]),
  );
  document.access = Object.keys(document.groups).map((group) => ({ ...first, group }));
  const text = page(document);
  expect(text).toContain('viewBox="0 0 860 2600"');
  expect(text.match(/<path class="admin"/g)).toHaveLength(100);
  expect(text).toContain(`<title>${name(99)}</title>`);
});

test("the calendar: what ends, the earliest first; the file has whole days, escaped and folded", () => {
  const document = sampleDocument();
  expect(calendarOf(document)).toEqual([
    { day: "2027-02-21", what: "secret is rotated", subject: "k10: client secret, at the next update" },
    { day: "2027-03-31", what: "grant ends", subject: "k10: view of Security Auditors" },
  ]);
  const file = calendarFile(
    "prod; eu",
    [{ day: "2027-03-31", what: "grant ends", subject: `x, ${"é".repeat(60)}` }],
    "2026-11-28T21:00:00.123Z",
  );
  const lines = file.split("\r\n");
  expect(file.endsWith("END:VCALENDAR\r\n")).toBe(true);
  expect(lines).toContain("DTSTAMP:20261128T210000Z");
  expect(lines).toContain("DTSTART;VALUE=DATE:20270331");
  expect(lines.every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  expect(file.replaceAll("\r\n ", "")).toContain(`SUMMARY:prod\\; eu: grant ends: x\\, ${"é".repeat(60)}`);
});

test("reviews: in the calendar by day, once for each grant; those that were missed in a part of their own", () => {
  const document = sampleDocument();
  const [first, second] = document.access;
  if (first === undefined || second === undefined) {
    throw new Error("The sample has no grants.");
  }
  first.review = { every: "quarterly", reviewed: "2026-09-01", due: "2026-12-01", missed: "warn" };
  second.review = { every: "quarterly", reviewed: null, due: null, missed: "warn" };
  document.access.push({ ...first });
  expect(calendarOf(document).filter(({ what }) => what === "review is due")).toEqual([
    { day: "2026-12-01", what: "review is due", subject: "k10: admin of Kasten Admins" },
  ]);
  expect(calendarFile("sample", calendarOf(document), "2026-11-28T00:00:00Z")).toContain(
    "DTSTART;VALUE=DATE:20261201\r\nSUMMARY:sample: review is due",
  );
  const missed = (today: string): string => plain(/<section id="reviews"[^]*?<\/section>/.exec(page(document, { today }))?.[0] ?? "");
  expect(missed("2026-12-01")).toContain("it was never reviewed (quarterly)");
  expect(missed("2026-12-01")).not.toContain("was due by");
  expect(plain(missed("2026-12-02"))).toContain("its quarterly review was due by 2026-12-01");
  delete second.review;
  expect(missed("2026-12-01")).toContain("Every review was held.");
  expect(page(sampleDocument(), { today: "2026-12-01" })).not.toContain('id="reviews"');
});

test("the head says who made it, when and with what, with evidence and without", () => {
  const made = { moment: "2026-11-28T21:00:00Z", by: "somebody@ci", tool: "gatehouse 9.9.9" };
  const head = (text: string): string => plain(/<header>[^]*?<\/header>/.exec(text)?.[0] ?? "");
  for (const words of [
    "<dt>Read at</dt><dd>2026-11-28T21:00:00Z</dd>",
    "<dt>Read by</dt><dd>somebody@ci</dd>",
    "<dt>Made with</dt><dd>gatehouse 9.9.9</dd>",
  ]) {
    expect(plain(head(page(sampleDocument(), { made })))).toContain(words);
  }
  expect(head(page(sampleDocument(), { made, evidence }))).toContain("<dt>Read by</dt><dd>auditor@example.com</dd>");
  expect(head(page(sampleDocument()))).not.toContain("Read by");
});
