import {
  callbackUrl,
  dashboardUrl,
  durationSeconds,
  kastenConfiguration,
  mountedSecrets,
  normalPrefix,
  type Deployment,
} from "../../../../story/relying-parties/kasten/configuration";

const whole = {
  "provider-url": "https://idp.example.test/",
  "redirect-url": "https://k10.example.test/",
  "client-id": "inline",
  "client-secret": "inline secret",
  scopes: "openid  email groups",
};

const deployment = (volumes: { name: string; secret?: { secretName: string } }[]): Deployment => ({
  spec: { template: { spec: { containers: [], volumes } } },
});

test("the vendor's defaults stand for keys that are left out, and the issuer keeps its slash", () => {
  expect(kastenConfiguration(whole, undefined, "here")).toEqual({
    providerUrl: "https://idp.example.test/",
    redirectUrl: new URL("https://k10.example.test"),
    clientId: "inline",
    clientSecret: "inline secret",
    scopes: ["openid", "email", "groups"],
    prompt: "select_account",
    usernameClaim: "sub",
    usernamePrefix: "",
    groupClaim: "",
    groupPrefix: "",
    groupAllowList: [],
    sessionSeconds: 3600,
    pkce: "auto",
  });
});

test("credentials in a Secret of their own win over inline ones", () => {
  const configuration = kastenConfiguration(whole, { "client-id": "apart", "client-secret": "apart secret" }, "here");
  expect([configuration.clientId, configuration.clientSecret]).toEqual(["apart", "apart secret"]);
});

test.each([
  ["true", "required"],
  ["false", "disabled"],
] as const)("key pkce=%s means %s", (pkce, expected) => {
  expect(kastenConfiguration({ ...whole, pkce }, undefined, "here").pkce).toBe(expected);
});

test.each<[string, Record<string, string>, Record<string, string> | undefined, string]>([
  ["no issuer", { ...whole, "provider-url": "" }, undefined, "here: expected a key provider-url with a value"],
  ["credentials without secret", whole, { "client-id": "a" }, "here: expected a key client-secret with a value, got keys client-id"],
  ["redirect-url that is no URL", { ...whole, "redirect-url": "k10" }, undefined, "key redirect-url: expected the http(s) base URL"],
  ["pkce that is neither", { ...whole, pkce: "S256" }, undefined, 'key pkce: expected "true", "false" or no key, got "S256"'],
  [
    "duration without unit",
    { ...whole, sessionDuration: "60" },
    undefined,
    'key sessionDuration: expected a Go duration such as 1h or 90m, got "60"',
  ],
])("refuses %s", (_title, configuration, credentials, message) => {
  let thrown = "";
  try {
    kastenConfiguration(configuration, credentials, "here");
  } catch (error) {
    thrown = String(error);
  }
  expect(thrown).toContain(message);
  expect(thrown).not.toContain("inline secret");
});

test.each([
  ["1h", 3600],
  ["1h30m", 5400],
  ["90s", 90],
  ["0.5h", 1800],
  ["1500ms", 1.5],
])("durationSeconds(%s) is %d", (text, seconds) => {
  expect(durationSeconds(text, "here")).toBe(seconds);
});

test.each([
  ["https://k10.example.test", "k10", "https://k10.example.test/k10/auth-svc/v0/oidc/redirect"],
  ["https://k10.example.test/", "/kasten/", "https://k10.example.test/kasten/auth-svc/v0/oidc/redirect"],
  // The guide's warning: a path in redirectURL comes twice.
  ["https://k10.example.test/k10", "k10", "https://k10.example.test/k10/k10/auth-svc/v0/oidc/redirect"],
  ["http://127.0.0.1:8080", "k10", "http://127.0.0.1:8080/k10/auth-svc/v0/oidc/redirect"],
])("callback of %s under %s", (base, prefix, expected) => {
  const callback = callbackUrl(new URL(base), normalPrefix(prefix));
  expect(callback).toBe(expected);
  expect(`${dashboardUrl(callback)}auth-svc/v0/oidc/redirect`).toBe(expected);
});

describe("mountedSecrets", () => {
  test("secretName and clientSecretName both mounted", () => {
    const volumes = [
      { name: "k10-oidc-auth", secret: { secretName: "own" } },
      { name: "k10-oidc-auth-creds", secret: { secretName: "client-2" } },
    ];
    expect(mountedSecrets(deployment(volumes))).toEqual({ configuration: "own", credentials: "client-2" });
  });
  test("without OIDC it says what is mounted instead", () => {
    expect(() => mountedSecrets(deployment([{ name: "k10-basic-auth", secret: { secretName: "k10-basic-auth" } }]))).toThrow(
      "Deployment auth-svc: expected a volume k10-oidc-auth (auth.oidcAuth.enabled=true), got volumes: k10-basic-auth",
    );
  });
});
