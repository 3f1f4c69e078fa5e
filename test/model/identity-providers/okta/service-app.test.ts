import { generateKeyPairSync, verify, type KeyObject } from "node:crypto";
import { anyToken, open, type Routes } from "../directory-harness";

describe("Okta: a service app with a key of its own", () => {
  const none: Routes = () => undefined;
  const pemOf = (pair: { privateKey: KeyObject }): string => pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const environment = (privateKey: string): Record<string, string> => ({
    OKTA_API_CLIENT_ID: "0oa1",
    OKTA_API_PRIVATE_KEY: privateKey,
    OKTA_API_PRIVATE_KEY_ID: "key-1",
  });

  test.each([
    ["RS256", rsa],
    ["ES256", ec],
  ] as const)("%s: a signed assertion for the token endpoint, and only what is needed to read", async (alg, pair) => {
    let form = new URLSearchParams();
    await open("okta", none, [], environment(pemOf(pair)), (given) => {
      form = given;
      return anyToken(given);
    });
    expect(form.get("scope")).toBe("okta.groups.read okta.users.read okta.apps.read okta.policies.read okta.roles.read");
    const [head = "", body = "", signature = ""] = (form.get("client_assertion") ?? "").split(".");
    const part = (text: string): unknown => JSON.parse(Buffer.from(text, "base64url").toString());
    expect(part(head)).toEqual({ alg, kid: "key-1" });
    expect(part(body)).toMatchObject({
      iss: "0oa1",
      sub: "0oa1",
      aud: "https://example.okta.com/oauth2/v1/token",
      iat: 1795435200,
      exp: 1795435500,
    });
    const key = { key: pair.publicKey, dsaEncoding: "ieee-p1363" } as const;
    expect(verify("sha256", Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url"))).toBe(true);
  });

  test("a key whose line ends are written as \\\\n, as in a variable on one line", async () => {
    await expect(open("okta", none, [], environment(pemOf(rsa).replaceAll("\n", "\\n")))).resolves.toBeDefined();
  });

  test.each([
    [
      "no client",
      { OKTA_API_PRIVATE_KEY: pemOf(rsa) },
      200,
      {},
      "directory_credentials",
      /Expected OKTA_API_CLIENT_ID beside OKTA_API_PRIVATE_KEY/,
    ],
    [
      "no key",
      environment("not a key"),
      200,
      {},
      "directory_credentials",
      /Expected a private key of RSA or ECDSA P-256 .*, got something else\./,
    ],
    ["another kind", environment(pemOf(generateKeyPairSync("ed25519"))), 200, {}, "directory_credentials", /got ed25519\./],
    [
      "a scope that was not granted",
      environment(pemOf(rsa)),
      400,
      { error: "invalid_scope", error_description: "not granted: okta.roles.read" },
      "directory_rights",
      /status 400: not granted: okta\.roles\.read\./,
    ],
    [
      "a key that was taken away",
      environment(pemOf(rsa)),
      401,
      { error: "invalid_client" },
      "directory_credentials",
      /status 401: invalid_client\./,
    ],
    ["no JSON", environment(pemOf(rsa)), 200, "<html>", "directory_credentials", /status 200: no reason given\./],
  ])("%s", async (_what, given, status, body, code, message) => {
    const answer = () => new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
    await expect(open("okta", none, [], given, answer)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});
