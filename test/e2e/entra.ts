import assert from "node:assert/strict";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import { credentialOf, openRelyingParty } from "../../lab/story/demo/proofs";
import { rotationSchedule } from "../../model";
import type { Lab } from "../../lab/story/session";
import { openDriver, send, type Outcome } from "../../lab/story/sign-in";
import { dayFromNow } from "./okta-secrets";
import { configure, kube, namesOf, stackFileOf, up } from "./support";

/** An answer of the lab's tenant. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function call(lab: Lab, method: string, url: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  const answer = await send(new URL(url), { ca: lab.authority.certificate }, { method, headers, body });
  return { status: answer.status, body: answer.body === "" ? {} : (JSON.parse(answer.body) as Record<string, unknown>) };
}

const host = (lab: Lab): string => `https://${lab.identityProvider.environment["ARM_METADATA_HOSTNAME"] ?? ""}`;

/** A client's own token, as Microsoft's token endpoint answers for an id and a secret. */
export function clientToken(lab: Lab, clientId: string, clientSecret: string): Promise<Answer> {
  const form = new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: "client_credentials",
    scope: `${host(lab)}/.default`,
  });
  const url = `${host(lab)}/${lab.identityProvider.environment["ARM_TENANT_ID"] ?? ""}/oauth2/v2.0/token`;
  return call(lab, "POST", url, { "content-type": "application/x-www-form-urlencoded" }, form.toString());
}

/** A call to Microsoft Graph as the account that deploys. */
export async function graph(lab: Lab, method: string, path: string, body?: unknown): Promise<Answer> {
  const { ARM_CLIENT_ID = "", ARM_CLIENT_SECRET = "" } = lab.identityProvider.environment;
  const token = await clientToken(lab, ARM_CLIENT_ID, ARM_CLIENT_SECRET);
  const headers = { authorization: `Bearer ${String(token.body["access_token"])}`, "content-type": "application/json" };
  return call(lab, method, `${host(lab)}${path}`, headers, body === undefined ? undefined : JSON.stringify(body));
}

export async function listOf(lab: Lab, path: string): Promise<Record<string, unknown>[]> {
  const { status, body } = await graph(lab, "GET", path);
  assert.equal(status, 200, path);
  return body["value"] as Record<string, unknown>[];
}

