import { platforms, type EnvironmentDocument } from "../../../model";
import {
  accessChange,
  accessChangeFormats,
  commentMarker,
  findingKinds,
  renderAccessChange,
  unknownUntilUp,
  type EnginePlan,
  type FindingKind,
} from "../../../reports";
import { administers } from "../../../reports/access-change/people";
import { sampleDocument } from "../../fixtures/sample";
import { changed } from "./changed";

const kinds = (before: EnvironmentDocument | undefined, after: EnvironmentDocument, plan?: EnginePlan): FindingKind[] => [
  ...new Set(accessChange(before, after, plan).findings.map(({ kind }) => kind)),
];

const grant = (document: EnvironmentDocument, role: string) => {
  const found = document.access.find((candidate) => candidate.role === role && candidate.platform === "k10");
  if (found === undefined) {
    throw new Error(`no grant of ${role}`);
  }
  return found;
};

describe("who gains and who loses", () => {
  test("nothing changes between equal documents", () => {
    const change = accessChange(sampleDocument(), sampleDocument());
    expect(change).toMatchObject({ gains: [], losses: [], ends: [], findings: [], claims: [], charts: [], redirectUris: [], secrets: [] });
    expect(change.headline).toEqual(["Nobody's access changes in sample."]);
  });

  test("new members of an administering group are counted and named", () => {
    const after = changed((document) => void document.groups["backup-admins"]?.members?.push("ben@example.com", "eve@example.com"));
    const change = accessChange(sampleDocument(), after);
    expect(change.headline).toEqual([
      "2 people gain administration (admin) of Kasten K10 'k10' in sample, without an end: ben@example.com, eve@example.com.",
      "2 people gain administration (admin) of Kasten K10 'k10-dr' in sample, without an end: ben@example.com, eve@example.com.",
    ]);
    expect(change.gains.map(({ holder, platform, through }) => [holder.name, platform, through])).toEqual([
      ["ben@example.com", "k10", ["Kasten Admins"]],
      ["eve@example.com", "k10", ["Kasten Admins"]],
      ["ben@example.com", "k10-dr", ["Kasten Admins"]],
      ["eve@example.com", "k10-dr", ["Kasten Admins"]],
    ]);
    expect(kinds(sampleDocument(), after)).toEqual(["widen-admin", "widen", "permanent"]);
  });

  test("a member taken out loses, and that widens nothing", () => {
    const after = changed((document) => Object.assign(document.groups["backup-admins"] ?? {}, { members: [] }));
    const change = accessChange(sampleDocument(), after);
    expect(change.headline[0]).toBe("1 person loses administration (admin) of Kasten K10 'k10' in sample: ana@example.com.");
    expect(change.losses.map(({ holder, platform }) => [holder.name, platform])).toEqual([
      ["ana@example.com", "k10"],
      ["ana@example.com", "k10-dr"],
    ]);
    expect(change.findings).toEqual([]);
  });

  test("a group that others manage is named as a group, never counted as people", () => {
    const after = changed((document) => {
      document.access.push({ ...grant(document, "admin"), group: "auditors" });
    });
    const change = accessChange(sampleDocument(), after);
    expect(change.headline).toEqual([
      "Everybody in group 'Security Auditors', whose members are managed elsewhere, gains administration (admin) of Kasten K10 'k10' in sample, without an end.",
    ]);
    expect(change.notExpanded).toEqual(["Kasten Users", "Security Auditors"]);
  });

  test("one more namespace is a gain in that namespace alone", () => {
    const after = changed((document) => void grant(document, "basic").namespaces?.push("payroll"));
    const { gains, losses } = accessChange(sampleDocument(), after);
    expect(gains.map(({ place, role, administers: admin }) => ({ place, role, admin }))).toEqual([
      { place: "payroll", role: "basic", admin: false },
    ]);
    expect(losses).toEqual([]);
    expect(kinds(sampleDocument(), after)).toEqual(["widen", "permanent"]);
  });

  test("who holds a role through two groups keeps it when one goes", () => {
    const both = changed((document) => {
      document.groups["second"] = {
        displayName: "Second",
        id: "g2",
        claimValue: "Second",
        origin: "created",
        members: ["ana@example.com"],
      };
      document.access.push({ ...grant(document, "admin"), group: "second" });
    });
    expect(accessChange(both, sampleDocument())).toMatchObject({ gains: [], losses: [] });
    expect(accessChange(sampleDocument(), both)).toMatchObject({ gains: [], losses: [] });
  });

  test("a list that is given up takes nobody's access, and opens the group to others", () => {
    const after = changed((document) => {
      delete document.groups["backup-admins"]?.members;
    });
    const change = accessChange(sampleDocument(), after);
    expect(change.losses).toEqual([]);
    expect(change.gains.map(({ holder }) => holder)).toEqual([
      { kind: "group", name: "Kasten Admins" },
      { kind: "group", name: "Kasten Admins" },
    ]);
  });

  test("a list that is taken over says that its people may have been in the group already", () => {
    const after = changed((document) => Object.assign(document.groups["backup-operators"] ?? {}, { members: ["omar@example.com"] }));
    const { gains } = accessChange(sampleDocument(), after);
    expect(gains.map(({ holder, note }) => [holder.name, note])).toEqual([
      ["omar@example.com", "may hold it already: others managed the group's members until now"],
      ["omar@example.com", "may hold it already: others managed the group's members until now"],
    ]);
  });
});

