// The routes of an app's client secrets, as the vendor's description has them (okta-management-openapi.yaml, ApplicationSSOPublicKeys).
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { findRoute } from "../../../vendors/okta/router";
import { at, startTestLab, text, webApp, type TestLab } from "./harness";

let lab: TestLab;
let path: string;

beforeAll(async () => {
  lab = await startTestLab();
});
afterAll(() => lab.end());
beforeEach(async () => {
  path = `/api/v1/apps/${text(await lab.api("POST", "/api/v1/apps", webApp("k10")), "id")}/credentials/secrets`;
});

test("two at most, one of them always active; only an inactive one is deleted", async () => {
  const first = text(await lab.api("GET", path), "0.id");
  expect((await lab.api("POST", `${path}/${first}/lifecycle/deactivate`)).json).toMatchObject({
    errorCode: "E0000001",
    errorCauses: [{ errorSummary: "You can't deactivate the only active client secret." }],
  });
  const second = await lab.api("POST", path, { client_secret: "one-of-my-own-choice" });
  expect([second.status, at(second, "status"), at(second, "client_secret")]).toEqual([201, "ACTIVE", "one-of-my-own-choice"]);
  expect((await lab.api("POST", path)).status).toBe(400);
  expect((await lab.api("DELETE", `${path}/${first}`)).json).toMatchObject({
    errorCauses: [{ errorSummary: "You can't delete an active client secret. Deactivate the secret before deleting it." }],
  });
  expect(at(await lab.api("POST", `${path}/${first}/lifecycle/deactivate`), "status")).toBe("INACTIVE");
  expect(at(await lab.api("POST", `${path}/${first}/lifecycle/activate`), "status")).toBe("ACTIVE");
  await lab.api("POST", `${path}/${first}/lifecycle/deactivate`);
  expect((await lab.api("DELETE", `${path}/${first}`)).status).toBe(204);
  expect((await lab.api("GET", `${path}/${first}`)).status).toBe(404);
});

test.each([
  ["short", "client_secret: 'client_secret' must be at least '14' characters long."],
  ["x".repeat(101), "client_secret: 'client_secret' can't be more than '100' characters long."],
  ["not-ascii-at-all-ü", "client_secret: ''client_secret'' must only contain printable ASCII: [x20-x7E]+"],
])("a secret that Okta refuses: %s", async (secret, cause) => {
  expect((await lab.api("POST", path, { client_secret: secret })).json).toMatchObject({
    errorSummary: "Api validation failed: client_secret",
    errorCauses: [{ errorSummary: cause }],
  });
});

test("reading takes okta.apps.read, changing okta.apps.manage", async () => {
  const as = (scope: string) => ({ authorization: `Bearer ${lab.lab.issueAccessToken([scope])}` });
  expect((await lab.api("GET", path, undefined, as("okta.apps.read"))).status).toBe(200);
  expect((await lab.api("POST", path, {}, as("okta.apps.read"))).status).toBe(403);
  expect((await lab.api("POST", path, {}, as("okta.apps.manage"))).status).toBe(201);
});

const description = resolve(
  process.env.GATEHOUSE_RECORDINGS ?? resolve(__dirname, "../../../../../shared/recordings/okta"),
  "../../vendor-specs/okta-management-openapi.yaml",
);

/** The entries that begin so, without the rest of a file that takes seconds to read whole. */
function part(lines: readonly string[], beginning: string): unknown {
  const indent = /^ */.exec(beginning)?.[0] ?? "";
  const from = lines.findIndex((line) => line.startsWith(beginning));
  const to = lines.findIndex((line, index) => index > from && new RegExp(`^${indent}\\S`).test(line) && !line.startsWith(beginning));
  return parse(lines.slice(from, to).join("\n")) as unknown;
}

if (existsSync(description)) {
  test("every operation of the description has its route, its scope and its properties", async () => {
    const lines = readFileSync(description, "utf8").split("\n");
    const described = Object.entries(
      part(lines, "  /api/v1/apps/{appId}/credentials/secrets") as Record<string, Record<string, { security?: { oauth2?: string[] }[] }>>,
    );
    const { OAuth2ClientSecret } = part(lines, "    OAuth2ClientSecret:") as Record<string, { properties: Record<string, unknown> }>;
    const operations = described.flatMap(([name, operationsOf]) =>
      Object.entries(operationsOf)
        .filter(([method]) => ["get", "post", "delete", "put"].includes(method))
        .map(([method, { security = [] }]) => [method.toUpperCase(), name, security.find(({ oauth2 }) => oauth2)?.oauth2] as const),
    );
    expect(operations).toHaveLength(6);
    for (const [method, name, scopes] of operations) {
      expect([name, findRoute(method, name.replace(/\{\w+\}/g, "x")).route.scope]).toEqual([name, scopes?.[0]]);
    }
    const shown = Object.keys(((await lab.api("GET", path)).json as Record<string, unknown>[])[0] ?? {});
    expect(shown.sort()).toEqual(Object.keys(OAuth2ClientSecret?.properties ?? {}).sort());
  });
}
