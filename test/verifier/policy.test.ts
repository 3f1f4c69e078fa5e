import type { EnvironmentDocument } from "../../model";
import { permits, rbacOf, requireAccepted, reviewAccess, TokenNotForPlatformError, verifyToken } from "../../verifier";
import { sampleDocument } from "../fixtures/sample";
import { claims, failure, issuer, judge, makeIssuer, now, type Issuer } from "./issuer";

let okta: Issuer;
beforeAll(async () => {
  okta = await makeIssuer();
});

/** The sample with the identity rule of K10 changed. */
function ruled(change: (platform: EnvironmentDocument["platforms"][string], document: EnvironmentDocument) => void): EnvironmentDocument {
  const document = sampleDocument();
  const platform = document.platforms["k10"];
  if (platform === undefined) {
    throw new Error("The sample has no k10.");
  }
  change(platform, document);
  return document;
}

describe("identity", () => {
  test("username and groups carry the prefix; groups are sorted and each once", async () => {
    const verdict = await judge(okta, claims({ groups: ["Kasten Users", "Kasten Admins", "Kasten Users"] }));
    expect(verdict.identity).toEqual({ username: "okta:00u1ana", groups: ["okta:Kasten Admins", "okta:Kasten Users"] });
  });

  test("a single group may come as a text, as kube-apiserver allows", async () => {
    expect((await judge(okta, claims({ groups: "Kasten Users" }))).grants.map(({ role }) => role)).toEqual(["basic"]);
  });

  test("an empty username prefix means the issuer", async () => {
    const document = ruled((platform) => (platform.username.prefix = ""));
    expect((await judge(okta, claims(), { document })).identity?.username).toBe(`${issuer}#00u1ana`);
  });

  test.each([
    ["absent", undefined, "no such claim"],
    ["a list", ["ana"], '["ana"]'],
  ])("a username claim that is %s is refused", async (_, value, got) => {
    const document = ruled((platform) => (platform.username.claim = "preferred_username"));
    const verdict = await judge(okta, claims({ preferred_username: value }), { document });
    expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "username_missing", identity: null });
    expect(failure(verdict)).toBe(`username: expected a text in claim 'preferred_username', got ${got}`);
    expect(verdict.causes[0]).toMatchObject({ code: "thin_token" });
    expect(verdict.causes[0]?.remedy).toBe(
      "Ask for the scopes openid profile email groups, or take 'sub' as username claim, which every ID token has.",
    );
  });

  describe("with the address as username", () => {
    const document = () => ruled((platform) => (platform.username.claim = "email"));
    test.each([
      ["true", { email_verified: true }, "accepted", null],
      ["absent", {}, "accepted", null],
      ["false", { email_verified: false }, "not-for-platform", "email_not_verified"],
      ["a text", { email_verified: "true" }, "not-for-platform", "email_not_verified"],
    ])("email_verified %s", async (_, changes, outcome, code) => {
      const verdict = await judge(okta, claims({ email: "ana@example.com", ...changes }), { document: document() });
      expect(verdict).toMatchObject({ outcome, code });
      expect(verdict.causes.map((cause) => cause.code)).toEqual(code === null ? [] : ["email_unverified"]);
    });

    test("it does not matter for another username claim", async () => {
      expect((await judge(okta, claims({ email_verified: false }))).outcome).toBe("accepted");
    });
  });

  test.each([
    ["a number", 7],
    ["a list with a number", ["Kasten Admins", 7]],
    ["a mapping", { a: 1 }],
  ])("groups that are %s are refused", async (_, groups) => {
    expect(await judge(okta, claims({ groups }))).toMatchObject({ outcome: "not-for-platform", code: "groups_malformed", grants: [] });
  });

  test("a username claim that is empty is the bare prefix, as the API server has it", async () => {
    const document = ruled((platform) => (platform.username.claim = "preferred_username"));
    for (const value of ["", null]) {
      expect((await judge(okta, claims({ preferred_username: value }), { document })).identity?.username).toBe("okta:");
    }
  });

  describe("names that Kubernetes or the chart trusts, where the prefix lets them through", () => {
    const groups = ["Kasten Admins", "k10:admins", "system:masters"];
    const open = (tokenRules: "go-oidc" | "authentication-configuration") =>
      ruled((platform, all) => {
        platform.groups.prefix = "";
        platform.tokenRules = tokenRules;
        all.access.forEach((grant) => (grant.subject.name = grant.subject.name.replace("okta:", "")));
      });

    test("are taken by the platform, and we advise against", async () => {
      const verdict = await judge(okta, claims({ groups }), { document: open("go-oidc") });
      expect(verdict).toMatchObject({ outcome: "accepted", decision: { accepted: true } });
      expect(verdict.advice.map(({ code, message }) => [code, message])).toEqual([
        [
          "reserved_name",
          'A name from the identity provider reaches Kubernetes as one that is trusted by itself: "k10:admins", "system:masters".',
        ],
      ]);
    });

    test("are refused by the rules that Gatehouse writes into an AuthenticationConfiguration", async () => {
      const verdict = await judge(okta, claims({ groups }), { document: open("authentication-configuration") });
      expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "user_rule_failed", decision: { accepted: false } });
      expect(failure(verdict)).toBe(
        "user validation: expected true from user.groups.all(group, !group.startsWith('system:')), got false (group names beginning with system: belong to Kubernetes)",
      );
      expect(verdict.causes.map(({ code }) => code)).toContain("reserved_prefix");
      expect(rbacOf(verdict)).toEqual([]);
    });

    test("are harmless behind a prefix", async () => {
      const verdict = await judge(okta, claims({ groups: ["Kasten Admins", "system:masters"] }));
      expect([verdict.outcome, verdict.advice]).toEqual(["accepted", []]);
    });
  });
});

