import type { Json } from "../../../../components/cluster";
import { ownershipOf, providersOf, withEntry, withoutEntry } from "../../../../components/platforms/kubesphere/cluster-configuration/merge";

const github = { name: "github", type: "GitHubIdentityProvider", unknown: { kept: [1, 2] } };
const ldap = { name: "ldap", type: "LDAPIdentityProvider" };
const okta = { name: "okta", type: "OIDCIdentityProvider", provider: { clientID: "0oa1" } };
const owner = "gatehouse/production";

function live(providers: Json[] | undefined, annotations: Json = {}): Json {
  const oauthOptions = providers === undefined ? { accessTokenMaxAge: "1h" } : { accessTokenMaxAge: "1h", identityProviders: providers };
  return { metadata: { annotations, resourceVersion: "7" }, spec: { authentication: { jwtSecret: "", oauthOptions } } };
}

const patch = (identityProviders: Json[] | null, annotation: string | null) => ({
  metadata: { annotations: { "gatehouse.dev/identity-provider.okta": annotation }, resourceVersion: "7" },
  spec: { authentication: { oauthOptions: { identityProviders } } },
});

test("our entry comes last, or stays in its place; others are handed back as they are", () => {
  expect(withEntry(live([github, ldap]), okta, owner)).toEqual({
    patch: patch([github, ldap, okta], owner),
    names: ["github", "ldap", "okta"],
  });
  const older = { ...okta, provider: { clientID: "before" } };
  expect(withEntry(live([github, older, ldap]), okta, owner).patch).toEqual(patch([github, okta, ldap], owner));
  expect(withEntry({ metadata: { resourceVersion: "7" } }, okta, owner).names).toEqual(["okta"]);
});

test("the patch names nothing but the list and our annotation, and is tied to the version that was read", () => {
  const written = withEntry(live([github]), okta, owner).patch;
  expect(Object.keys(written).sort()).toEqual(["metadata", "spec"]);
  expect(JSON.stringify(written)).not.toContain("accessTokenMaxAge");
});

test("only our entry is taken out; a list that came with us goes with us", () => {
  expect(withoutEntry(live([github, okta, ldap]), "okta", false)).toEqual({
    patch: patch([github, ldap], null),
    names: ["github", "ldap"],
  });
  expect(withoutEntry(live([okta]), "okta", false).patch).toEqual(patch([], null));
  expect(withoutEntry(live([okta]), "okta", true).patch).toEqual(patch(null, null));
  expect(withoutEntry(live([github, okta]), "okta", true).patch).toEqual(patch([github], null));
});

test("an entry is ours by the annotation, or by the client that we wrote; else it is another's", () => {
  const annotated = (value: string) => ({ "gatehouse.dev/identity-provider.okta": value });
  expect(ownershipOf(live([github]), "okta", owner, undefined)).toEqual({ state: "absent" });
  expect(ownershipOf(live([okta], annotated(owner)), "okta", owner, undefined)).toEqual({ state: "ours" });
  expect(ownershipOf(live([okta]), "okta", owner, "0oa1")).toEqual({ state: "ours" });
  expect(ownershipOf(live([okta]), "okta", owner, "0oa2")).toEqual({ state: "foreign", owner: undefined, clientId: "0oa1" });
  expect(ownershipOf(live([okta]), "okta", owner, undefined)).toEqual({ state: "foreign", owner: undefined, clientId: "0oa1" });
  expect(ownershipOf(live([okta], annotated("gatehouse/staging")), "okta", owner, "0oa1")).toEqual({
    state: "foreign",
    owner: "gatehouse/staging",
    clientId: "0oa1",
  });
});

test("anything but a list counts as none", () => {
  expect(providersOf({ spec: { authentication: { oauthOptions: { identityProviders: {} } } } })).toEqual([]);
  expect(providersOf({ spec: [] })).toEqual([]);
});
