// Administrator roles and owners of groups, as the vendor's description has them (okta-management-openapi.yaml).
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { findRoute } from "../../../vendors/okta/router";
import { at, startTestLab, text, webApp, type TestLab } from "./harness";

let lab: TestLab;
let user: string;
let group: string;

beforeAll(async () => {
  lab = await startTestLab([{ login: "ana@example.com", firstName: "Ana", lastName: "Silva", password: "correct horse battery" }]);
  user = text(await lab.api("GET", "/api/v1/users/ana@example.com"), "id");
  group = text(await lab.api("POST", "/api/v1/groups", { profile: { name: "Admins", description: "" } }), "id");
});
afterAll(() => lab.end());

test("a role of a user, a group and a client; people hold their groups' roles too, and the list of them goes on by its body", async () => {
  const client = text(await lab.api("POST", "/api/v1/apps", webApp("deployer")), "credentials.oauthClient.client_id");
  for (const [path, assignmentType] of [
    [`/api/v1/users/${user}/roles`, "USER"],
    [`/api/v1/groups/${group}/roles`, "GROUP"],
    [`/oauth2/v1/clients/${client}/roles`, "CLIENT"],
  ] as const) {
    const given = await lab.api("POST", path, { type: "APP_ADMIN" });
    expect([given.status, at(given, "assignmentType"), at(given, "label")]).toEqual([201, assignmentType, "Application Administrator"]);
    expect((await lab.api("POST", path, { type: "APP_ADMIN" })).status).toBe(400);
    expect((await lab.api("POST", path, { type: "KING" })).text).toContain("type");
  }
  await lab.api("PUT", `/api/v1/groups/${group}/users/${user}`);
  const roles = (await lab.api("GET", `/api/v1/users/${user}/roles`)).json as { assignmentType: string }[];
  expect(roles.map(({ assignmentType }) => assignmentType)).toEqual(["USER", "GROUP"]);
  const first = await lab.api("GET", "/api/v1/iam/assignees/users?limit=1");
  expect([first.headers["link"], first.headers["x-rate-limit-limit"]]).toEqual([undefined, "600"]);
  const next = new URL(text(first, "_links.next.href"));
  expect(text(await lab.api("GET", next.pathname + next.search), "value.0.id")).toBe(user);
  await lab.api("DELETE", `/api/v1/users/${user}/roles/${text(await lab.api("GET", `/api/v1/users/${user}/roles`), "0.id")}`);
  expect(text(await lab.api("GET", `/api/v1/users/${user}/roles`), "0.assignmentType")).toBe("GROUP");
  expect((await lab.api("GET", "/oauth2/v1/clients/0oanobody/roles")).status).toBe(404);
});

test("owners of a group: a user, a group, nobody twice", async () => {
  const path = `/api/v1/groups/${group}/owners`;
  expect((await lab.api("GET", path)).json).toEqual([]);
  expect(at(await lab.api("POST", path, { id: user, type: "USER" }), "displayName")).toBe("Ana Silva");
  expect((await lab.api("POST", path, { id: user, type: "USER" })).status).toBe(400);
  expect((await lab.api("POST", path, { id: "00gnobody", type: "GROUP" })).status).toBe(404);
  expect((await lab.api("GET", path)).json).toMatchObject([{ id: user, type: "USER", originType: "OKTA_DIRECTORY" }]);
});

test("a reader's token reads them and gives nothing", async () => {
  const authorization = `Bearer ${lab.lab.issueAccessToken(["okta.roles.read", "okta.groups.read"])}`;
  const as = (method: string, path: string, body?: unknown) => lab.api(method, path, body, { authorization });
  expect((await as("GET", "/api/v1/iam/assignees/users")).status).toBe(200);
  expect((await as("POST", `/api/v1/groups/${group}/roles`, { type: "SUPER_ADMIN" })).text).toContain("okta.roles.manage");
  expect((await as("POST", `/api/v1/groups/${group}/owners`, { id: user, type: "USER" })).text).toContain("okta.groups.manage");
});

const description = resolve(
  process.env.GATEHOUSE_RECORDINGS ?? resolve(__dirname, "../../../../../shared/recordings/okta"),
  "../../vendor-specs/okta-management-openapi.yaml",
);

if (existsSync(description)) {
  test.each([
    "/api/v1/users/{userId}/roles",
    "/api/v1/groups/{groupId}/roles",
    "/oauth2/v1/clients/{clientId}/roles",
    "/api/v1/groups/{groupId}/owners",
    "/api/v1/iam/assignees/users",
  ])("%s: the description's methods and scopes", (path) => {
    const lines = readFileSync(description, "utf8").split("\n");
    const from = lines.indexOf(`  ${path}:`) + 1;
    const part = lines.slice(from, from + lines.slice(from).findIndex((line) => /^ {2}\/|^\S/.test(line)));
    for (const method of ["get", "post"].filter((one) => part.includes(`    ${one}:`))) {
      const operation = part.slice(part.indexOf(`    ${method}:`) + 1);
      const scope = operation
        .find((line) => /^ +- okta\.\w+\.\w+$/.test(line))
        ?.trim()
        .slice(2);
      expect(scope).toBeDefined();
      expect(findRoute(method.toUpperCase(), path.replace(/\{\w+\}/g, "x")).route.scope).toBe(scope);
    }
  });
}
