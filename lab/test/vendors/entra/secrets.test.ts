import { exportJWK, generateKeyPair, SignJWT, decodeJwt, type CryptoKey } from "jose";
import { signIn } from "./browser";
import { ana, caller, tenant, addSecret, assign, errorOf, openBench, register, userId, type Answer, type Bench } from "./support";

const start = Date.parse("2026-11-23T00:00:00Z");
const oneDay = 86_400_000;
const issuer = "https://issuer.example";

let bench: Bench;
let clock = start;
let federatedKey: CryptoKey;

beforeAll(async () => {
  const pair = await generateKeyPair("RS256", { extractable: true });
  federatedKey = pair.privateKey;
  const publicKey = { ...(await exportJWK(pair.publicKey)), kid: "f", alg: "RS256" };
  bench = await openBench({ now: () => clock, passwordLifetimeDays: 180, federatedIssuers: { [issuer]: { keys: [publicKey] } } });
});
beforeEach(() => {
  clock = start;
});
afterAll(() => bench.close());

const day = (count: number): string => new Date(start + count * oneDay).toISOString();

/** The token endpoint's answer to a client_credentials request with this secret. */
async function tryAs(clientId: string, secret: string): Promise<Answer> {
  return bench.token({ client_id: clientId, client_secret: secret });
}

describe("secrets", () => {
  it("are valid side by side, each to its own end", async () => {
    const { objectId, clientId } = await register(bench);
    const first = await addSecret(bench, objectId, { endDateTime: day(30) });
    const second = await addSecret(bench, objectId, { endDateTime: day(60) });
    expect(first.secret).not.toBe(second.secret);
    for (const { secret } of [first, second]) {
      expect((await tryAs(clientId, secret)).status).toBe(200);
    }
    clock = start + 30 * oneDay - 1;
    expect((await tryAs(clientId, first.secret)).status).toBe(200);
    clock = start + 30 * oneDay;
    expect((await tryAs(clientId, first.secret)).json).toMatchObject({ error: "invalid_client", error_codes: [7000222] });
    expect((await tryAs(clientId, second.secret)).status).toBe(200);
  });

  it("sign people in during an overlap, and not after it", async () => {
    const { objectId, clientId, principalId } = await register(bench);
    await assign(bench, principalId, userId(bench, ana.login));
    const old = await addSecret(bench, objectId, { endDateTime: day(14) });
    const fresh = await addSecret(bench, objectId, { endDateTime: day(90) });
    for (const { secret } of [old, fresh]) {
      expect((await signIn(bench, { clientId, secret }, ana)).claims["aud"]).toBe(clientId);
    }
    clock = start + 15 * oneDay;
    await expect(signIn(bench, { clientId, secret: old.secret }, ana)).rejects.toMatchObject({
      error: "invalid_client",
      error_description: expect.stringContaining("AADSTS7000222") as string,
    });
    expect((await signIn(bench, { clientId, secret: fresh.secret }, ana)).claims["aud"]).toBe(clientId);
  });

  it("are refused at once when removed, and show only a hint", async () => {
    const { objectId, clientId } = await register(bench);
    const { keyId, secret } = await addSecret(bench, objectId, { endDateTime: day(30) });
    const shown = await bench.graph("GET", `/v1.0/applications/${objectId}`);
    expect(shown.json["passwordCredentials"]).toMatchObject([{ keyId, hint: secret.slice(0, 3), secretText: null }]);
    expect(shown.text).not.toContain(secret);
    expect((await bench.graph("POST", `/v1.0/applications/${objectId}/removePassword`, { keyId })).status).toBe(204);
    const refused = await tryAs(clientId, secret);
    expect(refused.status).toBe(401);
    expect(refused.json).toMatchObject({ error: "invalid_client", error_codes: [7000215] });
    expect(refused.text).not.toContain(secret);
    expect((await bench.graph("POST", `/v1.0/applications/${objectId}/removePassword`, { keyId })).status).toBe(400);
  });

  it("have dates in order and the tenant's longest lifetime, which is two years without a policy", async () => {
    const { objectId } = await register(bench);
    const add = (dates: Record<string, string>) =>
      bench.graph("POST", `/v1.0/applications/${objectId}/addPassword`, { passwordCredential: dates });
    expect((await add({ endDateTime: day(180) })).json).toMatchObject({ startDateTime: "2026-11-23T00:00:00Z", endDateTime: day(180) });
    expect(errorOf(await add({ endDateTime: day(181) }))).toMatchObject({ status: 400, code: "CredentialInvalidLifetimeAsPerAppPolicy" });
    expect(errorOf(await add({})).message).toMatch(/exceeds the max value/);
    expect(errorOf(await add({ endDateTime: day(-1) })).message).toMatch(/must be later/);
    expect(errorOf(await add({ endDateTime: "next year" })).message).toMatch(/passwordCredential\.endDateTime/);
  });
});