/** One of the lab's own handles: requests, faults, clock. */
export async function control(lab: Lab, method: string, handle: string, body?: unknown): Promise<Record<string, unknown>> {
  const { url = "", token = "" } = lab.identityProvider.control ?? {};
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await call(lab, method, `${url}/${handle}`, headers, body === undefined ? undefined : JSON.stringify(body));
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

/** Requests to Graph, the token endpoint and the metadata document while something runs. */
export async function requestsDuring(lab: Lab, work: () => Promise<unknown>): Promise<{ graph: number; other: number }> {
  await control(lab, "DELETE", "requests");
  await work();
  const counts = Object.entries(await control(lab, "GET", "requests")) as [string, number][];
  const sum = (entries: typeof counts): number => entries.reduce((total, [, count]) => total + count, 0);
  const ofGraph = counts.filter(([what]) => / \/(v1\.0|beta)\//.test(what));
  return { graph: sum(ofGraph), other: sum(counts) - sum(ofGraph) };
}

/** What the stack could leave behind, in the tenant and in the cluster. */
export async function inventory(lab: Lab): Promise<Record<string, unknown>> {
  const ids = async (path: string): Promise<unknown> => (await listOf(lab, path)).map(({ id }) => String(id)).sort();
  return {
    applications: await ids("/v1.0/applications"),
    servicePrincipals: await ids("/v1.0/servicePrincipals"),
    groups: await ids("/v1.0/groups"),
    policies: await ids("/v1.0/identity/conditionalAccess/policies"),
    namespaces: await namesOf(lab, "/api/v1/namespaces"),
    clusterRoles: await namesOf(lab, "/apis/rbac.authorization.k8s.io/v1/clusterroles"),
    clusterRoleBindings: await namesOf(lab, "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"),
    roleBindings: await namesOf(lab, "/apis/rbac.authorization.k8s.io/v1/rolebindings"),
    secrets: await namesOf(lab, "/api/v1/secrets"),
  };
}

interface Permission {
  /** List of who holds a permission on Microsoft Graph. */
  readonly path: string;
  readonly appRoleId: string;
  readonly resourceId: string;
}

async function permissionCalled(lab: Lab, value: string): Promise<Permission> {
  const principals = await listOf(lab, "/v1.0/servicePrincipals");
  const vendor = principals.find(({ displayName }) => displayName === "Microsoft Graph");
  const role = (vendor?.["appRoles"] as { id: string; value: string }[]).find((one) => one.value === value);
  assert.ok(role, value);
  const resourceId = String(vendor?.["id"]);
  return { path: `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`, appRoleId: role.id, resourceId };
}

async function hold(lab: Lab, { path, ...permission }: Permission, principalId: string): Promise<void> {
  assert.equal((await graph(lab, "POST", path, { ...permission, principalId })).status, 201);
}

/** Gives an application permission on Microsoft Graph to the account that deploys. */
export async function withPermission(lab: Lab, value: string): Promise<void> {
  const principals = await listOf(lab, "/v1.0/servicePrincipals");
  const own = principals.find(({ appId }) => appId === lab.identityProvider.environment["ARM_CLIENT_ID"]);
  await hold(lab, await permissionCalled(lab, value), String(own?.["id"]));
}

/** Takes an application permission from the account that deploys; gives back the way to restore it. */
export async function withoutPermission(lab: Lab, value: string): Promise<() => Promise<void>> {
  const permission = await permissionCalled(lab, value);
  const held = (await listOf(lab, permission.path)).find(({ appRoleId }) => appRoleId === permission.appRoleId);
  assert.equal((await graph(lab, "DELETE", `${permission.path}/${String(held?.["id"])}`)).status, 204);
  return () => hold(lab, permission, String(held?.["principalId"]));
}

/** Name of the Secret that K10 mounts, and the client secret in it. */
export async function heldSecret(lab: Lab): Promise<{ name: string; value: string }> {
  const { namespace = "", name = "" } = (await lab.document()).platforms["k10"]?.secret ?? {};
  const { body } = await kube(lab, "GET", `/api/v1/namespaces/${namespace}/secrets/${name}`);
  return { name, value: Buffer.from((body as { data: Record<string, string> }).data["client-secret"] ?? "", "base64").toString("utf8") };
}

/** One sign-in at K10 with a cookie jar of its own; `otp: false`: the person has no second factor at hand. */
export async function signInAt(lab: Lab, login: string, { otp = true } = {}): Promise<Outcome> {
  const relyingParty = await openRelyingParty(lab, await lab.document(), "k10");
  const driver = await openDriver({
    ca: lab.authority.certificate,
    hostMap: { [relyingParty.host]: relyingParty.address },
    browser: false,
  });
  try {
    const { password, ...credential } = credentialOf(lab, login);
    return await driver.signIn({ startUrl: relyingParty.startUrl, login, password, ...(otp ? { otp: credential.otp } : {}) });
  } finally {
    await driver.close();
    await relyingParty.stop();
  }
}

/** A calendar of rotation that has no boundary within 20 days of today, whenever the tests run. */
export function quietCalendar(lab: Lab): void {
  for (let length = 60; length < 120; length += 1) {
    const rule = { rotateEvery: `${length}d`, lifetime: "180d", overlap: "14d", rotatedOn: [] };
    const { secrets, next } = rotationSchedule(rule, dayFromNow(0));
    if (secrets[0].start < dayFromNow(-20) && (next ?? "") > dayFromNow(20)) {
      configure(lab, ["gatehouse:idp", "secret", "rotateEvery"], rule.rotateEvery);
      return;
    }
  }
  throw new Error("There is a calendar for every day.");
}

/** Days that the stack file of the lab names for rotations by hand. */
export function rotatedOn(lab: Lab): unknown {
  const { config } = parse(readFileSync(stackFileOf(lab), "utf8")) as { config: Record<string, { secret?: { rotatedOn?: unknown } }> };
  return config["gatehouse:idp"]?.secret?.rotatedOn;
}

/** A first update as a pipeline runs it: one that stops at the principal is run once more. */
export async function firstUp(lab: Lab): Promise<void> {
  const { status, stdout, stderr } = await lab.engine.run(["up", "--yes", "--skip-preview"], { accept: [1, 255] });
  if (status !== 0) {
    assert.match(stdout + stderr, /waiting for new service principal to be replicated/);
    await up(lab);
  }
}
