import type { EnvironmentDocument } from "../../model";
import { causeCodes, describeVerdict, type TokenVerdict } from "../../verifier";
import { sampleDocument } from "../fixtures/sample";
import { claims, judge, makeIssuer, type Issuer } from "./issuer";

let okta: Issuer;
beforeAll(async () => {
  okta = await makeIssuer();
});

const adminId = "11111111-2222-3333-4444-555555555555";

/** The sample as an identity provider that puts object ids into tokens would have it. */
function byId(): EnvironmentDocument {
  const document = sampleDocument();
  document.identityProvider = {
    ...document.identityProvider,
    kind: "newer",
    claimValue: "id",
    groupLimit: 200,
    aboveGroupLimit: "overage",
  };
  const admins = document.groups["backup-admins"];
  if (admins !== undefined) {
    Object.assign(admins, { id: adminId, claimValue: adminId });
  }
  for (const grant of document.access.filter(({ group }) => group === "backup-admins")) {
    grant.subject.name = `okta:${adminId}`;
  }
  return document;
}

const codes = (verdict: TokenVerdict) => verdict.causes.map(({ code }) => code);

describe("wrong token", () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ["the header says so (RFC 9068)", {}, { typ: "at+jwt" }, "an access token"],
    ["the header says so, in full", {}, { typ: "application/at+jwt" }, "an access token"],
    ["it has scp", { scp: ["openid"] }, {}, "an access token"],
    ["it has a scope and an API as audience", { aud: "https://api.example.com", scope: "openid" }, {}, "an access token"],
    ["its audience is api://", { aud: "api://default" }, {}, "an access token"],
    ["its audience is Microsoft Graph", { aud: "00000003-0000-0000-c000-000000000000" }, {}, "an access token"],
    ["Keycloak calls it Bearer", { typ: "Bearer" }, {}, "an access token"],
    ["Keycloak calls it Refresh", { typ: "Refresh" }, {}, "a refresh token"],
    ["it tells of events", { events: {} }, {}, "a logout or event token"],
  ])("%s", async (_, changes, header, got) => {
    const verdict = await judge(okta, {}, { token: await okta.sign(claims({ aud: "elsewhere", ...changes }), header), platform: "k10" });
    expect(verdict).toMatchObject({ outcome: "rejected", code: "not_an_id_token", identity: null });
    expect(verdict.checks.find(({ name }) => name === "token type")?.got).toBe(got);
    expect(codes(verdict)).toContain("access_token");
  });

  test("an ID token of Keycloak, typ ID, is none of them", async () => {
    expect((await judge(okta, claims({ typ: "ID", scope: "openid" }))).outcome).toBe("accepted");
  });

  test("an encrypted one", async () => {
    expect(codes(await judge(okta, {}, { token: "e30.a.b.c.d" }))).toEqual(["encrypted_token"]);
  });
});

describe("wrong issuer", () => {
  const tenant = "7a0c0000-0000-0000-0000-000000000001";
  const v1 = `https://sts.windows.net/${tenant}/`;
  const v2 = `https://login.microsoftonline.com/${tenant}/v2.0`;
  const at = (issuer: string) => {
    const document = sampleDocument();
    Object.values(document.platforms).forEach((platform) => (platform.issuer = issuer));
    document.identityProvider.kind = "entra";
    return document;
  };
  test.each([
    ["a trailing slash too many", v2, `${v2}/`, "issuer_trailing_slash"],
    ["a trailing slash too few", v1, v1.replace(/\/$/, ""), "issuer_trailing_slash"],
    ["Entra v1 where v2 is expected", v2, v1, "issuer_version"],
    ["Entra v2 where v1 is expected", v1, v2, "issuer_version"],
  ])("%s", async (_, expected, iss, cause) => {
    const verdict = await judge(okta, claims({ iss }), { document: at(expected) });
    expect(verdict).toMatchObject({ outcome: "rejected", code: "issuer_mismatch" });
    expect(codes(verdict)).toEqual([cause]);
  });

  test("another vendor has no likely cause", async () => {
    expect(codes(await judge(okta, claims({ iss: "https://elsewhere.example.com" }), { document: at(v2) }))).toEqual([]);
  });
});

describe("wrong client", () => {
  test("another platform of the environment is named", async () => {
    expect((await judge(okta, claims({ aud: "0oa2dr" }))).causes).toEqual([
      {
        code: "other_platform",
        message: "The token was issued for the platform 'k10-dr' (Kasten K10).",
        remedy: "Check it with --platform k10-dr, or sign in at the platform that you mean.",
      },
    ]);
  });

  test("an unknown client", async () => {
    expect(codes(await judge(okta, claims({ aud: "elsewhere" })))).toEqual(["unknown_client"]);
  });
});

