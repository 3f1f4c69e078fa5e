import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { requireTwoSecrets } from "../../../../components/identity-providers/keycloak/two-secrets";
import { createCertificateAuthority } from "../../../../lab/machine/certificates";
import { parseEnvironment, type KeycloakSpec } from "../../../../model";

const folder = mkdtempSync(path.join(tmpdir(), "gatehouse-two-secrets-"));
const day = 86_400;
const token = "/realms/deployers/protocol/openid-connect/token";
let server: Server;
let base: string;
let authority: string;
let asked: { readonly path: string; readonly authorization: string | undefined; readonly body: string }[];
let answers: Record<string, { readonly status?: number; readonly body: unknown }>;

beforeAll(async () => {
  const made = await createCertificateAuthority({ directory: folder, name: "ca", commonName: "two secrets test CA" });
  authority = made.certificate;
  const { certificate, key } = await made.issueServer({ name: "server" });
  server = createServer({ cert: certificate, key }, (request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.once("end", () => {
      const address = request.url ?? "";
      asked.push({ path: address, authorization: request.headers.authorization, body: Buffer.concat(parts).toString("utf8") });
      const { status = 200, body } = answers[address.split("?")[0] ?? ""] ?? { status: 404, body: {} };
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  asked = [];
  const configuration = { "expiration-period": 60 * day, "rotated-expiration-period": 7 * day };
  answers = {
    [token]: { body: { access_token: "a-token" } },
    "/admin/serverinfo": { body: { providers: { "client-policy-executor": { providers: { "secret-rotation": {} } } } } },
    "/admin/realms/team%20one/client-policies/profiles": {
      body: { profiles: [{ name: "two", executors: [{ executor: "secret-rotation", configuration }] }] },
    },
    "/admin/realms/team%20one/client-policies/policies": {
      body: { policies: [{ name: "keep", enabled: true, conditions: [{ condition: "any-client" }], profiles: ["two"] }] },
    },
  };
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
  pulumi.runtime.setAllConfig({ "keycloak:clientId": "deployer", "keycloak:clientSecret": "s3cret", "keycloak:realm": "deployers" });
});

afterAll(() => pulumi.runtime.setAllConfig({}));

function spec(secret: Record<string, unknown> = { overlap: "7d", lifetime: "60d", rotateEvery: "30d" }): KeycloakSpec {
  const idp = { kind: "keycloak", issuer: `${base}/realms/team%20one`, certificateAuthority: authority, secret };
  const access = [{ group: "admins", role: "admin" }];
  const platforms = { k10: { kind: "kasten", host: "https://k10.example.com", chart: { version: "8.0.15" }, access } };
  return parseEnvironment({ idp, groups: { admins: { existing: "/admins" } }, platforms }, "2026-11-28").environment.idp as KeycloakSpec;
}

const refusal = async (): Promise<string> => {
  const error: unknown = await requireTwoSecrets(spec()).catch((caught: unknown) => caught);
  if (!(error instanceof pulumi.RunError)) {
    throw new Error(`expected a refusal, got ${String(error)}`);
  }
  expect(error.message).not.toContain("s3cret");
  return error.message;
};

test("server and realm are asked, in the realm of the people, by the account of its own realm", async () => {
  await requireTwoSecrets(spec());
  expect(asked.map((request) => request.path)).toEqual([
    token,
    "/admin/serverinfo",
    "/admin/realms/team%20one/client-policies/profiles?include-global-profiles=true",
    "/admin/realms/team%20one/client-policies/policies",
  ]);
  expect(asked[0]?.body).toBe("grant_type=client_credentials&client_id=deployer&client_secret=s3cret");
  expect(asked.slice(1).every(({ authorization }) => authorization === "Bearer a-token")).toBe(true);
});

test("without overlap nobody is asked", async () => {
  await requireTwoSecrets(spec({ rotateEvery: "30d" }));
  expect(asked).toEqual([]);
});

test("a realm that keeps one secret is refused", async () => {
  answers["/admin/realms/team%20one/client-policies/policies"] = { body: { policies: [] } };
  expect(await refusal()).toMatch(
    /^gatehouse:idp\.secret\.overlap: expected the preview feature .* for 7d, got a realm without one\. Nothing was created\. Fix: make a client policy/,
  );
});

test.each([
  ["a wrong secret", token, 401, "expected a token for the service account that deploys, got status 401"],
  [
    "a role that is missing",
    "/admin/realms/team%20one/client-policies/profiles",
    403,
    "expected Keycloak to show client-policies/profiles, got status 403",
  ],
  ["a server that fails", "/admin/serverinfo", 503, "expected Keycloak to show /admin/serverinfo, got status 503"],
  ["an answer of another shape", "/admin/serverinfo", 200, "expected Keycloak to show /admin/serverinfo, got something else"],
])("%s is said, and nothing is promised", async (_what, at, status, words) => {
  answers[at] = { status, body: {} };
  expect(await refusal()).toContain(words);
});

test("a server that nobody reaches is no server that keeps two", async () => {
  pulumi.runtime.setConfig("keycloak:url", "https://127.0.0.1:1");
  expect(await refusal()).toContain("expected an answer from https://127.0.0.1:1/realms/deployers/protocol/openid-connect/token, got ");
});
