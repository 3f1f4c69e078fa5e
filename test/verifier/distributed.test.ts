import { generateKeyPairSync, sign } from "node:crypto";
import { readAuthenticationConfiguration, verifyClusterToken } from "../../verifier";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const now = new Date("2026-11-29T03:00:00Z");
const issuer = "https://login.example.com";
const discoveryAddress = "https://inside.example.com/openid";

function token(claims: object): string {
  const parts = [
    { alg: "RS256", kid: "one" },
    { iss: issuer, aud: "kubernetes", exp: now.getTime() / 1000 + 600, ...claims },
  ];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

/** What the API server decides about groups behind an endpoint, with discovery elsewhere than under the issuer (parity, seed 90210777). */
async function decided(answer: string, status = 200, endpoint = `${issuer}/groups`): Promise<readonly string[] | string | null> {
  const rules = await readAuthenticationConfiguration(
    JSON.stringify({
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "AuthenticationConfiguration",
      jwt: [
        {
          issuer: { url: issuer, discoveryURL: discoveryAddress, audiences: ["kubernetes"] },
          claimMappings: { username: { claim: "sub", prefix: "" }, groups: { claim: "groups", prefix: "" } },
        },
      ],
    }),
  );
  const answers: Readonly<Record<string, (() => Response) | undefined>> = {
    [discoveryAddress]: () => new Response(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` })),
    [`${issuer}/groups`]: () => new Response(answer, { status }),
  };
  const keys = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one" }] };
  const { decision } = await verifyClusterToken({
    token: token({ sub: "ana", _claim_names: { groups: "s" }, _claim_sources: { s: { endpoint } } }),
    rules,
    now,
    fetch: (address) => {
      const found = address === `${issuer}/keys` ? new Response(JSON.stringify(keys)) : answers[address]?.();
      return Promise.resolve(found ?? new Response("no such page", { status: 404 }));
    },
  });
  return decision.user?.groups ?? decision.code;
}

test.each<[string, string, number | undefined, readonly string[] | string]>([
  ["groups", token({ groups: ["admins"] }), undefined, ["admins"]],
  ["groups with status 201", token({ groups: ["admins"] }), 201, ["admins"]],
  ["groups with blanks around", ` ${token({ groups: ["admins"] })}\n`, undefined, ["admins"]],
  ["a token that is not valid yet", token({ groups: ["admins"], nbf: now.getTime() / 1000 + 3600 }), undefined, "groups_overage"],
  ["a token that has expired", token({ groups: ["admins"], exp: now.getTime() / 1000 - 1 }), undefined, "groups_overage"],
  ["a token for another audience", token({ groups: ["admins"], aud: "other" }), undefined, "groups_overage"],
  ["an error", token({ groups: ["admins"] }), 500, "groups_overage"],
  ["no token", "none", undefined, "groups_overage"],
])("an endpoint that answers %s", async (_name, answer, status, wanted) => {
  expect(await decided(answer, status)).toEqual(wanted);
});

test.each(["/groups", "groups", "https://", "http://[", "ftp://login.example.com/groups"])(
  "an endpoint at %s, which is no address to ask: refused in words",
  async (endpoint) => {
    expect(await decided(token({ groups: ["admins"] }), 200, endpoint)).toBe("groups_overage");
  },
);