describe("grants", () => {
  test("are met by group, with prose and RBAC objects", async () => {
    const verdict = await judge(okta, claims({ groups: ["Kasten Users", "Security Auditors", "Other"] }));
    expect(permits(verdict)).toEqual([
      "k10: backs up and restores applications in the named namespaces (billing, shop), as okta:Kasten Users.",
      "k10: reads the configuration of Kasten K10, changes nothing, as okta:Security Auditors, until 2027-03-31.",
    ]);
    expect(rbacOf(verdict).map(({ subject, role, kind, namespace, roleRef }) => [subject, role, kind, namespace, roleRef.name])).toEqual([
      ["okta:Kasten Users", "basic", "RoleBinding", "billing", "k10-basic"],
      ["okta:Kasten Users", "basic", "RoleBinding", "shop", "k10-basic"],
      ["okta:Security Auditors", "view", "ClusterRoleBinding", null, "k10-config-view"],
    ]);
    expect(verdict.lackingGroups).toEqual([
      { group: "backup-admins", displayName: "Kasten Admins", claimValue: "Kasten Admins", roles: ["admin"] },
    ]);
  });

  test("of other platforms do not count", async () => {
    const verdict = await judge(okta, claims({ aud: "0oa2dr", groups: ["Kasten Users"] }), { platform: "k10-dr" });
    expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "no_grant", platform: "k10-dr" });
  });

  test("none: the token is good, and opens nothing", async () => {
    const verdict = await judge(okta, claims({ groups: ["Developers"] }));
    expect(failure(verdict)).toBe(
      'grants: expected one of "okta:Kasten Admins", "okta:Kasten Users", "okta:Security Auditors", got none of them; the names are "okta:00u1ana", "okta:Developers"',
    );
    expect(permits(verdict)).toEqual(["Permits nothing at k10: no_grant."]);
    expect(() => requireAccepted(verdict)).toThrow(TokenNotForPlatformError);
    expect(() => requireAccepted(verdict)).toThrow("got none of them");
  });

  test.each([
    ["2027-03-31T23:59:59Z", "accepted", null],
    ["2027-04-01T00:00:00Z", "not-for-platform", "no_grant"],
  ])("hold to the end of their last day (%s)", async (moment, outcome, code) => {
    const day = new Date(moment);
    const seconds = day.getTime() / 1000;
    const verdict = await judge(okta, claims({ iat: seconds, exp: seconds + 60, groups: ["Security Auditors"] }), { now: day });
    expect(verdict).toMatchObject({ outcome, code });
    expect(verdict.endedGrants.map(({ role }) => role)).toEqual(code === null ? [] : ["view"]);
    if (code !== null) {
      expect(failure(verdict)).toContain("got only ended grants (view until 2027-03-31)");
      expect(verdict.causes).toEqual([
        {
          code: "grant_ended",
          message: "The grant 'view' of 'auditors' ended with 2027-03-31. Its binding stays in the cluster until the next `pulumi up`.",
          remedy: "Run `pulumi up` to take it away, or write a new last day.",
        },
      ]);
    }
  });

  test("a grant that ends within 14 days is warned of", async () => {
    const of = async (until: string) => {
      const document = ruled((_, all) => all.access.forEach((grant) => (grant.until = until)));
      return (await judge(okta, claims(), { document })).warnings;
    };
    expect(await of("2026-12-07")).toEqual([
      { code: "grant_ends_soon", message: "The grant 'admin' of 'backup-admins' ends with 2026-12-07." },
    ]);
    expect(await of("2026-12-08")).toEqual([]);
  });
});

describe("the platform", () => {
  const verify = async (changes: Record<string, unknown>, platform?: string, document = sampleDocument()) =>
    verifyToken({ token: await okta.sign(claims(changes)), document, now, fetch: okta.fetch, platform });

  test("is the one that the audience names", async () => {
    expect((await verify({ aud: "0oa2dr" })).platform).toBe("k10-dr");
  });

  test("is the only one, where there is one", async () => {
    const document = sampleDocument();
    delete document.platforms["k10-dr"];
    expect(await verify({ aud: "elsewhere" }, undefined, document)).toMatchObject({ platform: "k10", code: "audience_mismatch" });
  });

  test("is none, where the audience belongs to none", async () => {
    const verdict = await verify({ aud: "elsewhere" });
    expect(verdict).toMatchObject({ platform: null, outcome: "not-for-platform", code: "audience_mismatch", identity: null });
    expect(failure(verdict)).toBe('audience: expected one of "0oa1k10", "0oa2dr", got "elsewhere"');
    expect(permits(verdict)).toEqual(["Permits nothing at any platform of this environment: audience_mismatch."]);
  });

  test("must be one of the environment", async () => {
    await expect(verify({}, "k11")).rejects.toThrow('Expected a platform of the environment (k10, k10-dr), got "k11".');
  });

  test("must be chosen where several share a client", async () => {
    const document = ruled((platform) => (platform.clientId = "0oa2dr"));
    await expect(verify({ aud: "0oa2dr" }, undefined, document)).rejects.toThrow(
      "Expected a choice among the platforms that share the token's client (k10, k10-dr), got none.",
    );
  });
});

