/** The real Keycloak of a lab, as its realm's owner works on it, and what it holds. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keycloakRequest } from "../../lab/machine/toolchain";
import type { Lab } from "../../lab/story/session";
import { send } from "../../lab/story/sign-in";
import { administration } from "../../lab/vendors/keycloak/administration";
import { jsonText } from "../../model";

type Json = Record<string, unknown>;

/** A call to the admin API as the realm's owner; `path` is below the realm. */
export function keycloak(lab: Lab, method: string, path: string, body?: unknown): Promise<unknown> {
  const { KEYCLOAK_URL = "", KEYCLOAK_REALM = "" } = lab.identityProvider.environment;
  const account = lab.identityProvider.owner;
  assert.ok(account);
  return administration(KEYCLOAK_URL, lab.authority.certificate, KEYCLOAK_REALM, account).call(method, `/${KEYCLOAK_REALM}${path}`, body);
}

/** Everything that Keycloak exports of the realm but people, with who is in which group, in an order of its own. */
export async function realmExport(lab: Lab): Promise<string> {
  const exported = await keycloak(lab, "POST", "/partial-export?exportClients=true&exportGroupsAndRoles=true");
  const people = (await keycloak(lab, "GET", "/users?max=1000")) as { id: string; username: string }[];
  const members = await Promise.all(
    people.map(async ({ id, username }) => [
      username,
      ((await keycloak(lab, "GET", `/users/${id}/groups`)) as { path: string }[]).map(({ path }) => path).sort(),
    ]),
  );
  return jsonText(inOrder({ ...(exported as Json), members: Object.fromEntries(members) as Json }));
}

/** Keycloak's lists are sets; the keys are sorted by whoever prints. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const inner = value.map(inOrder);
    return inner.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          // The provider writes an empty one into each client that it updates, and none into one that it makes.
          .filter(([key, inner]) => key !== "rootUrl" || inner !== "")
          .sort(([left], [right]) => (left < right ? -1 : 1))
          .map(([key, inner]) => [key, inOrder(inner)]),
      )
    : value;
}

/** The client that the stack made for a platform. */
export async function clientOf(lab: Lab, platform: string): Promise<Json & { readonly id: string }> {
  const clientId = (await lab.document()).platforms[platform]?.clientId ?? "";
  const [client] = (await keycloak(lab, "GET", `/clients?clientId=${encodeURIComponent(clientId)}`)) as (Json & { id: string })[];
  assert.ok(client, `no client ${clientId}`);
  return client;
}

/** The secret that Keycloak has for a client now, by the client's id at Keycloak. */
export async function secretOf(lab: Lab, id: string): Promise<string> {
  return ((await keycloak(lab, "GET", `/clients/${id}/client-secret`)) as { value: string }).value;
}

/** What the token endpoint says to a secret with a code that nobody was given: `invalid_grant` when it takes the secret. */
export async function presentedBy(lab: Lab, clientId: string, secret: string): Promise<unknown> {
  const form = { grant_type: "authorization_code", code: "none", redirect_uri: "https://k10.example.com/" };
  const answer = await send(
    new URL(`${lab.identityProvider.issuer}/protocol/openid-connect/token`),
    { ca: lab.authority.certificate },
    {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams(form).toString(),
    },
  );
  return (JSON.parse(answer.body) as { error?: unknown }).error;
}

/** Requests to Keycloak while something runs, by its own access log. */
export async function requestsDuring(lab: Lab, work: () => Promise<unknown>): Promise<number> {
  const count = (): number => readFileSync(join(lab.stateDir, "logs", "identity-provider.log"), "utf8").split(keycloakRequest).length;
  const before = count();
  await work();
  return count() - before;
}

