import { identityOf, mappedAccount, providerSchema, requestedScopes, type User } from "../../../../story/relying-parties/kubesphere/rules";

const provider = (mappingMethod: string, more: object = {}) =>
  providerSchema.parse({
    name: "okta",
    type: "OIDCIdentityProvider",
    mappingMethod,
    provider: {
      issuer: "https://example.okta.com",
      clientID: "0oa1",
      clientSecret: "s",
      redirectURL: "https://console.example.com/oauth/redirect/okta",
    },
    ...more,
  });

const ana = { subject: "00uAna", preferredUsername: "Ana", email: "ana@example.com" };
const local: User = { metadata: { name: "ana" } };
const labels = { "iam.kubesphere.io/identify-provider": "okta", "iam.kubesphere.io/origin-uid": "00uAna" };
const annotations = { "iam.kubesphere.io/identity-provider.okta": "00uAna" };
const tied3: User = { metadata: { name: "ana-okta", labels } };
const tied4: User = { metadata: { name: "ana-okta", labels, annotations } };
const annotated: User = { metadata: { name: "ana-okta", annotations } };

test("openid among the scopes drops all others (trap T1)", () => {
  expect(requestedScopes(["email", "profile"])).toEqual(["openid", "email", "profile"]);
  expect(requestedScopes(["openid", "email", "profile"])).toEqual(["openid"]);
});

test("sub, e-mail and user name count; groups do not; name stands in for a missing preferred_username", () => {
  const rule = provider("lookup").provider;
  expect(identityOf({ sub: "00uAna", name: "Ana A", email: "ana@example.com", groups: ["Everyone"] }, rule)).toEqual({
    subject: "00uAna",
    preferredUsername: "Ana A",
    email: "ana@example.com",
  });
  expect(identityOf({ sub: "1", upn: "x" }, { ...rule, preferredUsernameKey: "upn" }).preferredUsername).toBe("x");
  expect(() => identityOf({ email: "ana@example.com" }, rule)).toThrow('missing required claim "sub"');
});

test("a mapped account is found by its marks of this release, and by no name", () => {
  expect(mappedAccount(4, provider("lookup"), ana, [local, tied4])).toEqual({ account: "ana-okta" });
  expect(mappedAccount(3, provider("lookup"), ana, [local, tied3])).toEqual({ account: "ana-okta" });
  // 4.1.2 would not find the annotation, 4.1.3 not the labels; and no release finds one of two.
  for (const [release, others] of [
    [4, [local, tied3]],
    [4, [local, annotated]],
    [4, [tied4, { ...tied4, metadata: { ...tied4.metadata, name: "other" } }]],
    [3, [local, annotated]],
    [3, [tied3, { metadata: { name: "other", labels } }]],
  ] as const) {
    expect(() => mappedAccount(release, provider("lookup"), ana, others)).toThrow("failed to find mapped user: 00uAna");
  }
  const disabled = { ...tied4, status: { state: "Disabled" } };
  expect(() => mappedAccount(4, provider("lookup"), ana, [disabled])).toThrow("account is not active");
  expect(() => mappedAccount(4, provider("lookup", { name: "corp" }), ana, [tied4])).toThrow("failed to find mapped user");
});

test("auto of release 4 takes a local account of the same name over; release 3 does not; manual and lookup never", () => {
  expect(mappedAccount(4, provider("auto"), ana, [local])).toEqual({ account: "ana", takesOver: local });
  expect(mappedAccount(4, provider("auto"), ana, [])).toEqual({ account: "ana", takesOver: "new" });
  expect(() => mappedAccount(4, provider("auto"), ana, [{ ...local, status: { state: "Disabled" } }])).toThrow("not active");
  expect(() => mappedAccount(4, provider("auto"), { ...ana, preferredUsername: "ana@example.com" }, [])).toThrow(
    "is invalid: metadata.name",
  );
  expect(() => mappedAccount(3, provider("auto", { disableLoginConfirmation: true }), ana, [local])).toThrow("already exists");
  expect(() => mappedAccount(3, provider("auto"), ana, [local])).toThrow("asks for a user name first");
  expect(() => mappedAccount(4, provider("manual"), ana, [local])).toThrow("register a user name first");
  expect(() => mappedAccount(4, provider(""), ana, [local])).toThrow("invalid mapping method found");
});
