/** The values that the component makes, rendered by a real Helm through charts with the vendor's contract. */
import { openUnisonDefaults, openUnisonValues, type OpenUnisonSignIn } from "../../../components/platforms/openunison/values";
import { one, renderer } from "./helm";

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  readonly spec?: Record<string, unknown>;
}

const helmTemplate = renderer<Manifest>();
const render = (release: string, chart: string, values: unknown): ReturnType<typeof helmTemplate> =>
  helmTemplate({ release, chart, namespace: "openunison", values });

const signIn: OpenUnisonSignIn = {
  hosts: { portal: "k8sou.example.com", dashboard: "k8sdb.example.com", apiServer: "k8sapi.example.com" },
  clusterName: "prod",
  issuer: "https://acme.okta.com",
  scopes: ["openid", "profile", "email", "groups"],
  userInIdToken: false,
  claims: { sub: "sub", email: "email", given_name: "given_name", family_name: "family_name", display_name: "name", groups: "groups" },
  dashboard: false,
  sessionSeconds: 600,
  replicas: 1,
  ingressType: "nginx",
  ingressAnnotations: { team: "platform" },
  trustedCertificates: { idp: "PEM" },
};

const values = openUnisonValues(signIn, "0oa1", "abc1234567");

test("the chain: issuer, scopes, userinfo, all six claims, and the secret by reference", async () => {
  const { manifests } = await render("orchestra-login-portal", "openunison-login-portal", values);
  const { authMechs } = one(manifests, "AuthenticationChain", "enterprise-idp").spec as {
    authMechs: { name: string; params: Record<string, unknown>; secretParams?: unknown[] }[];
  };
  expect(authMechs[0]?.params).toMatchObject({
    clientid: "0oa1",
    issuer: "https://acme.okta.com",
    scope: "openid profile email groups",
    userLookupClassName: "com.tremolosecurity.unison.proxy.auth.openidconnect.loadUser.LoadAttributesFromWS",
  });
  expect(authMechs[0]?.secretParams).toEqual([
    { name: "secretid", secretName: "orchestra-secrets-source#[openunison.static-secret.suffix]", secretKey: "OIDC_CLIENT_SECRET" },
  ]);
  expect(authMechs[1]?.params["map"]).toEqual([
    "uid|composite|${sub}",
    "mail|composite|${email}",
    "givenName|composite|${given_name}",
    "sn|composite|${family_name}",
    "displayName|composite|${name}",
    "memberOf|user|groups",
  ]);
  expect(one(manifests, "AuthenticationMechanism", "oidc").spec).toMatchObject({ uri: "/auth/oidc" });
  expect(one(manifests, "Application", "k8sidp").spec).toMatchObject({ cookieConfig: { timeout: 600 } });
});

test("a claim that is left out would be seen at the first sign-in only, as <nil>: hence always six", async () => {
  const { claims, ...oidc } = values["oidc"] as { claims: Record<string, string> };
  const { sub: _sub, ...five } = claims;
  const { text } = await render("orchestra-login-portal", "openunison-login-portal", { ...values, oidc: { ...oidc, claims: five } });
  expect(text).toContain("uid|composite|${<nil>}");
  expect((await render("orchestra-login-portal", "openunison-login-portal", values)).text).not.toContain("|${<nil>}");
});

