import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createCertificateAuthority } from "../../../machine/certificates";
import { testApiToken, at, send, startTestLab, text, webApp, type TestLab } from "./harness";

const testAuthorization = { authorization: `SSWS ${testApiToken}` };

describe("how requests come in", () => {
  let started: TestLab;
  beforeAll(async () => {
    started = await startTestLab();
  }, 30_000);
  afterAll(() => started.end());

  test("in absolute form without a port, with a dummy Proxy-Authorization", async () => {
    const headers = { ...testAuthorization, "proxy-authorization": "Basic Og==", host: "127.0.0.1" };
    const answer = await send(`${started.lab.managementUrl}/x`, { target: "http://127.0.0.1/api/v1/groups?q=Everyone", headers });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject([{ type: "BUILT_IN" }]);
  });

  test("over TLS on the port of the sign-in", async () => {
    const answer = await send(`${started.lab.issuer}/api/v1/groups?q=Everyone`, { headers: testAuthorization, ca: started.ca });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(`${started.lab.issuer}/api/v1/groups/`);
  });

  test("with rate-limit headers on every answer", async () => {
    const asked = Date.now() / 1000;
    const answer = await started.api("GET", "/api/v1/users/me");
    expect(Number(answer.headers["x-rate-limit-limit"])).toBe(600);
    expect(Number(answer.headers["x-rate-limit-remaining"])).toBeLessThan(600);
    expect(Number(answer.headers["x-rate-limit-reset"])).toBeGreaterThan(asked);
  });

  test("requests are counted by route, without secrets", async () => {
    const before = started.lab.requests().byRoute["GET /api/v1/groups/:groupId"] ?? 0;
    await started.api("GET", "/api/v1/groups/00gnope?secret=hush");
    const counts = started.lab.requests();
    expect(counts.byRoute["GET /api/v1/groups/:groupId"]).toBe(before + 1);
    expect(counts.total).toBe(started.lab.log().length);
    expect(JSON.stringify(started.lab.log())).not.toMatch(/hush|test-api-token/);
  });

  test("and fail on order: rate limit, server error, dropped connection", async () => {
    const { faults } = started.lab;
    faults.add({ kind: "rate-limit", times: 1, method: "GET", path: /\/groups$/, seconds: 2 });
    faults.add({ kind: "server-error", times: 1, path: /\/groups$/ });
    faults.add({ kind: "drop", times: 1, path: /\/groups$/ });
    const asked = Date.now() / 1000;
    const limited = await started.api("GET", "/api/v1/groups");
    expect([limited.status, at(limited, "errorCode"), limited.headers["x-rate-limit-remaining"]]).toEqual([429, "E0000047", "0"]);
    expect(Number(limited.headers["x-rate-limit-reset"])).toBeGreaterThan(asked);
    expect((await started.api("GET", "/api/v1/users/me")).status).toBe(200);
    expect((await started.api("GET", "/api/v1/groups")).status).toBe(500);
    await expect(started.api("GET", "/api/v1/groups")).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await started.api("GET", "/api/v1/groups")).status).toBe(200);
  });
});

