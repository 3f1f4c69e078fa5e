/** Evidence of K10 on a real Keycloak, read by a service account that may only read; then what that account lacks, and what it must find. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Lab } from "../../lab/story/session";
import { comparedSecrets, evidence, evidenceIn, keyPair, readerKubeconfig, readerRules } from "./evidence";
import { keycloak } from "./keycloak";
import { asFound, up } from "./support";

interface Named {
  readonly id: string;
  readonly name: string;
}

let lab: Lab;
let kubeconfig: string;
let keys: { privateFile: string; publicFile: string };
let reader: Record<string, string>;

const folder = (name: string): string => join(lab.stateDir, name);
const readRoles = ["view-users", "query-groups", "view-clients", "view-realm"];

/** @param labOf a lab of lab-k10-keycloak on which nothing is deployed; nothing is left deployed */
export function evidenceOfKeycloak(labOf: () => Lab): void {
  describe("evidence of a real Keycloak", () => {
    let leave: () => Promise<void>;
    before(async () => {
      lab = labOf();
      leave = asFound(lab);
      await up(lab);
      kubeconfig = await readerKubeconfig(lab, "evidence-reader", readerRules);
      keys = keyPair(lab, "auditor");
      reader = await serviceAccount("evidence-reader", readRoles);
    });
    after(async () => {
      await keycloak(lab, "PUT", "", { adminPermissionsEnabled: false });
      await leave();
    });

    test("a whole environment on a real Keycloak, read with a reader's rights, signed and verified", async () => {
      const { status, stdout, stderr } = await run("first");
      assert.equal(status, 0, stdout + stderr);
      const found = evidenceIn(folder("first"));
      assert.ok(Object.values(found.groups).every(({ people, listed, counted }) => people !== null && listed === counted));
      assert.match(found.mayChange.find(({ what }) => what === "realm: manage-users")?.who.join() ?? "", /^service-account-/);
      const verified = await evidence(lab, ["verify", folder("first"), "--key", keys.publicFile]);
      assert.deepEqual([verified.status, verified.stderr], [0, ""], verified.stdout);
    });

    test("more than one page, people in nested groups, who was added, and who came to administer the realm", async () => {
      const group = await groupOf("backup-admins");
      const inner = await child(group.id, "night-shift");
      const deepest = await child(inner, "trainees");
      await people(120, group.id);
      await keycloak(lab, "PUT", `/users/${await userNamed("nils@example.com")}/groups/${deepest}`);
      // Somebody administers by a realm role that contains the right, and another by a group.
      const { client, roles } = await rolesNamed(["manage-users"]);
      await keycloak(lab, "POST", "/roles", { name: "helpers" });
      await keycloak(lab, "POST", "/roles/helpers/composites", roles);
      await keycloak(lab, "POST", `/users/${await userNamed("nils@example.com")}/role-mappings/realm`, [
        await keycloak(lab, "GET", "/roles/helpers"),
      ]);
      await keycloak(lab, "POST", `/groups/${inner}/role-mappings/clients/${client}`, roles);
      const { status, stdout } = await run("second");
      assert.equal(status, 5, stdout);
      const found = evidenceIn(folder("second"));
      const read = found.groups["backup-admins"];
      const nils = read?.people?.find(({ login }) => login === "nils@example.com");
      assert.deepEqual(nils?.through, ["night-shift", "trainees"]);
      assert.ok((read?.listed ?? 0) >= 121 && read?.listed === read?.counted);
      assert.match(stdout, /members: group .*\n {2}.*person-119@example\.com/);
      const who = found.mayChange.find(({ what }) => what === "realm: manage-users")?.who ?? [];
      assert.ok(who.includes("nils@example.com (through the realm role helpers)"), who.join());
      assert.ok(
        who.some((one) => one.startsWith("everybody in the group /") && one.endsWith("/night-shift")),
        who.join(),
      );
    });

    test("a right that is missing: incomplete, with what could not be read and which role it needs", async () => {
      for (const [lacking, words] of [
        ["view-users", /not readable: Who is in .*got status 403\. Fix: the credentials need view-users/],
        ["view-clients", /not readable: How people sign in to 'k10': .*Fix: the credentials need view-clients/],
        ["view-realm", /not readable: .*Fix: the credentials need view-realm/],
      ] as const) {
        const poor = await serviceAccount(
          `without-${lacking}`,
          readRoles.filter((role) => role !== lacking),
        );
        const { status, stdout } = await run(`poor-${lacking}`, poor);
        assert.equal(status, 6, `${lacking}: ${stdout}`);
        assert.match(stdout, words);
      }
    });

    test("fine-grained permissions, where the realm has switched them on: the reader needs no further right", async () => {
      await keycloak(lab, "PUT", "", { adminPermissionsEnabled: true });
      const [permissions] = (await keycloak(lab, "GET", "/clients?clientId=admin-permissions")) as Named[];
      const server = `/clients/${permissions?.id ?? ""}/authz/resource-server`;
      const policy = { name: "team leads", users: [await userNamed("omar@example.com")], logic: "POSITIVE" };
      await keycloak(lab, "POST", `${server}/policy/user`, policy);
      const scopes = ["manage-members", "view-members"];
      const permission = { name: "members of groups", resourceType: "Groups", scopes, policies: ["team leads"] };
      await keycloak(lab, "POST", `${server}/permission/scope`, permission);
      const { stdout } = await run("fine");
      const { mayChange } = evidenceIn(folder("fine"));
      const found = mayChange.find(({ what }) => what === "fine-grained permission 'members of groups'");
      assert.deepEqual(found?.who, ["whoever the policy 'team leads' names"], stdout);
    });

    test("the Secret in the cluster is compared with the provider's newest client secret, and neither is kept", () =>
      comparedSecrets(lab, "k10", (out, args) => run(out, reader, args)));
  });
}