describe("ends", () => {
  test.each([
    ["2027-03-31", null, "permanent", ["widen", "permanent"]],
    ["2027-03-31", "2027-06-30", "longer", ["widen"]],
    ["2027-03-31", "2026-12-31", "shorter", []],
    [null, "2026-12-31", "temporary", []],
  ] as const)("%s -> %s becomes %s", (before, after, becomes, findings) => {
    const old = changed((document) => void (grant(document, "view").until = before));
    const now = changed((document) => void (grant(document, "view").until = after));
    const change = accessChange(old, now);
    expect(change.ends.map((line) => [line.becomes, line.before, line.until])).toEqual([[becomes, before, after]]);
    expect(kinds(old, now)).toEqual(findings);
    expect(change.headline[0]).toContain(becomes === "permanent" ? "keeps for good" : "keeps");
  });
});

describe("the facts around it", () => {
  const plan = (resources: EnginePlan["resources"], policies: EnginePlan["policies"] = []): EnginePlan => ({ resources, policies });

  test("redirect URIs, claims, charts and dangerous choices", () => {
    const after = changed((document) => {
      const platform = document.platforms["k10"];
      if (platform?.release !== undefined) {
        platform.redirectUris = ["https://new.example.com/k10/auth-svc/v0/oidc/redirect"];
        platform.groups = { claim: "groups", prefix: "corp:" };
        platform.release.version = "9.0.701";
      }
      document.risks.push("k10: something insecure.");
    });
    const change = accessChange(sampleDocument(), after);
    expect(change.redirectUris).toHaveLength(2);
    expect(change.claims).toEqual([{ platform: "k10", what: "groups", before: "okta:<groups>", after: "corp:<groups>" }]);
    expect(change.charts).toEqual([
      { platform: "k10", what: "chart", before: "k10 8.0.15 as kasten-io/k10", after: "k10 9.0.701 as kasten-io/k10" },
    ]);
    expect(change.risks).toEqual({ added: ["k10: something insecure."], removed: [] });
    expect(kinds(sampleDocument(), after)).toEqual(["widen-admin", "insecure", "redirect", "claims", "chart"]);
  });

  test("a URI that only goes is no finding", () => {
    const before = changed((document) => void document.platforms["k10"]?.redirectUris.push("https://old.example.com/cb"));
    expect(accessChange(before, sampleDocument()).redirectUris).toEqual([
      { platform: "k10", what: "redirect URI", before: "https://old.example.com/cb", after: null },
    ]);
    expect(kinds(before, sampleDocument())).toEqual([]);
  });

  test("secrets: dates from the documents, the making from the plan, told for the platform whose name fits longest", () => {
    const after = changed((document) => Object.assign(document.platforms["k10"]?.secret ?? {}, { rotatesAt: "2027-05-01" }));
    const resource = {
      operation: "replace",
      type: "random:index/randomPassword:RandomPassword",
      name: "k10-dr-app-secret",
      properties: [],
    } as const;
    const change = accessChange(sampleDocument(), after, plan([resource]));
    expect(change.secrets).toEqual([
      {
        platform: "k10-dr",
        what: "client secret",
        before: "k10-dr-app-secret ends with the update",
        after: "k10-dr-app-secret is made anew",
      },
      { platform: "k10", what: "client secret rotates from", before: "2027-02-21", after: "2027-05-01" },
    ]);
    expect(change.findings).toEqual([]);
  });

  test.each([
    ["okta:app/oAuth:OAuth", "replace", ["destroy"]],
    ["okta:group/group:Group", "delete", ["destroy"]],
    ["kubernetes:helm.sh/v3:Release", "delete", ["destroy"]],
    ["kubernetes:helm.sh/v3:Release", "update", []],
    ["kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "delete", ["lockout"]],
    ["okta:index/groupMemberships:GroupMemberships", "delete", ["lockout"]],
    ["azuread:index/appRoleAssignment:AppRoleAssignment", "replace", ["lockout"]],
    ["azuread:index/appRoleAssignment:AppRoleAssignment", "create", ["undone"]],
    ["okta:index/groupMemberships:GroupMemberships", "update", ["undone"]],
    ["kubernetes:core/v1:Secret", "replace", []],
  ] as const)("%s %s", (type, operation, expected) => {
    expect(kinds(sampleDocument(), sampleDocument(), plan([{ operation, type, name: "x", properties: [] }]))).toEqual(expected);
  });

  test("a certificate that the platform made once, and another host: how it is made anew is said before the update", () => {
    const secret = { namespace: "openunison", name: "ou-tls-certificate" };
    const withHosts = (...hosts: string[]) =>
      changed((document) => void Object.assign(document.platforms["k10"] ?? {}, { ownCertificate: { secret, hosts } }));
    const [direct, impersonating] = [
      withHosts("k8sdb.example.com", "k8sou.example.com"),
      withHosts("k8sapi.example.com", "k8sou.example.com"),
    ];
    expect(accessChange(direct, impersonating).findings).toEqual([
      {
        kind: "lockout",
        text:
          "The certificate of 'k10' was made once, and is not valid for k8sapi.example.com: nobody reaches that. " +
          "Right before the update: kubectl delete secret ou-tls-certificate -n openunison; the update then has it made anew, and people fetch their kubeconfig again.",
      },
    ]);
    expect(accessChange(impersonating, withHosts("k8sou.example.com")).findings).toEqual([]);
    expect(accessChange(sampleDocument(), impersonating).findings).toEqual([]);
    expect(accessChange(direct, sampleDocument()).findings).toEqual([]);
  });

  test("broken rules are findings, and a mandatory one leads the headline", () => {
    const violation = { rule: "rbac-no-wildcards", level: "mandatory", resource: "x", message: "No." } as const;
    const change = accessChange(sampleDocument(), sampleDocument(), plan([], [violation]));
    expect(change.findings).toEqual([{ kind: "policy", text: "rbac-no-wildcards (mandatory) on x" }]);
    expect(change.headline).toContain("1 mandatory rule is broken: the update would be refused.");
  });

  test("what is not known is a finding, and never called a change", () => {
    const document = changed((after) => void Object.assign(after.groups["auditors"] ?? {}, { claimValue: unknownUntilUp }));
    const change = accessChange(sampleDocument(), { document, unknown: ["The client id of 'k10'."] });
    expect(change.claims).toEqual([]);
    expect(change.findings).toEqual([{ kind: "unknown", text: "The client id of 'k10'." }]);
  });
});

describe("rendering", () => {
  const hostile = changed((document) => {
    document.groups["evil"] = {
      displayName: "<img src=x> | @team [x](https://evil.example)",
      id: "1",
      claimValue: "1",
      origin: "existing",
    };
    document.access.push({ ...grant(document, "admin"), group: "evil" });
  });

  test("Markdown begins with the marker by which its comment is found again", () => {
    const text = renderAccessChange(accessChange(undefined, sampleDocument()), "markdown", { failed: ["widen-admin"] });
    expect(text.split("\n").slice(0, 5)).toEqual([
      "<!-- gatehouse-preview: sample -->",
      "",
      "### Access to sample (first update)",
      "",
      "**Stopped by `--fail-on`: widen-admin.**",
    ]);
  });

  test("a stack's name cannot end the marker", () => {
    expect(commentMarker("a-->b<c")).toBe("<!-- gatehouse-preview: a-bc -->");
  });

  test("names from the directory bring no markup, mention or link into a comment", () => {
    const text = renderAccessChange(accessChange(sampleDocument(), hostile), "markdown");
    expect(text).not.toContain("<img");
    expect(text).not.toContain("@team");
    expect(text).not.toMatch(/[^\\]\[x\]\(/);
  });

  test("a long table is cut, and says so", () => {
    const members = Array.from({ length: 200 }, (_, number) => `p${number}@example.com`);
    const after = changed((document) => Object.assign(document.groups["backup-admins"] ?? {}, { members }));
    const text = renderAccessChange(accessChange(sampleDocument(), after), "markdown");
    // 400 lines fit into a comment whole; test/reports/access-change/comment.test.ts goes beyond.
    expect(text.match(/admin of k10-dr \| everywhere/g)).toHaveLength(201);
    expect(text.length).toBeLessThan(65_536);
  });

  test.each(accessChangeFormats)("%s: equal changes give equal texts, without an internal word", (format) => {
    const render = (): string => renderAccessChange(accessChange(undefined, sampleDocument()), format);
    expect(render()).toBe(render());
    expect(render()).not.toMatch(/undefined|\[object/);
  });

  test("JSON has sorted keys and its version", () => {
    const json = JSON.parse(renderAccessChange(accessChange(undefined, sampleDocument()), "json")) as Record<string, unknown>;
    expect(json["version"]).toBe("gatehouse.dev/access-change/v1");
    expect(Object.keys(json)).toEqual([...Object.keys(json)].sort());
  });
});

test("every platform's administering roles are known by their name, and no other", () => {
  for (const { roles } of Object.values(platforms)) {
    for (const [role, { permits }] of Object.entries(roles) as [string, { permits: string }][]) {
      const strong = /^(administers|does anything)/.test(permits);
      expect([role, administers(role)]).toEqual([role, strong]);
    }
  }
});

test("the kinds of findings are a closed list with a meaning each", () => {
  expect(Object.keys(findingKinds)).toEqual([
    "widen-admin",
    "widen",
    "permanent",
    "insecure",
    "redirect",
    "claims",
    "chart",
    "undone",
    "lockout",
    "review",
    "unknown",
    "policy",
    "destroy",
  ]);
});