test("orchestra renders the same twice, names the restart's cause, and leaves the proxy to its own chart", async () => {
  const first = await render("orchestra", "openunison-orchestra", values);
  const second = await render("orchestra", "openunison-orchestra", values);
  expect(second.text).toBe(first.text);
  expect(one(first.manifests, "OpenUnison", "orchestra").metadata.annotations).toEqual({
    "argocd.argoproj.io/sync-wave": "20",
    "tremolo.io/force-update-from-chart": "abc1234567",
  });
  expect(first.manifests.filter(({ kind }) => kind === "Deployment")).toEqual([]);
  // Two releases cannot own one object, and each of the two charts names this Service.
  const proxy = await render("orchestra-kube-oidc-proxy", "openunison-kube-oidc-proxy", values);
  one(proxy.manifests, "Service", "kube-oidc-proxy-orchestra");
  expect(first.manifests.filter(({ kind }) => kind === "Service").map(({ metadata }) => metadata.name)).toEqual(["openunison-orchestra"]);
  expect(one(first.manifests, "OpenUnison", "orchestra").spec).toMatchObject({
    source_secret: "orchestra-secrets-source",
    key_store: { trusted_certificates: [{ name: "idp", pem_data: "UEVN" }] },
    hosts: [{ annotations: [{ name: "team", value: "platform" }] }],
  });
  one(first.manifests, "ClusterRole", "impersonator-openunison-orchestra");
});

test("without enable_wait_for_job, orchestra makes the proxy that an installer would wait for in vain", async () => {
  const { enable_wait_for_job: _switch, ...without } = values;
  const { manifests } = await render("orchestra", "openunison-orchestra", without);
  one(manifests, "Deployment", "kube-oidc-proxy-orchestra");
  one(manifests, "Service", "kube-oidc-proxy-orchestra");
});

test("network policies stay off unless the user writes them out: the chart's own lock the API server out of its webhooks", async () => {
  const policies = async (given: Record<string, unknown>) =>
    (await render("orchestra", "openunison-orchestra", given)).manifests.filter(({ kind }) => kind === "NetworkPolicy");
  expect(await policies(values)).toHaveLength(1);
  expect(await policies({ ...openUnisonDefaults, ...values })).toEqual([]);
});

test("direct trust: no right to impersonate, no proxy", async () => {
  const direct = openUnisonValues({ ...signIn, apiServerUrl: "https://api.example.com:6443" }, "0oa1", "abc1234567");
  const { text } = await render("orchestra", "openunison-orchestra", direct);
  expect(text).not.toContain("impersonator-");
  expect(text).toContain('value: "https://api.example.com:6443"');
  expect((await render("orchestra-kube-oidc-proxy", "openunison-kube-oidc-proxy", direct)).manifests).toEqual([]);
});

test("the proxy's flags have no prefix, whatever the values say", async () => {
  const { text } = await render("orchestra-kube-oidc-proxy", "openunison-kube-oidc-proxy", {
    ...values,
    impersonation: { ...(values["impersonation"] as object), groupsPrefix: "okta:" },
  });
  expect(text).toContain("--oidc-issuer-url=https://k8sou.example.com/auth/idp/k8sIdp");
  expect(text).not.toContain("-prefix=");
});

test("the group chain: included by the portal, asks Entra ID as the app with its secret by reference, people by object id", async () => {
  const named = openUnisonValues({ ...signIn, groupNamesTenant: "tenant-1" }, "0oa1", "abc1234567");
  const portal = one(
    (await render("orchestra-login-portal", "openunison-login-portal", named)).manifests,
    "AuthenticationChain",
    "enterprise-idp",
  );
  const mechanisms = portal.spec?.["authMechs"] as { name: string; params: Record<string, unknown> }[];
  expect(mechanisms.map(({ name }) => name)).toEqual(["oidc", "map", "include"]);
  expect(mechanisms[2]?.params).toEqual({ chainName: "azuread-load-groups" });
  const { manifests, text } = await render("orchestra-login-azuread", "openunison-login-azuread", named);
  expect(one(manifests, "Target", "azuread").spec).toMatchObject({
    params: [
      { name: "clientId", value: "0oa1" },
      { name: "tenantId", value: "tenant-1" },
    ],
    secretParams: [{ name: "clientSecret", secretKey: "OIDC_CLIENT_SECRET" }],
  });
  one(manifests, "AuthenticationChain", "azuread-load-groups");
  expect(text).toContain('attributes.get("oid")');
});