describe("groups", () => {
  test("claim absent", async () => {
    const document = sampleDocument();
    Object.values(document.platforms).forEach((platform) => (platform.groupsFrom = "id-token"));
    const verdict = await judge(okta, claims({ groups: undefined }), { document });
    expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "groups_missing", identity: { groups: [] } });
    expect(verdict.causes).toEqual([
      {
        code: "groups_claim_absent",
        message:
          "The token has no claim 'groups': its scope was not asked for, the claim is not configured for this client, or the person is in no group that it lets through.",
        remedy:
          "Sign in with the scopes openid profile email groups; run `pulumi up` so that the claim is there; add the person to a group that holds a grant.",
      },
    ]);
  });

  test.each([
    ["a distributed claim", { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint: "https://graph.example.com" } } }],
    ["hasgroups", { hasgroups: true }],
  ])("overage by %s locks the person out", async (_, changes) => {
    const verdict = await judge(okta, claims({ groups: undefined, ...changes }), { document: byId() });
    expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "groups_overage" });
    expect(codes(verdict)).toEqual(["overage"]);
    expect(verdict.causes[0]?.message).toBe("The person is in more than 200 groups, so the token points to them instead of listing them.");
  });

  test("a distributed claim of another name is no overage", async () => {
    expect((await judge(okta, claims({ _claim_names: { address: "src1" }, _claim_sources: { src1: {} } }))).outcome).toBe("accepted");
  });

  test("truncated at the limit, without a sign", async () => {
    const groups = Array.from({ length: 100 }, (_, index) => `Team ${index}`);
    const verdict = await judge(okta, claims({ groups }));
    expect(verdict.code).toBe("no_grant");
    expect(codes(verdict)).toEqual(["truncated"]);
    expect(verdict.warnings).toContainEqual({
      code: "groups_at_limit",
      message: "The token carries 100 groups and the limit is 100: further ones are left out without a sign.",
    });
    expect(codes(await judge(okta, claims({ groups: groups.slice(1) })))).toEqual(["not_a_member"]);
  });

  test("names where ids are expected", async () => {
    const verdict = await judge(okta, claims({ groups: ["Kasten Admins"] }), { document: byId() });
    expect(codes(verdict)).toContain("names_instead_of_ids");
    expect((await judge(okta, claims({ groups: [adminId] }), { document: byId() })).outcome).toBe("accepted");
  });

  test.each(["00g1admins", adminId])("the id %s where names are expected", async (id) => {
    expect(codes(await judge(okta, claims({ groups: [id] })))).toEqual(["ids_instead_of_names"]);
  });

  test.each(["kasten admins", "/Kasten Admins", "Kasten Admins "])("the spelling %j", async (spelling) => {
    const verdict = await judge(okta, claims({ groups: [spelling] }));
    expect(codes(verdict)).toEqual(["group_spelling"]);
    expect(verdict.causes[0]?.message).toBe(
      `The token carries ${JSON.stringify(spelling)}, the grant names "Kasten Admins". Kubernetes compares them byte for byte.`,
    );
  });

  test("a group of the environment without a grant here", async () => {
    const verdict = await judge(okta, claims({ aud: "0oa2dr", groups: ["Kasten Users"] }), { platform: "k10-dr" });
    expect(codes(verdict)).toEqual(["group_not_granted"]);
    expect(verdict.causes[0]?.message).toBe("'Kasten Users' is a group of this environment, but it holds no grant on this platform.");
  });

  test("no group at all that fits", async () => {
    const verdict = await judge(okta, claims({ groups: ["Developers"] }));
    expect(verdict.causes).toEqual([
      {
        code: "not_a_member",
        message: "The person is in none of the groups that hold a grant: 'Kasten Admins', 'Kasten Users', 'Security Auditors'.",
        remedy: "Add the person to the group that fits, and sign in again: a token keeps the groups of its sign-in.",
      },
    ]);
  });

  describe("on Entra ID", () => {
    const atEntra = (): EnvironmentDocument => {
      const document = byId();
      document.identityProvider.kind = "entra";
      Object.values(document.platforms).forEach((platform) => (platform.groupsFrom = "id-token"));
      return document;
    };

    test.each([
      ["a name with its domain", String.raw`CORP\Kasten Admins`, "group's name in its domain"],
      ["a name with its domain, in another case", String.raw`corp\kasten admins`, "group's name in its domain"],
      ["a display name", "Kasten Admins", "The token carries the display name 'Kasten Admins'; bindings name object ids."],
      ["a display name in another case", "kasten ADMINS", "The token carries the display name 'kasten ADMINS'; bindings name object ids."],
    ])("%s where ids are expected", async (_, group, words) => {
      const verdict = await judge(okta, claims({ groups: [group] }), { document: atEntra() });
      expect(verdict.code).toBe("no_grant");
      expect(codes(verdict)).toEqual(["names_instead_of_ids"]);
      expect(verdict.causes[0]?.message).toContain(words);
      expect(verdict.causes[0]?.remedy).toContain("remove the setting that emits names");
    });

    test("an object id in another case is a matter of spelling", async () => {
      const id = "aabbccdd-2222-3333-4444-555555555555";
      const document = JSON.parse(JSON.stringify(atEntra()).replaceAll(adminId, id)) as EnvironmentDocument;
      const verdict = await judge(okta, claims({ groups: [id.toUpperCase()] }), { document });
      expect(codes(verdict)).toEqual(["group_spelling"]);
      expect((await judge(okta, claims({ groups: [id] }), { document })).outcome).toBe("accepted");
    });

    test.each([
      ["roles", ["reader"], "The token carries app roles (roles) in place of groups"],
      ["wids", ["62e90394-69f5-4237-9190-012177145e10"], "The token carries the person's directory roles (wids) in place of groups."],
    ])("%s without groups", async (claim, value, words) => {
      const verdict = await judge(okta, claims({ groups: undefined, [claim]: value }), { document: atEntra() });
      expect(verdict.code).toBe("groups_missing");
      expect(codes(verdict)).toEqual(["groups_claim_absent"]);
      expect(verdict.causes[0]?.message).toContain(words);
    });

    test("a person in a group inside the granted one: Entra ID counts direct members only", async () => {
      const verdict = await judge(okta, claims({ groups: ["99999999-2222-3333-4444-555555555555"] }), { document: atEntra() });
      expect(codes(verdict)).toEqual(["not_a_member"]);
      expect(verdict.causes[0]?.remedy).toContain(
        "Entra ID counts direct members only: whoever is in a group inside the assigned one has no such group in the token.",
      );
    });
  });

  test("several audiences without azp: nobody says whom the token was handed to", async () => {
    const verdict = await judge(okta, claims({ aud: ["0oa1k10", "api"] }));
    expect(verdict.outcome).toBe("accepted");
    expect(verdict.advice.map(({ code, message }) => [code, message])).toEqual([
      [
        "authorized_party",
        'Expected azp "0oa1k10", got no such claim: the token has several audiences, and nothing says which of them it was handed to; any can show it here.',
      ],
    ]);
  });

  test("an empty list is the same", async () => {
    expect(codes(await judge(okta, claims({ groups: [] })))).toEqual(["not_a_member"]);
  });
});