describe("audience", () => {
  test.each([
    ["another client", { aud: "elsewhere" }, "audience_mismatch", 'audience: expected "0oa1k10", got "elsewhere"'],
    ["none", { aud: undefined }, "audience_mismatch", 'audience: expected "0oa1k10", got no such claim'],
  ])("%s is not for the platform", async (_, changes, code, message) => {
    const verdict = await judge(okta, claims(changes));
    expect(verdict).toMatchObject({ outcome: "not-for-platform", code, identity: null, grants: [] });
    expect(failure(verdict)).toBe(message);
  });

  test.each([
    ["a list of one", { aud: ["0oa1k10"] }],
    ["several with azp", { aud: ["0oa1k10", "api"], azp: "0oa1k10" }],
  ])("%s is accepted", async (_, changes) => {
    expect((await judge(okta, claims(changes))).outcome).toBe("accepted");
  });
});

describe("multi-factor sign-in", () => {
  test.each([
    ["amr with mfa", { amr: ["pwd", "otp", "mfa"] }, true, "accepted"],
    ["a class that means it", { acr: "phr" }, true, "accepted"],
    ["two methods are not said to be two factors", { amr: ["pwd", "otp"] }, true, "not-for-platform"],
    ["neither claim", { amr: undefined }, true, "not-for-platform"],
    ["the named context", { acrs: ["c1", "c2"] }, { authenticationContext: "c1" }, "accepted"],
    ["another context", { acrs: ["c2"] }, { authenticationContext: "c1" }, "not-for-platform"],
    ["not required", { amr: ["pwd"] }, false, "accepted"],
  ] as const)("%s", async (_, changes, requireMultiFactor, outcome) => {
    const verdict = await judge(okta, claims(changes), { requireMultiFactor });
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.code).toBe(outcome === "accepted" ? null : "multi_factor_missing");
    expect(verdict.causes.map(({ code }) => code)).toEqual(outcome === "accepted" ? [] : ["single_factor"]);
  });

  test("the message names what came", async () => {
    expect(failure(await judge(okta, claims(), { requireMultiFactor: { authenticationContext: "c1" } }))).toBe(
      'multi-factor: expected acrs with "c1", got acrs no such claim',
    );
  });
});

describe("a platform that cannot read groups", () => {
  const people = () =>
    ruled((platform, document) => {
      platform.groups = { claim: "", prefix: "" };
      platform.username.prefix = "-";
      document.access
        .filter(({ platform }) => platform === "k10")
        .forEach((grant, index) => {
          const claimValue = ["00u1ana", "00u2bob", "00u3eve"][index] ?? "";
          grant.subject = { kind: "User", name: `person-${index}` };
          grant.person = { login: `${claimValue}@example.com`, claimValue };
        });
    });

  test("goes by the person, whatever the groups claim holds", async () => {
    for (const groups of [undefined, ["Kasten Users"], 7]) {
      const verdict = await judge(okta, claims({ groups }), { document: people() });
      expect(verdict).toMatchObject({ outcome: "accepted", identity: { username: "00u1ana", groups: [] } });
      expect(verdict.grants.map(({ role }) => role)).toEqual(["admin"]);
      expect(verdict.checks.some(({ name }) => name === "groups")).toBe(false);
    }
  });

  test("refuses somebody who is bound to nothing, and names the way", async () => {
    const verdict = await judge(okta, claims({ sub: "00u9sam" }), { document: people() });
    expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "no_grant" });
    expect(verdict.causes.map(({ code, remedy }) => [code, remedy])).toEqual([
      [
        "not_a_member",
        "Add the person to the group that fits, and run `pulumi up`: this platform cannot read groups, people are bound one by one.",
      ],
    ]);
  });
});

test("a live review asks as the person, with the group that the API server adds", async () => {
  const { identity } = await judge(okta, claims());
  if (identity === null) {
    throw new Error("The token of the sample has no identity.");
  }
  const asked: unknown[] = [];
  const question = { verb: "list", resource: "secrets", namespace: "kasten-io" };
  const answers = await reviewAccess(identity, [question], (subject, attributes) => {
    asked.push([subject, attributes]);
    return Promise.resolve({ allowed: false, reason: "no binding" });
  });
  expect(asked).toEqual([[{ username: "okta:00u1ana", groups: ["okta:Kasten Admins", "system:authenticated"] }, question]]);
  expect(answers).toEqual([{ question, allowed: false, reason: "no binding" }]);
});
