import { readFileSync } from "node:fs";
import { join } from "node:path";
import { identityProviders, type DeclaredClient, type UnseenSource } from "../../../../model";

/** Answers of the admin API of Keycloak 26.4.7 to a service account with view-clients and view-identity-providers, before and after hand edits; ids renamed. */
const recorded = JSON.parse(readFileSync(join(__dirname, "../../../fixtures/keycloak/administration.json"), "utf8")) as Record<
  "clean" | "tampered",
  Record<string, unknown>
>;

const reader = identityProviders.keycloak.unseen;
const credentials: Record<string, string> = { KEYCLOAK_CLIENT_ID: "reader", KEYCLOAK_CLIENT_SECRET: "reader-secret" };
const client: DeclaredClient = {
  clientId: "k10-lab",
  groupsClaim: "groups",
  usernameClaim: "sub",
  groups: ["backup-admins", "auditors"].map((name) => ({ id: `group-${name}`, claimValue: name, displayName: name })),
  people: ["user-ana"],
};

function source(answers: Readonly<Record<string, unknown>>, status: (path: string) => number = () => 200) {
  const asked: string[] = [];
  const fetch: UnseenSource["fetch"] = (url, init) => {
    const path = url.replace("https://keycloak.example.com/", "");
    asked.push(path);
    if (path === "realms/lab/protocol/openid-connect/token") {
      const right = init.method === "POST" && init.body === "grant_type=client_credentials&client_id=reader&client_secret=reader-secret";
      return Promise.resolve(
        new Response(JSON.stringify(right ? { access_token: "token-1" } : {}), { status: right ? status(path) : 401 }),
      );
    }
    const known = answers[path.replace("admin/realms/lab/", "")];
    const allowed = init.headers["authorization"] === "Bearer token-1";
    return Promise.resolve(new Response(JSON.stringify(known), { status: !allowed ? 401 : known === undefined ? 404 : status(path) }));
  };
  const variable = (name: string) => credentials[name];
  return { source: { issuer: "https://keycloak.example.com/realms/lab", variable, fetch }, asked };
}

const read = (answers: Readonly<Record<string, unknown>>, clients: DeclaredClient[] = [client]) =>
  Promise.resolve(reader?.read(source(answers).source, clients) ?? []);

/** The optional scope that every client of a new realm has; the stack takes it away. */
const microprofile = "mapper 'groups' of client scope microprofile-jwt";

test("as the stack made it: nothing, but for a scope that it would not leave attached", async () => {
  expect((await read(recorded.clean)).map(({ what }) => what)).toEqual([microprofile]);
});

test("every hand edit that no refresh reads is found, with whom it reaches", async () => {
  const found = await read(recorded.tampered);
  expect(found.map(({ what, detail }) => `${what}: ${detail}`)).toEqual([
    "mapper 'aud' of client k10-lab: somebody added it (oidc-audience-mapper); the stack does not declare it",
    "mapper 'sneaky' of client k10-lab: somebody added it (oidc-hardcoded-claim-mapper), and it writes the claim 'groups', over what the stack's own mapper says",
    "mapper 'shared' of client scope profile: it writes the claim 'groups' into tokens of k10-lab, which has the scope",
    `${microprofile}: it writes the claim 'groups' into tokens of k10-lab, which has the scope`,
    "setting id.token.signed.response.alg of client k10-lab: expected RS256, got HS256: how ID tokens are signed; platforms take RS256",
    "setting client.use.lightweight.access.token.enabled of client k10-lab: expected false, got true: access tokens carry no sub",
    "role 'backup-admins' of client k10-lab: somebody gave it to the group /others: its members hold what 'backup-admins' holds",
    "role 'backup-admins' of client k10-lab: somebody gave it to omar alone, beside the groups",
    "role 'cluster admins/x' of client k10-lab: somebody added it: who holds it carries its name as a group",
    "role 'granted' of client k10-lab-access: somebody gave it to the group /others: its members hold what 'granted' holds",
    "identity provider 'corp' of the realm: it has no post login flow: who signs in through it passes the sign-in flow of k10-lab without a grant (keycloak/keycloak#10250)",
  ]);
});

test("the remedies are commands of Keycloak's own tool, each run on a real server", async () => {
  const commands = (await read(recorded.tampered)).flatMap(({ fix }) => /`(kcadm[^`]*)`/.exec(fix)?.[1] ?? []);
  expect(commands.map((command) => command.replace(/id-\d+/g, "ID"))).toEqual([
    "kcadm.sh delete clients/client-k10/protocol-mappers/models/ID -r lab",
    "kcadm.sh delete clients/client-k10/protocol-mappers/models/ID -r lab",
    "kcadm.sh delete client-scopes/ID/protocol-mappers/models/ID -r lab",
    "kcadm.sh delete client-scopes/ID/protocol-mappers/models/ID -r lab",
    `kcadm.sh update clients/client-k10 -r lab -s 'attributes."id.token.signed.response.alg"=RS256'`,
    `kcadm.sh update clients/client-k10 -r lab -s 'attributes."client.use.lightweight.access.token.enabled"=false'`,
    "kcadm.sh remove-roles -r lab --gid group-others --cclientid k10-lab --rolename 'backup-admins'",
    "kcadm.sh remove-roles -r lab --uusername omar --cclientid k10-lab --rolename 'backup-admins'",
    "kcadm.sh delete roles-by-id/ID -r lab",
    "kcadm.sh remove-roles -r lab --gid group-others --cclientid k10-lab-access --rolename 'granted'",
  ]);
});

test("a person whose grant is gone keeps the role until somebody takes it: found", async () => {
  const found = await read(recorded.clean, [{ ...client, people: [] }]);
  expect(found.map(({ detail }) => detail)).toContain("somebody gave it to ana alone, beside the groups");
});

test("one look-up for each scope, however many clients share it", async () => {
  const { source: world, asked } = source(recorded.clean);
  await reader?.read(world, [client, client]);
  expect(asked.length).toBe(new Set(asked).size);
});

test.each<[string, number, string]>([
  [
    "realms/lab/protocol",
    401,
    "expected a token for the account in KEYCLOAK_CLIENT_ID from https://keycloak.example.com/realms/lab/protocol/openid-connect/token, got status 401. Fix: set KEYCLOAK_CLIENT_ID and",
  ],
  [
    "admin/realms/lab/identity-provider",
    403,
    "got status 403. Fix: give the account the client role view-identity-providers of realm-management.",
  ],
  ["admin/realms/lab/clients", 403, "got status 403. Fix: give the account the client role view-clients of realm-management."],
  ["admin/realms/lab/clients", 503, "expected Keycloak's admin API to show clients, got status 503."],
])("what cannot be read is not called right: %s %i", async (path, status, message) => {
  const { source: world } = source(recorded.clean, (asked) => (asked.startsWith(path) ? status : 200));
  await expect(Promise.resolve(reader?.read(world, [client]))).rejects.toThrow(message);
});