async function managementId(): Promise<string> {
  const [client] = (await keycloak(lab, "GET", "/clients?clientId=realm-management")) as Named[];
  return client?.id ?? "";
}

async function rolesNamed(names: readonly string[]): Promise<{ client: string; roles: Named[] }> {
  const client = await managementId();
  const roles = (await keycloak(lab, "GET", `/clients/${client}/roles`)) as Named[];
  return { client, roles: roles.filter(({ name }) => names.includes(name)) };
}

/** A client with a service account that holds these roles of realm-management: the variables that the command reads as it with. */
async function serviceAccount(clientId: string, names: readonly string[]): Promise<Record<string, string>> {
  const secret = `${clientId} of the test`;
  const off = { publicClient: false, standardFlowEnabled: false, directAccessGrantsEnabled: false };
  await keycloak(lab, "POST", "/clients", { clientId, secret, serviceAccountsEnabled: true, ...off });
  const [made] = (await keycloak(lab, "GET", `/clients?clientId=${clientId}`)) as Named[];
  const account = (await keycloak(lab, "GET", `/clients/${made?.id ?? ""}/service-account-user`)) as Named;
  const { client, roles } = await rolesNamed(names);
  await keycloak(lab, "POST", `/users/${account.id}/role-mappings/clients/${client}`, roles);
  return { KEYCLOAK_CLIENT_ID: clientId, KEYCLOAK_CLIENT_SECRET: secret };
}

const run = (out: string, variables = reader, args: readonly string[] = []) =>
  evidence(
    lab,
    ["--stack", lab.engine.stack, "--kubeconfig", kubeconfig, "--sign-key", keys.privateFile, "--out", folder(out), ...args],
    variables,
  );

async function userNamed(login: string): Promise<string> {
  const [user] = (await keycloak(lab, "GET", `/users?username=${encodeURIComponent(login)}&exact=true`)) as Named[];
  return user?.id ?? "";
}

async function groupOf(key: string): Promise<{ id: string; displayName: string }> {
  const group = (await lab.document()).groups[key];
  assert.ok(group);
  return group;
}

async function child(parent: string, name: string): Promise<string> {
  await keycloak(lab, "POST", `/groups/${parent}/children`, { name });
  const children = (await keycloak(lab, "GET", `/groups/${parent}/children`)) as Named[];
  return children.find((one) => one.name === name)?.id ?? "";
}

async function people(count: number, group: string): Promise<void> {
  const { displayName } = await groupOf("backup-admins");
  const path = ((await keycloak(lab, "GET", `/groups/${group}`)) as { path?: string }).path ?? displayName;
  const users = Array.from({ length: count }, (_, number) => {
    const login = `person-${number}@example.com`;
    return { username: login, email: login, enabled: true, groups: [path] };
  });
  await keycloak(lab, "POST", "/partialImport", { ifResourceExists: "FAIL", users });
}
