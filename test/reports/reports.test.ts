import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { calendarOf, matrixRows, platformFacts, renderReport, reportFormats, textMatrix } from "../../reports";
import { sampleDocument } from "../fixtures/sample";

/** The sample with a group's name and a member that try to be more than text. */
function hostile(name: string) {
  const document = sampleDocument();
  const admins = document.groups["backup-admins"];
  if (admins === undefined) {
    throw new Error("The sample has no backup-admins.");
  }
  admins.displayName = name;
  return document;
}

/** A strict reader of RFC 4180, to prove what a spreadsheet would see. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (quoted && character === '"' && text[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (character === '"') {
      quoted = !quoted;
    } else if (!quoted && (character === "," || (character === "\r" && text[at + 1] === "\n"))) {
      rows.at(-1)?.push(field);
      field = "";
      if (character === "\r") {
        rows.push([]);
        at += 1;
      }
    } else {
      field += character;
    }
  }
  return rows.slice(0, -1);
}

test("the matrix resolves every grant to people, place, end, subject and objects", () => {
  expect(matrixRows(sampleDocument(), { today: "2027-04-01" })[1]).toEqual({
    platform: "k10",
    platformTitle: "Kasten K10",
    group: "Kasten Users",
    holder: "Kasten Users",
    claimValue: "Kasten Users",
    members: null,
    role: "basic",
    permits: "backs up and restores applications in the named namespaces",
    reach: [],
    where: "billing, shop",
    until: null,
    ended: false,
    subject: "okta:Kasten Users",
    bindings: [
      "RoleBinding billing/gatehouse-k10-k10-basic -> ClusterRole k10-basic",
      "RoleBinding shop/gatehouse-k10-k10-basic -> ClusterRole k10-basic",
    ],
  });
});

test("a person with a grant of their own is called a person, where people read, and is a stable text in CSV", () => {
  const document = sampleDocument();
  const grant = document.access[0];
  assert.ok(grant);
  document.access = [{ ...grant, group: "user:iris@example.com", person: { login: "iris@example.com", claimValue: "00u1" } }];
  expect(matrixRows(document)[0]).toMatchObject({
    group: "user:iris@example.com",
    holder: "iris@example.com (a person)",
    members: ["iris@example.com"],
  });
  for (const format of ["text", "markdown", "html"] as const) {
    // What only lets a line break, or keeps Markdown from making a link, is not seen.
    const report = renderReport(document, format, {}).replaceAll(/<wbr>|<\/?span>|\\/g, "");
    expect(report).toContain("iris@example.com (a person)");
    expect(report).not.toContain("user:iris@example.com");
  }
  expect(renderReport(document, "csv", {})).toContain("user:iris@example.com");
  // On a platform that reads no groups a member stands there by name, and holds it by the group.
  document.access = [{ ...grant, person: { login: "ana@example.com", claimValue: "00u2" } }];
  expect(matrixRows(document)[0]?.holder).toBe("Kasten Admins");
});

test.each([
  ["2027-03-31", false],
  ["2027-04-01", true],
  [undefined, false],
])("a grant until 2027-03-31 has ended on %s: %s", (today, ended) => {
  expect(matrixRows(sampleDocument(), { today })[2]).toMatchObject({ until: "2027-03-31", ended });
});

test("the platforms tell redirect URIs, names, release and the secret's dates", () => {
  const [k10, recovery] = platformFacts(sampleDocument());
  expect(Object.fromEntries(k10?.facts ?? [])).toEqual({
    Address: "https://k10.example.com/k10/",
    Issuer: "https://example.okta.com",
    "Client id": "0oa1k10",
    "Redirect URIs": "https://k10.example.com/k10/auth-svc/v0/oidc/redirect",
    "Sign-out redirect URIs": "https://k10.example.com/k10/",
    "Grant types": "authorization_code",
    Scopes: "openid profile email groups",
    Username: "okta:<sub>",
    "Groups in a token": "names that match ^(Kasten Admins|Kasten Users|Security Auditors)$",
    Groups: "okta:<groups>",
    Release: "kasten-io/k10, chart k10 8.0.15",
    "Client secret": "kasten-io/k10-oidc-0123456789, no end set by the identity provider, rotates from 2027-02-21",
  });
  expect(Object.fromEntries(recovery?.facts ?? [])["Client secret"]).toBe("none");
});

test.each([
  ["2027-01-01", "k10-secret, expires 2027-01-01T00:00:00Z, rotated by hand"],
  ["2027-01-02", "k10-secret, EXPIRED 2027-01-01T00:00:00Z, rotated by hand"],
])("a secret that ends on 2027-01-01, read on %s", (today, words) => {
  const document = sampleDocument();
  const k10 = document.platforms["k10"];
  if (k10 !== undefined) {
    k10.secret = { namespace: "kasten-io", name: "k10-secret", expiresAt: "2027-01-01T00:00:00Z", rotatesAt: null };
  }
  expect(renderReport(document, "text", { today })).toContain(words);
});

describe("text", () => {
  test("is aligned, in columns of the widest cell", () => {
    expect(textMatrix(sampleDocument(), { today: "2026-11-23" }).split("\n")).toEqual([
      "Platform  Group              Members            Role   Permits                                                                                           Where          Until       Subject",
      "--------  -----------------  -----------------  -----  ------------------------------------------------------------------------------------------------  -------------  ----------  ----------------------",
      "k10       Kasten Admins      ana@example.com    admin  administers backups, restores and policies of every namespace; reaches everything in the cluster  everywhere     no end      okta:Kasten Admins",
      "k10       Kasten Users       managed elsewhere  basic  backs up and restores applications in the named namespaces                                        billing, shop  no end      okta:Kasten Users",
      "k10       Security Auditors  managed elsewhere  view   reads the configuration of Kasten K10, changes nothing                                            everywhere     2027-03-31  okta:Security Auditors",
      "k10-dr    Kasten Admins      ana@example.com    admin  administers backups, restores and policies of every namespace; reaches everything in the cluster  everywhere     no end      okta:Kasten Admins",
      "",
    ]);
  });

  test("lets no control character through", () => {
    const text = renderReport(hostile("A\u001b[2J\nB"), "text");
    expect(text).not.toContain("\u001b");
    expect(text).toContain("A?[2J B");
  });

  test("says so when there is no grant, and names the risks", () => {
    const document = { ...sampleDocument(), access: [], risks: ["k10: something dangerous."] };
    const text = renderReport(document, "text");
    expect(text).toContain("Nobody may do anything: there is no grant.\n");
    expect(text).toContain("Risks written out\n  - k10: something dangerous.\n");
  });
});

describe("markdown", () => {
  test("has one line a grant, with its bindings", () => {
    expect(renderReport(sampleDocument(), "markdown")).toContain(
      "| k10 | Security Auditors | managed elsewhere | view | reads the configuration of Kasten K10, changes nothing | everywhere | 2027-03-31 | okta:Security Auditors | ClusterRoleBinding gatehouse-k10-k10-config-view -&gt; ClusterRole k10-config-view |",
    );
  });

  test("takes a name as text: no cell, link, image, HTML or mention comes of it", () => {
    const text = renderReport(hostile("a|b ![x](y) <script> @team `c` *d*\ne"), "markdown");
    expect(text).toContain("| a\\|b \\!\\[x\\](y) &lt;script&gt; <span>@</span>team \\`c\\` \\*d\\* e |");
  });
});

describe("html", () => {
  test("is one page that loads nothing, and runs no script but its own", () => {
    const page = renderReport(sampleDocument(), "html");
    const [, script = ""] = /<script>([^]*?)<\/script>/.exec(page) ?? [];
    const hash = createHash("sha256").update(script).digest("base64");
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">`,
    );
    expect(page).not.toMatch(/<(link|img|iframe)\b|\bsrc=|@import|url\(/);
    expect(page.match(/<script\b/g)).toHaveLength(1);
    // Two tables of platforms, one of people, one calendar: heads, grants, holdings, ends.
    expect(page.match(/<tr>/g)?.length).toBe(4 + 4 + 4 + calendarOf(sampleDocument()).length);
  });

  test("escapes", () => {
    const page = renderReport(hostile("<img src=x onerror=\"a('&')\">"), "html");
    expect(page.replaceAll("<wbr>", "")).toContain("<th scope=row>&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;<td>");
    expect(page).not.toContain("<img");
  });

  test("marks ended grants", () => {
    expect(renderReport(sampleDocument(), "html", { today: "2027-04-01" }).match(/<tr class=ended>/g)?.length).toBe(2 + 2);
  });
});

describe("csv", () => {
  test("has a header and a line a grant, ended by CRLF", () => {
    const text = renderReport(sampleDocument(), "csv", { today: "2027-04-01" });
    const [header, ...rows] = readCsv(text);
    expect(header).toEqual([
      "platform",
      "platform_title",
      "group",
      "claim_value",
      "members",
      "membership",
      "role",
      "permits",
      "where",
      "until",
      "ended",
      "subject",
      "bindings",
    ]);
    expect(rows).toHaveLength(4);
    expect(rows[2]?.slice(0, 12)).toEqual([
      "k10",
      "Kasten K10",
      "Security Auditors",
      "Security Auditors",
      "",
      "managed elsewhere",
      "view",
      "reads the configuration of Kasten K10, changes nothing",
      "everywhere",
      "2027-03-31",
      "true",
      "okta:Security Auditors",
    ]);
    expect(text.endsWith("\r\n")).toBe(true);
  });

  test.each([
    ['a "b", c', 'a "b", c'],
    ["two\r\nlines", "two\r\nlines"],
    ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(1)", "'@SUM(1)"],
    ["\t=1", "'\t=1"],
    [" =1", "' =1"],
    ["\uff1dcmd", "'\uff1dcmd"],
    ["a\u001b[31mred", "a?[31mred"],
    ["a=1", "a=1"],
  ])("the name %j is read back as %j", (name, expected) => {
    expect(readCsv(renderReport(hostile(name), "csv"))[1]?.[2]).toBe(expected);
  });
});

test("json has sorted keys and the same rows", () => {
  const report = JSON.parse(renderReport(sampleDocument(), "json")) as Record<string, unknown>;
  expect(Object.keys(report)).toEqual(["access", "identityProvider", "platforms", "risks", "stack", "version"]);
  expect(report["access"]).toEqual(matrixRows(sampleDocument()));
});

test.each([...reportFormats])("%s is the same for equal documents", (format) => {
  expect(renderReport(sampleDocument(), format)).toBe(renderReport(sampleDocument(), format));
});
