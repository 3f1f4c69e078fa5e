import Ajv from "ajv";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
  compatibility,
  contentHash,
  documentJsonSchema,
  environmentDocument,
  identityProviders,
  InvalidDocumentError,
  parseEnvironment,
  platforms,
  printable,
  readDocument,
  stableJson,
  stackJsonSchema,
} from "../../../model";
import { sampleDocument, sampleRaw, today } from "../../fixtures/sample";

/** The same content with the keys of every mapping in another order. */
function shuffled(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => shuffled(item, order));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(order(Object.keys(value)).map((key) => [key, shuffled((value as Record<string, unknown>)[key], order)]))
    : value;
}

describe("the environment document", () => {
  test("resolves each grant to its subject and objects", () => {
    const document = sampleDocument();
    expect(document.access.map(({ platform, role, group, until, subject }) => [platform, role, group, until, subject.name])).toEqual([
      ["k10", "admin", "backup-admins", null, "okta:Kasten Admins"],
      ["k10", "basic", "backup-operators", null, "okta:Kasten Users"],
      ["k10", "view", "auditors", "2027-03-31", "okta:Security Auditors"],
      ["k10-dr", "admin", "backup-admins", null, "okta:Kasten Admins"],
    ]);
    expect(document.access[1]).toMatchObject({
      namespaces: ["billing", "shop"],
      bindings: [
        { kind: "RoleBinding", name: "gatehouse-k10-k10-basic", namespace: "billing", roleRef: { kind: "ClusterRole", name: "k10-basic" } },
        { kind: "RoleBinding", name: "gatehouse-k10-k10-basic", namespace: "shop", roleRef: { kind: "ClusterRole", name: "k10-basic" } },
      ],
    });
    expect(document.platforms["k10-dr"]?.redirectUris).toEqual(["https://dr.example.com/dr/auth-svc/v0/oidc/redirect"]);
  });

  test("is the same text whatever the order of the keys in the stack file", () => {
    const resolved = {
      stack: "sample",
      groups: Object.fromEntries(Object.keys(sampleRaw().groups).map((key) => [key, { id: `00g-${key}`, claimValue: key }])),
      platforms: { k10: { clientId: "0oa1" } },
    };
    const of = (raw: unknown) => JSON.stringify(environmentDocument(parseEnvironment(raw, today).environment, resolved));
    const expected = of(sampleRaw());
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const order = (keys: string[]) =>
          keys
            .map((key) => ({ key, rank: numbers.next().value as number }))
            .sort((left, right) => left.rank - right.rank)
            .map(({ key }) => key);
        expect(of(shuffled(sampleRaw(), order))).toBe(expected);
      }),
    );
  });

  test("names a platform whose last grant has ended", () => {
    const raw = sampleRaw();
    raw.platforms.k10["access"] = [{ group: "auditors", role: "view", until: "2026-11-22" }];
    const { environment } = parseEnvironment(raw, today);
    const groups = Object.fromEntries(Object.keys(raw.groups).map((key) => [key, { id: key, claimValue: key }]));
    const document = environmentDocument(environment, { stack: "s", groups, platforms: { k10: { clientId: "c" } } });
    expect(document.access).toEqual([]);
    expect(document.risks).toEqual(["k10: no grant is left, nobody can sign in."]);
  });
});

