import { mkdtempSync, rmSync } from "node:fs";
import https, { createServer, type Server } from "node:https";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { makeEnvironment, programScope } from "../../../components";
import { createCertificateAuthority } from "../../../lab/machine/certificates";
import { parseEnvironment } from "../../../model";
import { inPlaceOf } from "../../../lab/test/builtins";

let authority = "";
// What Node.js takes from NODE_EXTRA_CA_CERTS, which is read once, before a test could set it.
inPlaceOf(
  https,
  "request",
  (actual) =>
    ((address: string, options: object, answered: () => void) => actual(address, { ca: authority, ...options }, answered)) as typeof actual,
);

const folder = mkdtempSync(path.join(tmpdir(), "gatehouse-issuer-"));
let server: Server;
let origin = "";
let answer: (response: ServerResponse, address: string) => void;
let registered: string[] = [];
const warnings: string[] = [];

beforeAll(async () => {
  const made = await createCertificateAuthority({ directory: folder, name: "ca", commonName: "issuer test CA" });
  authority = made.certificate;
  const { certificate, key } = await made.issueServer({ name: "server" });
  server = createServer({ cert: certificate, key }, (request, response) => answer(response, request.url ?? ""));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  pulumi.runtime.setAllConfig({});
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const names = (issuer: unknown) => (response: ServerResponse) => void response.end(JSON.stringify({ issuer }));
const tenant = "6d2374b4-aceb-42ac-966a-716a93f07db0";

/** Each kind with the issuer that its stack states, below the server. */
const kinds: Readonly<Record<string, { readonly idp: () => Record<string, unknown>; readonly issuer: string; readonly setting: string }>> =
  {
    "Okta's org server": { idp: () => ({ kind: "okta", orgUrl: origin }), issuer: "", setting: "orgUrl" },
    "Okta's custom server": {
      idp: () => ({ kind: "okta", orgUrl: origin, authorizationServer: { existing: "aus1" } }),
      issuer: "/oauth2/aus1",
      setting: "orgUrl",
    },
    "Entra ID": {
      idp: () => ({ kind: "entra", tenantId: tenant, authority: origin, mfa: "external" }),
      issuer: `/${tenant}/v2.0`,
      setting: "tenantId",
    },
    Keycloak: { idp: () => ({ kind: "keycloak", issuer: `${origin}/realms/one` }), issuer: "/realms/one", setting: "issuer" },
    external: {
      idp: () => ({
        kind: "external",
        issuer: `${origin}/`,
        groups: { claim: "groups", values: "name" },
        clients: { k10: { clientId: "c", secret: { config: "clients:k10" } } },
      }),
      issuer: "/",
      setting: "issuer",
    },
  };
const each = Object.entries(kinds).map(([name, kind]) => ({ name, ...kind }));

/** Makes an environment whose identity provider is this one. */
async function make(idp: Readonly<Record<string, unknown>>, preview = false): Promise<void> {
  registered = [];
  warnings.length = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push(type);
        return { id: `${name}-id`, state: inputs as Record<string, unknown> };
      },
      call: ({ inputs }) => ({ ...(inputs as object), id: "id", users: [], groups: [{ id: "id" }], objectId: "id" }),
    },
    "gatehouse",
    "test",
    preview,
  );
  vi.spyOn(pulumi.log, "warn").mockImplementation((text) => {
    warnings.push(text);
    return Promise.resolve();
  });
  pulumi.runtime.setAllConfig({ "clients:k10": "a secret" });
  const chart = { version: "9.0.7", wait: false };
  const platforms = { k10: { kind: "kasten", host: "https://k10.example.com", chart, access: [{ group: "admins", role: "admin" }] } };
  const group = idp["kind"] === "external" ? { existing: "admins" } : { displayName: "admins" };
  const described = parseEnvironment({ idp, groups: { admins: group }, platforms }, "2026-11-29");
  await makeEnvironment(() => described, { scope: programScope, stack: "test", today: "2026-11-29" });
  await pulumi.runtime.disconnect();
}

