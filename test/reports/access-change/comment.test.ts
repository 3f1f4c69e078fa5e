import { environmentDocument, parseEnvironment, type EnvironmentDocument } from "../../../model";
import { accessChange, commentMarker, renderAccessChange } from "../../../reports";
import { sampleRaw, today } from "../../fixtures/sample";

type Access = readonly { group: string; role: string; namespaces?: readonly string[]; until?: string }[];

/** A document with these groups, and with these grants at K10. */
function documentOf(groups: Record<string, object>, access: Access): EnvironmentDocument {
  const raw = sampleRaw();
  // A stack file without any grant is refused.
  const some = [{ group: Object.keys(groups)[0], role: "admin" }];
  const { environment } = parseEnvironment(
    { ...raw, groups, platforms: { k10: { ...raw.platforms.k10, access: access.length === 0 ? some : access } } },
    today,
  );
  const document = environmentDocument(environment, {
    stack: "production",
    groups: Object.fromEntries(Object.keys(groups).map((key) => [key, { id: key, claimValue: key }])),
    platforms: { k10: { clientId: "0oa1" } },
  });
  return access.length === 0 ? { ...document, access: [] } : document;
}

const teams = { shop: { displayName: "Shop" }, billing: { displayName: "Billing" } };

describe("the headline says the places of each holder, not of all", () => {
  const basic = (shop: readonly string[], billing: readonly string[], until?: string): Access => [
    { group: "shop", role: "basic", namespaces: shop, until },
    { group: "billing", role: "basic", namespaces: billing, until },
  ];
  const headline = (before: Access, after: Access) => accessChange(documentOf(teams, before), documentOf(teams, after)).headline;

  test("two groups that gain the same role in two places", () => {
    expect(headline([], basic(["shop"], ["billing"]))).toEqual(
      [
        "Everybody in group 'Shop', whose members are managed elsewhere, gains 'basic' of Kasten K10 'k10' in production (shop), without an end.",
        "Everybody in group 'Billing', whose members are managed elsewhere, gains 'basic' of Kasten K10 'k10' in production (billing), without an end.",
      ].sort(),
    );
  });

  test("people with the same places share a sentence, others have their own", () => {
    const people = {
      shop: { displayName: "Shop", members: ["ana@example.com", "ben@example.com"] },
      billing: { displayName: "Billing", members: ["ben@example.com", "eve@example.com"] },
    };
    const change = accessChange(documentOf(people, []), documentOf(people, basic(["shop"], ["billing"])));
    expect(change.headline).toEqual([
      "1 person gains 'basic' of Kasten K10 'k10' in production (billing, shop), without an end: ben@example.com.",
      "1 person gains 'basic' of Kasten K10 'k10' in production (billing), without an end: eve@example.com.",
      "1 person gains 'basic' of Kasten K10 'k10' in production (shop), without an end: ana@example.com.",
    ]);
  });

  test("losses and endings alike, and endings that ended on different days so far", () => {
    expect(headline(basic(["shop"], ["billing"]), []).filter((sentence) => sentence.includes(" loses "))).toHaveLength(2);
    const before: Access = [
      { group: "shop", role: "basic", namespaces: ["shop"], until: "2027-01-31" },
      { group: "billing", role: "basic", namespaces: ["billing"], until: "2027-02-28" },
    ];
    expect(headline(before, basic(["shop"], ["billing"], "2027-03-31"))).toEqual([
      expect.stringContaining(
        "'Billing', whose members are managed elsewhere, keeps longer 'basic' of Kasten K10 'k10' in production (billing) (until 2027-03-31, was until 2027-02-28)",
      ) as string,
      expect.stringContaining(
        "'Shop', whose members are managed elsewhere, keeps longer 'basic' of Kasten K10 'k10' in production (shop) (until 2027-03-31, was until 2027-01-31)",
      ) as string,
    ]);
  });
});

describe("a comment has one budget", () => {
  const groups = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `team-${index}`,
        { displayName: `Team ${index} of the organisation`, members: [`person.${index}@example.com`] },
      ]),
    );
  const everybody = (count: number): Access =>
    Array.from({ length: count }, (_, index) => ({
      group: `team-${index}`,
      role: "basic",
      namespaces: [`namespace-${index}`, `other-${index}`],
    }));

  test.each([20, 100, 1000])("with %i groups it stays within 65,536 characters, the summary first", (count) => {
    const resources = Array.from({ length: count }, (_, index) => ({
      operation: "create" as const,
      type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
      name: `k10-access-basic-${index}`,
      properties: [],
    }));
    const advisories = Array.from({ length: count }, (_, index) => ({
      rule: "some-rule",
      level: "advisory" as const,
      resource: `r${index}`,
      message: "x".repeat(200),
    }));
    const change = accessChange(documentOf(groups(count), []), documentOf(groups(count), everybody(count)), {
      resources,
      policies: advisories,
    });
    const text = renderAccessChange(change, "markdown");
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.startsWith(`${commentMarker("production")}\n\n### Access to production\n\n- 1 person gains`)).toBe(true);
    expect(text).toContain("People are counted from the members");
    expect(
      text
        .split("\n")
        .filter((line) => line.startsWith("| "))
        .every((line) => line.endsWith(" |")),
    ).toBe(true);
    expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
    expect(text.includes("**Left out, since a comment holds 65,536 characters:**")).toBe(count > 20);
    // Nothing is lost elsewhere.
    expect(renderAccessChange(change, "json")).toContain(`person.${count - 1}@example.com`);
  });

  test("what was left out is counted, and where to see it is said", () => {
    const text = renderAccessChange(accessChange(documentOf(groups(1000), []), documentOf(groups(1000), everybody(1000))), "markdown");
    expect(text).toMatch(/Gains \(\d+ of 2000\)/);
    expect(text).toContain("`gatehouse preview` with `--format text` or `json` says it whole.");
    expect(text).toMatch(/- and \d+ sentences more/);
  });
});

test("no table is wider than the 860 pixels of a comment: its longest words side by side stay below 100 characters", () => {
  const access: Access = [{ group: "shop", role: "basic", namespaces: ["a-namespace-with-a-long-name"], until: "2027-03-31" }];
  const resources = [
    {
      operation: "replace" as const,
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
      name: "k10-access-k10-config-view",
      properties: ["metadata.annotations"],
    },
  ];
  const policies = [
    { rule: "entra-admin-group-protected", level: "advisory" as const, resource: "groups-backup-admins", message: "words and words" },
  ];
  const text = renderAccessChange(accessChange(documentOf(teams, []), documentOf(teams, access), { resources, policies }), "markdown");
  const rendered = (cell: string) => cell.replace(/<[^>]*>/g, "").replace(/\\(.)/g, "$1");
  const tables = text.split(/\n\n/).filter((block) => block.startsWith("| "));
  expect(tables.length).toBeGreaterThanOrEqual(3);
  for (const table of tables) {
    const rows = table.split("\n").map((line) => line.split(/(?<!\\)\|/).slice(1, -1));
    const widths = (rows[0] ?? []).map((_, column) =>
      Math.max(
        ...rows.map((row) =>
          Math.max(
            ...rendered(row[column] ?? "")
              .split(/\s/)
              .map(({ length }) => length),
          ),
        ),
      ),
    );
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeLessThan(100);
  }
});
