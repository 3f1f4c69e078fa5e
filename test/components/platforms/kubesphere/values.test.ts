import { parse } from "yaml";
import {
  bindingManifest,
  providerConfiguration,
  providerYaml,
  userManifest,
  type KubeSphereSignIn,
} from "../../../../components/platforms/kubesphere/values";

const signIn: KubeSphereSignIn = {
  release: 4,
  provider: "okta",
  mappingMethod: "lookup",
  issuer: "https://example.okta.com",
  redirectUri: "https://console.example.com/oauth/redirect/okta",
  postLogoutRedirectUri: "https://console.example.com/",
  scopes: ["email", "profile"],
  getUserInfo: true,
  disableLoginConfirmation: false,
  hidden: false,
  insecureSkipVerify: false,
  emailKey: "email",
  preferredUsernameKey: "preferred_username",
};
const client = { id: "0oa1", secret: "s3cret" };

const provider = {
  issuer: "https://example.okta.com",
  clientID: "0oa1",
  clientSecret: "s3cret",
  redirectURL: "https://console.example.com/oauth/redirect/okta",
  scopes: ["email", "profile"],
  getUserInfo: true,
  insecureSkipVerify: false,
  emailKey: "email",
  preferredUsernameKey: "preferred_username",
};

test("release 4: the Secret's content, as KubeSphere reads it back", () => {
  expect(parse(providerYaml(providerConfiguration(signIn, client)))).toEqual({
    name: "okta",
    type: "OIDCIdentityProvider",
    mappingMethod: "lookup",
    displayName: "okta",
    disabled: false,
    hidden: false,
    provider: { ...provider, postLogoutRedirectURI: "https://console.example.com/" },
  });
  expect(providerConfiguration({ ...signIn, displayName: "Sign in with Okta" }, client)["displayName"]).toBe("Sign in with Okta");
});

test("release 3: the list's entry knows neither display name nor sign-out address, and asks for a user name", () => {
  expect(providerConfiguration({ ...signIn, release: 3, displayName: "ignored" }, client)).toEqual({
    name: "okta",
    type: "OIDCIdentityProvider",
    mappingMethod: "lookup",
    disableLoginConfirmation: false,
    provider,
  });
});

test("openid among the scopes is refused: KubeSphere would ask for nothing else (trap T1)", () => {
  expect(() => providerConfiguration({ ...signIn, scopes: ["openid", "email", "profile"] }, client)).toThrow(
    "KubeSphere's scopes: expected them without openid",
  );
});

const person = { username: "ana", login: "ana@example.com", subject: "00uAna" };
const managed = { "app.kubernetes.io/managed-by": "gatehouse" };

test("a person is tied to her sub by labels, and by the annotation too in release 4, whose patch releases differ", () => {
  const labels = { ...managed, "iam.kubesphere.io/identify-provider": "okta", "iam.kubesphere.io/origin-uid": "00uAna" };
  expect(userManifest({ release: 4, provider: "okta" }, person)).toEqual({
    apiVersion: "iam.kubesphere.io/v1beta1",
    kind: "User",
    metadata: { name: "ana", labels, annotations: { "iam.kubesphere.io/identity-provider.okta": "00uAna" } },
    spec: { email: "ana@example.com" },
  });
  expect(userManifest({ release: 3, provider: "okta" }, person)).toEqual({
    apiVersion: "iam.kubesphere.io/v1alpha2",
    kind: "User",
    metadata: { name: "ana", labels },
    spec: { email: "ana@example.com" },
  });
});

const iam = "iam.kubesphere.io";
const rbac = "rbac.authorization.k8s.io";

test.each([
  [
    4 as const,
    "GlobalRoleBinding",
    { roleRef: { kind: "GlobalRole", name: "platform-admin" } },
    { apiVersion: `${iam}/v1beta1`, metadata: {}, labels: {}, roleGroup: iam, userGroup: iam },
  ],
  [
    4 as const,
    "WorkspaceRoleBinding",
    { workspace: "retail", roleRef: { kind: "WorkspaceRole", name: "retail-admin" } },
    { apiVersion: `${iam}/v1beta1`, metadata: {}, labels: { "kubesphere.io/workspace": "retail" }, roleGroup: iam, userGroup: iam },
  ],
  [
    4 as const,
    "RoleBinding",
    { namespace: "shop", roleRef: { kind: "Role", name: "operator" } },
    { apiVersion: `${iam}/v1beta1`, metadata: { namespace: "shop" }, labels: {}, roleGroup: iam, userGroup: iam },
  ],
  [
    3 as const,
    "WorkspaceRoleBinding",
    { workspace: "retail", roleRef: { kind: "WorkspaceRole", name: "retail-admin" } },
    { apiVersion: `${iam}/v1alpha2`, metadata: {}, labels: { "kubesphere.io/workspace": "retail" }, roleGroup: iam, userGroup: rbac },
  ],
  [
    3 as const,
    "RoleBinding",
    { namespace: "shop", roleRef: { kind: "Role", name: "operator" } },
    { apiVersion: `${rbac}/v1`, metadata: { namespace: "shop" }, labels: {}, roleGroup: rbac, userGroup: rbac },
  ],
])("release %i: a %s", (release, kind, binding, expected) => {
  const { roleRef } = binding;
  expect(bindingManifest({ release }, "ana", { name: "ana-x", kind, ...binding })).toEqual({
    apiVersion: expected.apiVersion,
    kind,
    metadata: {
      name: "ana-x",
      ...expected.metadata,
      labels: { ...managed, "iam.kubesphere.io/user-ref": "ana", "iam.kubesphere.io/role-ref": roleRef.name, ...expected.labels },
    },
    roleRef: { apiGroup: expected.roleGroup, ...roleRef },
    subjects: [{ apiGroup: expected.userGroup, kind: "User", name: "ana" }],
  });
});