describe("readDocument", () => {
  const written = (): unknown => JSON.parse(JSON.stringify(sampleDocument()));

  test("reads a document, alone and among stack outputs", () => {
    expect(readDocument(written())).toEqual(sampleDocument());
    expect(readDocument({ environment: written(), other: 1 })).toEqual(sampleDocument());
  });

  test.each([
    ["nothing", undefined, "got version nothing"],
    ["another version", { ...sampleDocument(), version: "gatehouse.dev/environment/v0" }, 'got version "gatehouse.dev/environment/v0"'],
    ["outputs of another program", { url: "https://example.com" }, "got version nothing"],
  ])("%s is refused, with the remedy", (_, value, message) => {
    expect(() => readDocument(value)).toThrow(InvalidDocumentError);
    expect(() => readDocument(value)).toThrow(message);
    expect(() => readDocument(value)).toThrow("Fix: pass the output of `pulumi stack output --json` of a Gatehouse stack.");
  });

  test("a damaged document is refused with the place", () => {
    const damaged = written() as { platforms: { k10: Record<string, unknown> } };
    damaged.platforms.k10["clientId"] = 7;
    damaged.platforms.k10["colour"] = "blue";
    expect(() => readDocument(damaged)).toThrow(
      "The environment document is damaged:\n" +
        "  - platforms.k10.clientId: expected a text, got 7.\n" +
        "  - platforms.k10.colour: expected a key that Gatehouse knows here, got an unknown key.",
    );
  });
});

describe("JSON schemas", () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const stack = ajv.compile(stackJsonSchema());
  const document = ajv.compile(documentJsonSchema());
  const sample = () =>
    parse(readFileSync(join(__dirname, "../../fixtures/Pulumi.k10-okta.yaml"), "utf8")) as { config: Record<string, unknown> };

  test("the stack schema accepts the sample", () => {
    expect(stack(sample()) ? [] : stack.errors).toEqual([]);
  });

  test.each([
    ["an unknown gatehouse: key", (config: Record<string, unknown>) => (config["gatehouse:colour"] = "blue")],
    ["a key without namespace", (config: Record<string, unknown>) => (config["idp"] = {})],
    ["an unknown key inside", (config: Record<string, unknown>) => ((config["gatehouse:idp"] as Record<string, unknown>)["colour"] = 1)],
    ["an unknown kind", (config: Record<string, unknown>) => ((config["gatehouse:idp"] as Record<string, unknown>)["kind"] = "ldap")],
    ["no platforms", (config: Record<string, unknown>) => delete config["gatehouse:platforms"]],
  ])("the stack schema refuses %s", (_, spoil) => {
    const file = sample();
    spoil(file.config);
    expect(stack(file)).toBe(false);
  });

  test("the document schema accepts the sample and refuses an unknown key", () => {
    expect(document(sampleDocument()) ? [] : document.errors).toEqual([]);
    expect(document({ ...sampleDocument(), colour: "blue" })).toBe(false);
  });
});

describe("small parts", () => {
  test("stable JSON sorts keys at every depth and leaves undefined out", () => {
    expect(stableJson({ b: [{ d: 1, c: 2 }], a: undefined, A: null })).toBe('{"A":null,"b":[{"c":2,"d":1}]}');
  });

  test("a content hash changes with the content, not with the order of keys", () => {
    expect(contentHash({ a: "1", b: "2" })).toBe(contentHash({ b: "2", a: "1" }));
    expect(contentHash({ a: "1", b: "2" })).not.toBe(contentHash({ a: "1", b: "3" }));
    expect(contentHash({ a: "1" })).toMatch(/^[0-9a-f]{10}$/);
  });

  test("printable text moves no cursor and keeps its lines", () => {
    expect(printable("a\u001b[2Jb\u202ec\nd\u0085")).toBe("a?[2Jb?c\nd?");
  });

  test("a users-only platform cannot stand behind pairwise subjects", () => {
    const idp = { ...identityProviders.okta.capabilities, pairwiseSubject: true, title: "Pairwise" };
    const platform = { ...platforms.kasten.capabilities, authorises: "users-only" as const, title: "Users" };
    expect(compatibility(idp, platform).errors).toEqual([
      "Users cannot read groups, so people must be bound one by one; Pairwise gives each client another subject, which is not known beforehand. " +
        "Instead, use an identity provider whose subject is the user's id, such as Okta, or let people sign in through one",
    ]);
    expect(compatibility(identityProviders.okta.capabilities, platforms.kasten.capabilities)).toEqual({
      errors: [],
      warnings: [
        "above 100 groups the claim is cut off without a sign: it is bounded to the environment's groups",
        "the ID token carries no groups here: the platform has them from the userinfo endpoint, a verifier needs both",
      ],
    });
  });
});