/** Lets the realm keep a client's former secret valid for a day, and each for 31: the preview feature client-secret-rotation, by a client policy. */
export async function keepFormerSecrets(lab: Lab): Promise<void> {
  const seconds = { "expiration-period": 31 * 86_400, "rotated-expiration-period": 86_400, "remaining-rotation-period": 1_800 };
  await keycloak(lab, "PUT", "/client-policies/profiles", {
    profiles: [{ name: "two-secrets", executors: [{ executor: "secret-rotation", configuration: seconds }] }],
  });
  await keycloak(lab, "PUT", "/client-policies/policies", {
    policies: [
      {
        name: "two-secrets",
        enabled: true,
        conditions: [{ condition: "client-access-type", configuration: { type: ["confidential"] } }],
        profiles: ["two-secrets"],
      },
    ],
  });
}

/** The realm as it was before {@link keepFormerSecrets}. */
export async function forgetFormerSecrets(lab: Lab): Promise<void> {
  await keycloak(lab, "PUT", "/client-policies/policies", { policies: [] });
  await keycloak(lab, "PUT", "/client-policies/profiles", { profiles: [] });
}

/** A step of a sign-in flow: one of Keycloak's own, or a flow within. */
export type FlowStep =
  | { readonly provider: string; readonly requirement: string; readonly config?: Readonly<Record<string, string>> }
  | { readonly flow: string; readonly requirement: string; readonly steps: readonly FlowStep[] };

/** Makes a sign-in flow as the realm's owner would in the admin console. */
export async function makeFlow(lab: Lab, alias: string, steps: readonly FlowStep[]): Promise<void> {
  await keycloak(lab, "POST", "/authentication/flows", { alias, providerId: "basic-flow", topLevel: true, builtIn: false });
  await addSteps(lab, alias, alias, steps);
}

async function addSteps(lab: Lab, top: string, alias: string, steps: readonly FlowStep[]): Promise<void> {
  const executions = (flow: string): string => `/authentication/flows/${encodeURIComponent(flow)}/executions`;
  for (const step of steps) {
    const isFlow = "flow" in step;
    const added = isFlow
      ? { alias: step.flow, type: "basic-flow", provider: "registration-page-form", description: "" }
      : { provider: step.provider };
    await keycloak(lab, "POST", `${executions(alias)}/${isFlow ? "flow" : "execution"}`, added);
    // Listed with the steps of flows within, in order: the last one of its kind is the one that was added.
    const all = (await keycloak(lab, "GET", executions(top))) as { id: string; displayName?: string; providerId?: string }[];
    const made = all.findLast((one) => (isFlow ? one.displayName === step.flow : one.providerId === step.provider));
    await keycloak(lab, "PUT", executions(top), { ...made, requirement: step.requirement });
    if (isFlow) {
      await addSteps(lab, top, step.flow, step.steps);
    } else if (step.config !== undefined) {
      const config = { alias: `${alias}-${step.provider}`, config: step.config };
      await keycloak(lab, "POST", `/authentication/executions/${made?.id ?? ""}/config`, config);
    }
  }
}

/** An account of the realm that holds these client roles of realm-management and no others, as the owner makes it for somebody who may only read. */
export async function makeAccount(lab: Lab, clientId: string, secret: string, roles: readonly string[]): Promise<void> {
  await keycloak(lab, "POST", "/clients", {
    ...{ clientId, secret, publicClient: false, serviceAccountsEnabled: true, standardFlowEnabled: false },
    directAccessGrantsEnabled: false,
  });
  const [account] = (await keycloak(lab, "GET", `/clients?clientId=${clientId}`)) as { id: string }[];
  const [management] = (await keycloak(lab, "GET", "/clients?clientId=realm-management")) as { id: string }[];
  const user = (await keycloak(lab, "GET", `/clients/${account?.id ?? ""}/service-account-user`)) as { id: string };
  const all = (await keycloak(lab, "GET", `/clients/${management?.id ?? ""}/roles`)) as { name: string }[];
  const given = all.filter(({ name }) => roles.includes(name));
  assert.equal(given.length, roles.length);
  await keycloak(lab, "POST", `/users/${user.id}/role-mappings/clients/${management?.id ?? ""}`, given);
}