describe("the token endpoint", () => {
  it("puts the caller's oid and permissions into a token of three parts", async () => {
    const { json } = await bench.token();
    expect(String(json["access_token"]).split(".")).toHaveLength(3);
    expect(decodeJwt(String(json["access_token"]))).toMatchObject({
      aud: bench.lab.graphUrl,
      iss: `https://sts.windows.net/${tenant}/`,
      oid: caller.objectId,
      appid: caller.clientId,
      tid: tenant,
      idtyp: "app",
      ver: "1.0",
      roles: [
        "AppRoleAssignment.ReadWrite.All",
        "Application.ReadWrite.All",
        "Group.ReadWrite.All",
        "Policy.Read.All",
        "Policy.ReadWrite.ConditionalAccess",
        "RoleManagement.Read.Directory",
        "User.Read.All",
      ],
    });
  });

  it("gives access tokens of the version that the resource asks for", async () => {
    const { objectId, clientId } = await register(bench, { identifierUris: ["api://versions"] });
    const { secret } = await addSecret(bench, objectId, { endDateTime: day(1) });
    const claims = async () => {
      const { json } = await bench.token({ client_id: clientId, client_secret: secret, scope: "api://versions/.default" });
      return decodeJwt(String(json["access_token"]));
    };
    expect(await claims()).toMatchObject({
      iss: `https://sts.windows.net/${tenant}/`,
      aud: "api://versions",
      ver: "1.0",
      appid: clientId,
    });
    await bench.graph("PATCH", `/v1.0/applications/${objectId}`, { api: { requestedAccessTokenVersion: 2 } });
    expect(await claims()).toMatchObject({ iss: bench.lab.issuer, aud: clientId, ver: "2.0", azp: clientId });
  });

  it.each<[string, Record<string, string>, number, string, number]>([
    ["a wrong secret", { client_secret: "wrong" }, 401, "invalid_client", 7000215],
    ["an unknown client", { client_id: "99999999-9999-4999-8999-999999999999" }, 400, "unauthorized_client", 700016],
    ["a scope without /.default", { scope: "openid" }, 400, "invalid_scope", 1002012],
    ["an unknown resource", { scope: "api://nobody/.default" }, 400, "invalid_resource", 500011],
    ["no client", { client_id: "" }, 400, "invalid_request", 900144],
  ])("refuses %s", async (_what, form, status, error, number) => {
    const answer = await bench.token(form);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ error, error_codes: [number] });
    expect(answer.text).toContain(`AADSTS${String(number)}`);
  });

  it("refuses another tenant and a missing secret", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const other = await bench.send("POST", `${bench.lab.graphUrl}/33333333-3333-4333-8333-333333333333/oauth2/v2.0/token`, {
      headers,
      body: "",
    });
    expect(other.json).toMatchObject({ error_codes: [90002] });
    const body = `client_id=${caller.clientId}&grant_type=client_credentials`;
    const bare = await bench.send("POST", `${bench.lab.graphUrl}/${tenant}/oauth2/v2.0/token`, { headers, body });
    expect(bare.json).toMatchObject({ error: "invalid_client", error_codes: [7000218] });
  });

  it("takes a federated assertion that fits, and says what does not", async () => {
    const { objectId, clientId } = await register(bench);
    const audience = "api://AzureADTokenExchange";
    const body = { name: "gh", issuer: issuer, subject: "repo:o/r", audiences: [audience] };
    await bench.graph("POST", `/v1.0/applications/${objectId}/federatedIdentityCredentials`, body);
    const present = async (claims: { iss?: string; sub?: string; aud?: string }, key = federatedKey): Promise<Answer> => {
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: "RS256", kid: "f" })
        .setIssuer(claims.iss ?? issuer)
        .setSubject(claims.sub ?? "repo:o/r")
        .setAudience(claims.aud ?? audience)
        .setExpirationTime("5m")
        .sign(key);
      return bench.send("POST", `${bench.lab.graphUrl}/${tenant}/oauth2/v2.0/token`, {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          client_id: clientId,
          grant_type: "client_credentials",
          scope: `${bench.lab.graphUrl}/.default`,
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          client_assertion: assertion,
        }).toString(),
      });
    };
    expect((await present({})).status).toBe(200);
    expect((await present({ iss: "https://other.example" })).json).toMatchObject({ error_codes: [700211] });
    expect((await present({ sub: "repo:o/other" })).json).toMatchObject({ error_codes: [700213] });
    expect((await present({ aud: "other" })).json).toMatchObject({ error_codes: [700212] });
    const stranger = (await generateKeyPair("RS256")).privateKey;
    expect((await present({}, stranger)).json).toMatchObject({ error_codes: [700027] });
  });
});
