/**
 * Each fact of the environment document, changed by itself: the preview says so, or it stands in the list of those that decide nothing. A new
 * field of the document is in neither, and fails here.
 */
import type { EnvironmentDocument } from "../../../model";
import { accessChange } from "../../../reports";
import { deployed } from "../../cli/engine-output";

/** A document with every optional fact. */
function whole(): EnvironmentDocument {
  const document = deployed();
  const [platform, group, grant] = [document.platforms["k10"], document.groups["backup-admins"], document.access[0]];
  if (platform === undefined || group === undefined || grant === undefined) {
    throw new Error("Expected the sample's platform, group and grant.");
  }
  Object.assign(platform, {
    diagnosticRedirect: { uri: "http://127.0.0.1:8250/callback", clientAuthentication: "client_secret_basic" },
    tokenRules: "go-oidc-login",
    requiredClaims: { acr: "high" },
    issuerCertificateAuthority: "PEM",
    installed: true,
    files: { "values.yaml": "a: b" },
    reviewers: ["rita@example.com"],
    adoptedRoles: ["k10-admin"],
    ownCertificate: { secret: { namespace: "openunison", name: "tls" }, hosts: ["k10.example.com"] },
  });
  Object.assign(document.identityProvider, {
    requiredAcr: "high",
    certificateAuthorityEnds: "2030-01-01T00:00:00Z",
    groupLimit: 100,
    aboveGroupLimit: "truncated",
  });
  Object.assign(group, { reviewers: ["rita@example.com"] });
  Object.assign(grant, { review: { every: "monthly", reviewed: "2026-11-01", due: "2026-12-01", missed: "end" } });
  return { ...document, bindingsKeptFor: { deployers: ["ci"], breakGlassGroup: "okta:Break Glass" } };
}

/** Facts whose change alone decides nothing about access, each with the reason. */
const decidesNothing: readonly (readonly [RegExp, string])[] = [
  [/^(version|stack)$/, "of which environment and form the document is"],
  [/\.(permits|title)$/, "prose"],
  [/\.strictness$/, "goes with the value that it measures"],
  [/^groups\.[^.]+\.displayName$/, "what tokens carry is a fact of its own"],
  [/^access\.\d+\.until$/, "an end that comes or moves nearer is told among the ends"],
  [/\.review\.(reviewed|due)$/, "moves with each review"],
  [/\.aboveGroupLimit$/, "goes with the kind of the identity provider"],
  [/\.secret\.|\.ownCertificate\.secret\./, "where a secret is, and its days: told among the secrets"],
  [/\.charts\.0\.version$/, "goes with the release"],
  [/\.files\./, "written from facts that are told"],
  [/\.adoptedRoles\./, "only what drift says depends on it"],
];

type Path = readonly (string | number)[];

function leaves(value: unknown, path: Path = []): Path[] {
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]))
    : [path];
}

function otherwise(value: unknown): unknown {
  return typeof value === "string"
    ? `${value}x`
    : typeof value === "number"
      ? value + 1
      : typeof value === "boolean"
        ? undefined
        : "2026-12-24";
}

function changed(document: EnvironmentDocument, path: Path): EnvironmentDocument {
  const copy = structuredClone(document);
  const inner = path.slice(0, -1).reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], copy);
  const key = path.at(-1) ?? "";
  const record = inner as Record<string | number, unknown>;
  record[key] = otherwise(record[key]);
  return copy;
}

const document = whole();
const paths = leaves(document).map((path) => path.join("."));

const telling = leaves(document)
  .map((path): [string, Path] => [path.join("."), path])
  .filter(([text]) => !decidesNothing.some(([pattern]) => pattern.test(text)));

test.each(telling)("%s: a change is a finding", (_text, path) => {
  const { findings, headline } = accessChange(document, changed(document, path), undefined, "2026-11-29");
  expect(findings).not.toEqual([]);
  expect(headline.join("\n")).not.toMatch(/^Nobody's access changes in sample\.$/);
});

test("every exception is one", () => {
  for (const [pattern] of decidesNothing) {
    expect(paths.filter((path) => pattern.test(path))).not.toEqual([]);
  }
});

describe("what weakens is told as one that decides about administration", () => {
  const weaker: readonly (readonly [string, (document: EnvironmentDocument) => unknown])[] = [
    ["the level of a sign-in goes", ({ identityProvider }) => delete identityProvider.requiredAcr],
    ["a claim is asked for no longer", ({ platforms }) => delete platforms["k10"]?.requiredClaims],
    ["anybody reviews", ({ platforms }) => delete platforms["k10"]?.reviewers],
    ["another reviews", ({ groups }) => groups["backup-admins"]?.reviewers?.push("mallory@example.com")],
    ["no review", ({ access: [grant] }) => delete grant?.review],
    ["a longer cycle", ({ access: [grant] }) => Object.assign(grant?.review ?? {}, { every: "yearly" })],
    ["a missed review only warns", ({ access: [grant] }) => Object.assign(grant?.review ?? {}, { missed: "warn" })],
    ["others manage the members", ({ groups }) => delete groups["backup-admins"]?.members],
    ["the role of a binding", ({ access: [grant] }) => Object.assign(grant?.bindings[0]?.roleRef ?? {}, { name: "cluster-admin" })],
    ["whom a grant names", ({ access: [grant] }) => Object.assign(grant?.subject ?? {}, { name: "okta:Others" })],
    ["the authority behind the issuer", ({ platforms }) => Object.assign(platforms["k10"] ?? {}, { issuerCertificateAuthority: "OTHER" })],
    ["the client", ({ platforms }) => Object.assign(platforms["k10"] ?? {}, { clientId: "0oa2" })],
  ];

  test.each(weaker)("%s", (_what, change) => {
    const after = structuredClone(document);
    change(after);
    expect(accessChange(document, after, undefined, "2026-11-29").findings.map(({ kind }) => kind)).toContain("widen-admin");
  });

  test.each<[string, (document: EnvironmentDocument) => unknown]>([
    ["a shorter cycle", ({ access: [grant] }) => Object.assign(grant?.review ?? {}, { every: "monthly", missed: "end" })],
    ["fewer reviewers", ({ platforms }) => Object.assign(platforms["k10"] ?? {}, { reviewers: ["rita@example.com"] })],
    ["a higher level", ({ identityProvider }) => Object.assign(identityProvider, { requiredAcr: "high" })],
  ])("%s is no weakening", (_what, change) => {
    const [before, after] = [structuredClone(document), structuredClone(document)];
    Object.assign(before.access[0]?.review ?? {}, { every: "yearly", missed: "warn" });
    Object.assign(before.platforms["k10"] ?? {}, { reviewers: ["rita@example.com", "zed@example.com"] });
    delete before.identityProvider.requiredAcr;
    for (const [name, value] of Object.entries(structuredClone(before))) {
      Object.assign(after, { [name]: value });
    }
    change(after);
    const { findings } = accessChange(before, after, undefined, "2026-11-29");
    expect(findings.map(({ kind }) => kind)).toEqual(["claims"]);
  });
});
