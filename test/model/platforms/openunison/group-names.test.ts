import { environmentDocument, identityProviderFacts, parseEnvironment, platformOf, type EnvironmentDocument } from "../../../../model";
import { today, type Raw } from "../../../fixtures/sample";
import { refusals } from "../../environment/refusal";

const entra: Raw = { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0" };
const charts: Raw = {
  "openunison-operator": { version: "3.0.23" },
  orchestra: { version: "3.1.31" },
  "orchestra-login-portal": { version: "2.3.82" },
};
const chain: Raw = { ...charts, "orchestra-login-azuread": { version: "1.0.10" } };

function environment(platform: Raw = {}, idp: Raw = entra, displayName = "k8s-admins"): Raw {
  return {
    idp,
    groups: { admins: { displayName } },
    platforms: {
      portal: {
        kind: "openunison",
        hosts: { portal: "k8sou.example.com", dashboard: "k8sdb.example.com" },
        direct: { apiServerUrl: "https://api.example.com:6443" },
        charts: chain,
        groupNames: "displayNames",
        access: [{ group: "admins", role: "admin", namespaces: ["shop"] }],
        ...platform,
      },
    },
  };
}

const impersonation: Raw = {
  direct: undefined,
  impersonation: {},
  hosts: { portal: "k8sou.example.com", dashboard: "k8sdb.example.com", apiServer: "k8sapi.example.com" },
  charts: { ...chain, "orchestra-kube-oidc-proxy": { version: "1.0.11" } },
};

function document(raw: Raw): EnvironmentDocument {
  return environmentDocument(parseEnvironment(raw, today).environment, {
    stack: "lab",
    groups: { admins: { id: "guid-1", claimValue: "guid-1" } },
    platforms: { portal: { clientId: "client-1" } },
  });
}

function requirements(raw: Raw) {
  const { environment: parsed } = parseEnvironment(raw, today);
  const spec = parsed.platforms["portal"];
  if (spec === undefined) {
    throw new Error("no platform");
  }
  return platformOf(spec).requirements(spec, identityProviderFacts(parsed.idp));
}

test("display names: the token carries the id, RBAC names what OpenUnison looks up", () => {
  const { platforms, groups, access, risks } = document(environment());
  expect(platforms["portal"]).toMatchObject({ groupsFrom: "directory", username: { claim: "upn", prefix: "entra:" } });
  expect(groups["admins"]).toMatchObject({ displayName: "k8s-admins", claimValue: "guid-1" });
  expect(access.map(({ subject }) => subject)).toEqual([{ kind: "Group", name: "entra:k8s-admins" }]);
  expect(risks).toEqual([expect.stringContaining("whoever may create or rename a group there can take the name of a bound one")]);
});

test("ids, the default: nothing of the directory", () => {
  const raw = environment({ groupNames: undefined, charts });
  const { platforms, access, risks } = document(raw);
  expect(platforms["portal"]).toMatchObject({ groupsFrom: "id-token", username: { claim: "oid" } });
  expect(access.map(({ subject }) => subject.name)).toEqual(["entra:guid-1"]);
  expect(risks).toEqual([]);
  expect(requirements(raw).readsDirectory).toBeUndefined();
});

test("the app reads the directory, and asks for the claim upn", () => {
  expect(requirements(environment())).toMatchObject({
    readsDirectory: true,
    idTokenClaims: ["email", "family_name", "given_name", "name", "upn"],
  });
  expect(requirements(environment({ claims: { sub: "oid" } })).idTokenClaims).toContain("oid");
});

describe("refused before anything is made", () => {
  const at = (...path: (string | number)[]) => ["platforms", "portal", ...path];
  const expected = expect.stringContaining("there are no object ids to look up") as string;

  test.each<[string, Raw]>([
    ["on Okta, whose tokens carry names", { kind: "okta", orgUrl: "https://acme.okta.com" }],
    ["with app roles, whose values are names", { ...entra, groupClaims: "appRoles" }],
  ])("%s", (_what, idp) => {
    expect(refusals(environment({}, idp))).toEqual([
      expect.objectContaining({ path: at("groupNames"), expected, received: '"displayNames"', fix: "remove groupNames" }),
    ]);
  });

  test.each<[string, Raw, (string | number)[], string]>([
    ["the chain without its chart", { charts }, at("charts", "orchestra-login-azuread"), "nothing"],
    ["its chart without the chain", { groupNames: "ids" }, at("charts", "orchestra-login-azuread"), "a value"],
    ["another way to name groups", { groupNames: "both" }, at("groupNames"), '"both"'],
    [
      "the chain by the user's own values",
      { values: { openunison: { include_auth_chain: "mine" } } },
      at("values", "openunison", "include_auth_chain"),
      "a value",
    ],
    ["the chain's settings by the user's own values", { values: { azure: {} } }, at("values", "azure"), "a value"],
  ])("%s", (_what, change, path, received) => {
    expect(refusals(environment(change))).toEqual([expect.objectContaining({ path, received })]);
  });

  test("a display name that something trusts already, where nobody prefixes it", () => {
    expect(refusals(environment(impersonation, entra, "eks:masters"))).toEqual([
      expect.objectContaining({ path: at("access", 0, "group"), received: '"eks:masters"' }),
    ]);
    expect(refusals(environment(impersonation))).toEqual([]);
    expect(
      refusals(
        environment(
          { ...impersonation, groupNames: "ids", charts: { ...charts, "orchestra-kube-oidc-proxy": { version: "1.0.11" } } },
          entra,
          "eks:masters",
        ),
      ),
    ).toEqual([]);
  });
});