describe("an API service with its own key", () => {
  let started: TestLab;
  let clientId: string;
  let sign: (audience?: string) => Promise<string>;

  beforeAll(async () => {
    started = await startTestLab();
    const jose = await import("jose");
    const { privateKey, publicKey } = await jose.generateKeyPair("RS256");
    const key = { ...(await jose.exportJWK(publicKey)), kid: "k1" };
    const app = await started.api(
      "POST",
      "/api/v1/apps",
      webApp("service", {
        oauthClient: {
          application_type: "service",
          grant_types: ["client_credentials"],
          response_types: ["token"],
          redirect_uris: [],
          jwks: { keys: [key] },
        },
        credentials: { token_endpoint_auth_method: "private_key_jwt" },
      }),
    );
    clientId = text(app, "credentials.oauthClient.client_id");
    await started.api("POST", `/api/v1/apps/${text(app, "id")}/grants`, { scopeId: "okta.groups.read", issuer: started.lab.issuer });
    sign = (audience = `${started.lab.managementUrl}/oauth2/v1/token`) =>
      new jose.SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg: "RS256", kid: "k1" })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(privateKey);
  }, 30_000);
  afterAll(() => started.end());

  const form = (assertion: string, scope: string): string =>
    new URLSearchParams({
      grant_type: "client_credentials",
      scope,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };

  test("gets a token bound to its scopes, from the body or the query, over HTTP or TLS", async () => {
    const url = `${started.lab.managementUrl}/oauth2/v1/token`;
    const tls = `${started.lab.issuer}/oauth2/v1/token`;
    const answers = [
      await send(url, { method: "POST", headers, body: form(await sign(), "okta.groups.read") }),
      await send(`${url}?${form(await sign(), "okta.groups.read")}`, { method: "POST", headers }),
      await send(tls, { method: "POST", headers, body: form(await sign(), "okta.groups.read"), ca: started.ca }),
    ];
    for (const answer of answers) {
      expect(answer.json).toMatchObject({ token_type: "Bearer", expires_in: 3600, scope: "okta.groups.read" });
      const authorization = `Bearer ${text(answer, "access_token")}`;
      expect((await started.api("GET", "/api/v1/groups", undefined, { authorization })).status).toBe(200);
      expect((await started.api("POST", "/api/v1/groups", { profile: { name: "n" } }, { authorization })).status).toBe(403);
    }
  });

  test("is refused a scope that nobody granted, a reused assertion, a foreign audience, and no assertion", async () => {
    const url = `${started.lab.managementUrl}/oauth2/v1/token`;
    const ask = (body: string): ReturnType<typeof send> => send(url, { method: "POST", headers, body });
    expect((await ask(form(await sign(), "okta.apps.manage"))).json).toMatchObject({ error: "invalid_scope" });
    const used = await sign();
    expect((await ask(form(used, "okta.groups.read"))).status).toBe(200);
    expect((await ask(form(used, "okta.groups.read"))).json).toMatchObject({ error: "invalid_client" });
    const foreign = await ask(form(await sign("https://evil.example/oauth2/v1/token"), "okta.groups.read"));
    expect([foreign.status, foreign.text]).toEqual([401, expect.stringContaining("aud")]);
    expect((await ask("grant_type=client_credentials&scope=okta.groups.read")).status).toBe(401);
    expect((await ask("grant_type=password")).json).toMatchObject({ error: "unsupported_grant_type" });
  });
});

describe("as a process of its own", () => {
  test("says where it is, keeps its organisation, and ends on SIGTERM", async () => {
    const directory = mkdtempSync(join(tmpdir(), "gatehouse-okta-process-"));
    const authority = await createCertificateAuthority({ directory, name: "ca" });
    const { certificate, key } = await authority.issueServer({ name: "okta" });
    const file = join(directory, "okta-configuration.json");
    const stateDir = join(directory, "state");
    const configuration = { port: 0, stateDir, apiToken: testApiToken, people: [], certificate: { certPem: certificate, keyPem: key } };
    writeFileSync(file, JSON.stringify(configuration), { mode: 0o600 });
    const run = (): Promise<{ ready: { issuer: string; managementUrl: string; ready: boolean }; end: () => Promise<number | null> }> =>
      new Promise((resolveRun, reject) => {
        const root = resolve(__dirname, "../../../..");
        const child = spawn(process.execPath, ["--import", "tsx", join(root, "lab/vendors/okta/main.ts"), file], { cwd: root });
        let output = "";
        let words = "";
        child.stderr.on("data", (chunk: Buffer) => (words += chunk.toString()));
        child.once("exit", (code) => {
          reject(new Error(`ended with ${String(code)}: ${words}`));
        });
        child.stdout.on("data", (chunk: Buffer) => {
          output += chunk.toString();
          if (!output.includes("\n")) {
            return;
          }
          const end = (): Promise<number | null> =>
            new Promise((ended) => {
              child.once("exit", ended);
              child.kill("SIGTERM");
            });
          resolveRun({ ready: JSON.parse(output) as { issuer: string; managementUrl: string; ready: boolean }, end });
        });
      });

    const first = await run();
    expect(first.ready.ready).toBe(true);
    const groups = `${first.ready.managementUrl}/api/v1/groups`;
    const made = await send(groups, { method: "POST", headers: testAuthorization, body: JSON.stringify({ profile: { name: "Kept" } }) });
    expect(made.status).toBe(200);
    expect(await first.end()).toBe(0);
    expect(statSync(join(stateDir, "okta.json")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(stateDir, "okta-requests.jsonl"), "utf8")).toContain('"route":"/api/v1/groups"');

    const second = await run();
    const kept = await send(`${second.ready.managementUrl}/api/v1/groups?q=Kept`, { headers: testAuthorization });
    expect(kept.json).toMatchObject([{ id: text(made, "id") }]);
    expect(await second.end()).toBe(0);

    chmodSync(file, 0o644);
    await expect(run()).rejects.toThrow("expected file mode 0600, got 0644");
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);
});