test.each(each)("$name: the address is taken that its discovery document names, at the place where it must be", async ({ idp, issuer }) => {
  const asked: string[] = [];
  answer = (response, address) => {
    asked.push(address);
    names(`${origin}${issuer}`)(response);
  };
  await make(idp());
  expect(asked).toEqual([`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`]);
  expect(registered).not.toEqual([]);
});

test.each(each)("$name: another issuer is refused before anything is made, in a preview as well", async ({ idp, issuer, setting }) => {
  answer = names(`https://other.example.com${issuer}`);
  for (const preview of [false, true]) {
    const act = make(idp(), preview);
    await expect(act).rejects.toThrow(pulumi.RunError);
    await expect(act).rejects.toThrow(
      `gatehouse:idp.${setting}: expected what the discovery document says, byte for byte, got ${origin}${issuer}, where it says https://other.example.com${issuer}. Fix: `,
    );
    expect(registered).toEqual([]);
  }
});

test.each(each)(
  "$name: without an answer a preview says that nothing was compared, and an update is refused",
  async ({ idp, issuer, setting }) => {
    answer = (response) => response.destroy();
    await make(idp(), true);
    expect(warnings.filter((text) => text.includes("compared"))).toEqual([
      expect.stringMatching(
        new RegExp(
          `^gatehouse:idp\\.${setting}: the issuer ${origin}${issuer} was not compared\\. The discovery document could not be read at .*: socket hang up\\. Fix: .* An update needs the answer\\.$`,
        ),
      ),
    ]);
    await expect(make(idp())).rejects.toThrow(`gatehouse:idp.${setting}: The discovery document could not be read at ${origin}`);
    expect(registered).toEqual([]);
  },
);

const okta = (more: object = {}): Record<string, unknown> => ({ kind: "okta", orgUrl: origin, ...more });

test.each<[string, Record<string, unknown> | undefined, (response: ServerResponse) => void, string]>([
  ["a slash at the end", undefined, (response) => names(`${origin}/`)(response), `where it says {origin}/.`],
  ["another letter case", undefined, (response) => names(origin.replace("https", "HTTPS"))(response), "where it says HTTPS://"],
  [
    "a redirect",
    undefined,
    (response) => void response.writeHead(302, { location: "https://elsewhere.example.com/x" }).end(),
    "a redirect to https://elsewhere.example.com/x, which is not followed",
  ],
  ["a page that is not there", undefined, (response) => void response.writeHead(404).end("{}"), "got status 404 from "],
  ["no JSON", undefined, (response) => void response.end("<html>"), "got a document without issuer from "],
  ["a list", undefined, (response) => void response.end("[]"), "got a document without issuer from "],
  ["an issuer that is no text", undefined, (response) => names(7)(response), "got a document without issuer from "],
  [
    "more than anybody needs",
    undefined,
    (response) => void response.end(`{"issuer":"${"x".repeat(1_100_000)}"}`),
    "got more than 1000000 bytes",
  ],
  [
    "lines and commands",
    undefined,
    (response) => names("https://x\n##[error]all is well")(response),
    "says https://x\\n# #[error]all is well.",
  ],
  [
    "a custom domain whose server names the organisation's own address",
    { authorizationServer: { existing: "aus1" } },
    (response) => names("https://example.okta.com/oauth2/aus1")(response),
    "Fix: write https://example.okta.com, or set the issuer mode of authorization server 'aus1' to Dynamic.",
  ],
])("%s is refused, in a preview as well", async (_what, more, given, words) => {
  answer = given;
  await expect(make(okta(more), true)).rejects.toThrow(words.replace("{origin}", origin));
  expect(registered).toEqual([]);
});

test("an answer that never ends is given up", async () => {
  const patience = new AbortController();
  answer = (response) => {
    response.write("{");
    patience.abort();
  };
  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(patience.signal);
  await expect(make(okta())).rejects.toThrow("nothing whole within 15 seconds");
  expect(timeout).toHaveBeenCalledWith(15_000);
  timeout.mockRestore();
});

test("a certificate of an authority that nobody knows is no answer, and the remedy is the authority", async () => {
  const trusted = authority;
  authority = "";
  answer = names(origin);
  await expect(make(okta())).rejects.toThrow(/certificate.*NODE_EXTRA_CA_CERTS/);
  authority = trusted;
});