test("a long token is warned of, near the size that browsers keep", async () => {
  const groups = [
    "Kasten Admins",
    ...Array.from({ length: 60 }, (_, index) => `11111111-2222-3333-4444-${String(index).padStart(12, "0")}`),
  ];
  const token = await okta.sign(claims({ groups }));
  const { warnings, outcome } = await judge(okta, {}, { token });
  expect(outcome).toBe("accepted");
  expect(warnings).toEqual([
    {
      code: "cookie_size",
      message: `The token has ${token.length} bytes (61 groups). A session cookie that holds it may pass 4096 bytes, where browsers drop it and sign-in loops. Bound the groups claim to the groups of this environment.`,
    },
  ]);
  expect((await judge(okta, claims({ groups: groups.slice(0, 20) }))).warnings).toEqual([]);
});

test("the words of a verdict hold the checks, the causes and the remedies, and no control characters", async () => {
  const words = describeVerdict(await judge(okta, claims({ groups: ["Evil\u001b[2J"], aud: ["0oa1k10"] })));
  expect(words).toContain("The token is good, but opens nothing at 'k10' (no_grant).\n");
  expect(words).toContain('  ok   audience: ["0oa1k10"]\n');
  expect(words).toContain("  FAIL grants: expected one of ");
  expect(words).toContain("Username: okta:00u1ana\n");
  expect(words).toContain("Groups:   okta:Evil?[2J\n");
  expect(words).toContain("Lacking: 'Kasten Users' (Kasten Users), which would give basic.\n");
  expect(words).toContain("Likely cause: The person is in none of the groups that hold a grant");
  expect(words).toContain("  Remedy: Add the person to the group that fits");
  expect(words).not.toContain("\u001b");
  const good = describeVerdict(await judge(okta, claims()));
  expect(good).toContain("The token is accepted by 'k10' until 2026-11-23T13:00:00.000Z.\n");
  expect(good).toContain(
    "k10: administers backups, restores and policies of every namespace, as okta:Kasten Admins. Reaches everything in the cluster: in kasten-io they may ",
  );
});

test("the words keep apart what the platform does and what we advise", async () => {
  const words = describeVerdict(await judge(okta, claims({ azp: "api" })));
  expect(words).toContain("The token is accepted by 'k10' until 2026-11-23T13:00:00.000Z.\n");
  expect(words).toContain(
    'Advice (authorized_party): Expected azp "0oa1k10", got "api": the token was handed to another client, which can show it here.\n',
  );
  expect(words).toContain("  Do: Let each client have tokens with one audience, its own.\n");
});

test("every likely cause is documented", () => {
  expect(Object.values(causeCodes).every((meaning) => meaning.endsWith("."))).toBe(true);
});
