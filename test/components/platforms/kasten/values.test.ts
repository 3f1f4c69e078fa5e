import { mergeValues } from "../../../../components/platforms/chart-values";
import { kastenSecretContent, kastenValues, type KastenSignIn } from "../../../../components/platforms/kasten/values";

const signIn: KastenSignIn = {
  chartVersion: "8.0.15",
  issuer: "https://acme.okta.com",
  host: "https://k10.example.com",
  scopes: ["openid", "profile", "email", "groups"],
  prompt: "select_account",
  username: { claim: "sub", prefix: "okta:" },
  groups: { claim: "groups", prefix: "okta:" },
  sessionDuration: "8h",
  refreshTokens: true,
};
const client = { id: "0oa1", secret: "s3cret" };

const oidcAuth = {
  enabled: true,
  providerURL: "https://acme.okta.com",
  redirectURL: "https://k10.example.com",
  scopes: "openid profile email groups",
  prompt: "select_account",
  clientSecretName: "k10-oidc-1",
  usernameClaim: "sub",
  usernamePrefix: "okta:",
  groupClaim: "groups",
  groupPrefix: "okta:",
  sessionDuration: "8h",
  refreshTokenSupport: true,
};

describe("values", () => {
  test.each(["7.0.0", "7.5.3", "8.0.15", "9.0.701"])("chart %s takes credentials by the name of a Secret", (chartVersion) => {
    expect(kastenValues({ ...signIn, chartVersion }, "k10-oidc-1")).toEqual({ auth: { oidcAuth } });
    expect(kastenSecretContent({ ...signIn, chartVersion }, client)).toEqual({ "client-id": "0oa1", "client-secret": "s3cret" });
  });

  test.each(["4.5.0", "5.5.100", "6.0.401", "6.5.14"])("chart %s takes the whole configuration by the name of a Secret", (chartVersion) => {
    expect(kastenValues({ ...signIn, chartVersion }, "k10-oidc-1")).toEqual({
      auth: { oidcAuth: { enabled: true, secretName: "k10-oidc-1" } },
    });
    expect(kastenSecretContent({ ...signIn, chartVersion }, client)).toEqual({
      "client-id": "0oa1",
      "client-secret": "s3cret",
      "provider-url": "https://acme.okta.com",
      "redirect-url": "https://k10.example.com",
      scopes: "openid profile email groups",
      prompt: "select_account",
      usernameClaim: "sub",
      usernamePrefix: "okta:",
      groupClaim: "groups",
      groupPrefix: "okta:",
      sessionDuration: "8h",
      refreshTokenSupport: "true",
      groupAllowList: "",
      "logout-url": "",
    });
  });

  test.each([
    ["9.0.701", "http://127.0.0.1:8080", false],
    ["9.0.701", "https://k10.example.com", undefined],
    ["8.5.13", "http://127.0.0.1:8080", false],
    ["8.0.15", "http://127.0.0.1:8080", undefined],
  ])("chart %s at %s: secureCookies %s", (chartVersion, host, expected) => {
    const { auth } = kastenValues({ ...signIn, chartVersion, host }, "k10-oidc-1") as { auth: Record<string, unknown> };
    expect(auth).toEqual({ oidcAuth: { ...oidcAuth, redirectURL: host }, ...(expected === undefined ? {} : { secureCookies: expected }) });
  });

  test.each(["4.4.9", "10.0.0", "latest"])("chart %s is refused with what is supported", (chartVersion) => {
    const message = `Kasten K10 chart version: expected a k10 chart from 4.5.0 up to, not including, 10.0.0: the versions whose contract was read, got ${chartVersion}.`;
    expect(() => kastenValues({ ...signIn, chartVersion }, "k10-oidc-1")).toThrow(message);
    expect(() => kastenSecretContent({ ...signIn, chartVersion }, client)).toThrow(message);
  });
});

describe("mergeValues", () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>, Record<string, unknown>]>([
    ["the user's keys survive", { a: 1, deep: { b: 2 } }, { deep: { c: 3 } }, { a: 1, deep: { b: 2, c: 3 } }],
    ["ours win", { deep: { b: 2 } }, { deep: { b: 3 } }, { deep: { b: 3 } }],
    ["ours replace another shape", { deep: "text" }, { deep: { b: 3 } }, { deep: { b: 3 } }],
    ["lists are replaced, not merged", { list: [1, 2] }, { list: [3] }, { list: [3] }],
    ["null is a value", { deep: null }, { deep: { b: 3 } }, { deep: { b: 3 } }],
  ])("%s", (_rule, users, ours, merged) => {
    expect(mergeValues(users, ours)).toEqual(merged);
  });

  test("neither side is changed", () => {
    const users = { deep: { b: 2 } };
    const ours = { deep: { c: 3 } };
    mergeValues(users, ours);
    expect([users, ours]).toEqual([{ deep: { b: 2 } }, { deep: { c: 3 } }]);
  });

  test("an object that was not written out, such as an output, is taken whole", () => {
    const output = new (class Output {
      readonly inner = 1;
    })();
    expect(mergeValues({ name: { user: 1 } }, { name: output }).name).toBe(output);
  });
});
