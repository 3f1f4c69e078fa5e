/** Kasten K10 installed by hand, as the vendor's articles say it: the client clicked together at the identity provider, `helm install`, bindings. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder, type Lab } from "../../lab/story/session";
import { run } from "../../lab/machine/processes";
import { bind, makeApp, makeGroup, reviewed } from "./adoption";
import { clientToken, graph, listOf } from "./entra";
import { keycloak, makeAccount, presentedBy } from "./keycloak";
import { acceptedSecretsOf, presented } from "./okta-secrets";
import { kube } from "./support";

const chart = join(projectFolder, "lab/story/charts/k10");
const callback = "https://k10.example.com/k10/auth-svc/v0/oidc/redirect";

/** What somebody made by hand at an identity provider. */
export interface Client {
  readonly id: string;
  readonly secret: string;
  /** What tokens carry for each group, by the group's name. */
  readonly carried: Readonly<Record<string, string>>;
}

/** An identity provider as a person sets it up for K10. */
export interface HandMade {
  readonly stack: string;
  readonly idp: "okta" | "entra" | "keycloak";
  readonly prefix: string;
  readonly scopes: string;
  makeClient(lab: Lab): Promise<Client>;
  /** Whether the provider accepts a secret of the client. */
  accepts(lab: Lab, client: Client, secret: string): Promise<boolean>;
  /** How many secrets of the client it accepts. */
  secrets(lab: Lab, client: Client): Promise<number>;
  /** How many those are right after a rotation. */
  readonly secretsAtRotation: 1 | 2;
  /** Variables of an account that may only read; left out: what the lab has. */
  readonly reader?: Readonly<Record<string, string>>;
  /** Environments in which it must be refused, with the words. */
  readonly refused: readonly (readonly [variables: Readonly<Record<string, string>>, status: number, words: RegExp])[];
}

/** The people of the groups: who administers, who operates, who looks on. */
export const holders = {
  "Kasten Admins": "ana@example.com",
  "Kasten Operators": "omar@example.com",
  "Security Auditors": "ada@example.com",
};

/** An app and groups as an administrator of Okta clicks them together. */
async function makeOktaApp(lab: Lab): Promise<Client> {
  const groupIds: string[] = [];
  for (const [name, login] of Object.entries(holders)) {
    groupIds.push(await makeGroup(lab, name, login));
  }
  const app = await makeApp(lab, {
    ...{ label: "Kasten", redirects: [callback, "https://oidcdebugger.com/debug"], authentication: "client_secret_basic" },
    groupIds,
  });
  const names = Object.keys(holders).map((name) => [name, name] as const);
  return { id: app.id, secret: app.credentials.oauthClient.client_secret, carried: Object.fromEntries(names) };
}

async function made(lab: Lab, path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await graph(lab, "POST", path, body);
  assert.ok(
    answer.status === 201 || answer.status === 200 || answer.status === 204,
    `${path}: ${answer.status} ${JSON.stringify(answer.body)}`,
  );
  return answer.body;
}

async function entraGroup(lab: Lab, name: string, login: string): Promise<string> {
  const there = (await listOf(lab, "/v1.0/groups")).find(({ displayName }) => displayName === name);
  if (there !== undefined) {
    return String(there["id"]);
  }
  const mailNickname = name.toLowerCase().replaceAll(" ", "-");
  const { id } = await made(lab, "/v1.0/groups", { displayName: name, mailEnabled: false, mailNickname, securityEnabled: true });
  const user = (await listOf(lab, "/v1.0/users")).find(({ userPrincipalName }) => userPrincipalName === login);
  const host = `https://${lab.identityProvider.environment["ARM_METADATA_HOSTNAME"] ?? ""}`;
  await made(lab, `/v1.0/groups/${String(id)}/members/$ref`, { "@odata.id": `${host}/v1.0/directoryObjects/${String(user?.["id"])}` });
  return String(id);
}

/** The vendor's articles 2 and 3: web redirects, ID tokens ticked, a secret of two years, every security group in the token. */
async function makeEntraApp(lab: Lab): Promise<Client> {
  const { id, appId } = await made(lab, "/v1.0/applications", {
    displayName: "kasten-service",
    signInAudience: "AzureADMyOrg",
    groupMembershipClaims: "SecurityGroup",
    web: { redirectUris: [callback, "https://oidcdebugger.com/debug"], implicitGrantSettings: { enableIdTokenIssuance: true } },
  });
  await made(lab, "/v1.0/servicePrincipals", { appId });
  const { secretText } = await made(lab, `/v1.0/applications/${String(id)}/addPassword`, { passwordCredential: { displayName: "kasten" } });
  await made(lab, "/v1.0/identity/conditionalAccess/policies", {
    displayName: "Second factor for all",
    state: "enabled",
    conditions: { clientAppTypes: ["all"], applications: { includeApplications: ["All"] }, users: { includeUsers: ["All"] } },
    grantControls: { operator: "OR", builtInControls: ["mfa"] },
  });
  const carried: Record<string, string> = {};
  for (const [name, login] of Object.entries(holders)) {
    carried[name] = await entraGroup(lab, name, login);
  }
  return { id: String(appId), secret: String(secretText), carried };
}

export const handMadeOkta: HandMade = {
  secretsAtRotation: 2,
  ...{ stack: "lab-k10-okta", idp: "okta", prefix: "kasten_okta_", scopes: "openid profile email groups" },
  makeClient: makeOktaApp,
  accepts: async (lab, _client, secret) => (await presented(lab, secret)) === "invalid_grant",
  secrets: async (lab, client) => (await acceptedSecretsOf(lab, client.id)).length,
  refused: [
    [{ OKTA_API_TOKEN: "" }, 3, /Expected credentials for Okta's API, got none\.\nFix: set OKTA_API/],
    [{ OKTA_API_TOKEN: "no-such-token" }, 3, /got status 401.*\n.*okta\.apps\.read/],
  ],
};

export const handMadeEntra: HandMade = {
  secretsAtRotation: 2,
  ...{ stack: "lab-k10-entra", idp: "entra", prefix: "kasten_azure_", scopes: "openid email" },
  makeClient: makeEntraApp,
  accepts: async (lab, client, secret) => (await clientToken(lab, client.id, secret)).status === 200,
  async secrets(lab, client) {
    const app = (await listOf(lab, "/v1.0/applications")).find(({ appId }) => appId === client.id);
    return (app?.["passwordCredentials"] as unknown[]).length;
  },
  refused: [
    [{ ARM_CLIENT_SECRET: "" }, 3, /Expected credentials for Microsoft Graph, got none\.\nFix: set ARM_CLIENT_ID and ARM_CLIENT_SECRET/],
    [{ GATEHOUSE_GRAPH_TOKEN: "no-such-token" }, 3, /got status 401/],
  ],
};

const group = {
  mapper: {
    ...{ name: "groups", protocol: "openid-connect", protocolMapper: "oidc-group-membership-mapper" },
    config: { "claim.name": "groups", "full.path": "false", "id.token.claim": "true", "userinfo.token.claim": "true" },
  },
  paths: {
    "Kasten Admins": "/Kasten Admins",
    "Kasten Operators": "/teams/Kasten Operators",
    "Security Auditors": "/teams/Security Auditors",
  },
} as const;
const reader = { KEYCLOAK_CLIENT_ID: "gatehouse-reader", KEYCLOAK_CLIENT_SECRET: "the-reader-s-own-secret" };
const lacking = { KEYCLOAK_CLIENT_ID: "sees-no-groups", KEYCLOAK_CLIENT_SECRET: "another-secret-of-one-s-own" };

/** With the admin console's defaults for all that nobody had to choose: stars, every scope, passwords at the token endpoint. */
async function makeKeycloakClient(lab: Lab): Promise<Client> {
  await makeAccount(lab, reader.KEYCLOAK_CLIENT_ID, reader.KEYCLOAK_CLIENT_SECRET, ["view-clients", "view-users", "view-realm"]);
  await makeAccount(lab, lacking.KEYCLOAK_CLIENT_ID, lacking.KEYCLOAK_CLIENT_SECRET, ["view-clients", "view-realm"]);
  await keycloak(lab, "POST", "/client-scopes", { name: "groups", protocol: "openid-connect", protocolMappers: [group.mapper] });
  const scopes = (await keycloak(lab, "GET", "/client-scopes")) as { id: string; name: string }[];
  await keycloak(lab, "POST", "/clients", {
    ...{ clientId: "kasten", name: "Kasten", protocol: "openid-connect", publicClient: false, standardFlowEnabled: true },
    ...{ directAccessGrantsEnabled: true, redirectUris: ["https://k10.example.com/*"], webOrigins: ["+"], protocolMappers: [group.mapper] },
  });
  const [client] = (await keycloak(lab, "GET", "/clients?clientId=kasten")) as { id: string; secret: string }[];
  assert.ok(client);
  const scope = scopes.find(({ name }) => name === "groups")?.id ?? "";
  await keycloak(lab, "PUT", `/clients/${client.id}/optional-client-scopes/${scope}`);
  const { id: parent } = await keycloakGroup(lab, undefined, "teams");
  for (const [name, login] of Object.entries(holders)) {
    const { id } = await keycloakGroup(lab, group.paths[name as keyof typeof holders].startsWith("/teams/") ? parent : undefined, name);
    const [user] = (await keycloak(lab, "GET", `/users?username=${encodeURIComponent(login)}&exact=true`)) as { id: string }[];
    await keycloak(lab, "PUT", `/users/${user?.id ?? ""}/groups/${id}`);
  }
  const carried = Object.fromEntries(Object.keys(holders).map((name) => [name, name]));
  return { id: "kasten", secret: client.secret, carried };
}

async function keycloakGroup(lab: Lab, parent: string | undefined, name: string): Promise<{ readonly id: string }> {
  await keycloak(lab, "POST", parent === undefined ? "/groups" : `/groups/${parent}/children`, { name });
  const below = parent === undefined ? "/groups" : `/groups/${parent}/children`;
  const made = ((await keycloak(lab, "GET", `${below}?max=1000`)) as { id: string; name: string }[]).find((one) => one.name === name);
  assert.ok(made);
  return made;
}

export const handMadeKeycloak: HandMade = {
  secretsAtRotation: 1,
  reader,
  ...{ stack: "lab-k10-keycloak", idp: "keycloak", prefix: "kc:", scopes: "openid profile email groups" },
  makeClient: makeKeycloakClient,
  accepts: async (lab, client, secret) => (await presentedBy(lab, client.id, secret)) === "invalid_grant",
  async secrets(lab, { id }) {
    const [client] = (await keycloak(lab, "GET", `/clients?clientId=${id}`)) as { secret?: string; attributes: Record<string, string> }[];
    return [client?.secret, client?.attributes["client.secret.rotated"]].filter((secret) => secret !== undefined).length;
  },
  refused: [
    [{ KEYCLOAK_CLIENT_ID: "" }, 3, /Expected credentials for Keycloak's admin API, got none\.\nFix: set KEYCLOAK_CLIENT_ID/],
    [{ KEYCLOAK_CLIENT_SECRET: "no-such-secret" }, 3, /got status 401/],
    [lacking, 3, /got status 403[^]*view-users/],
  ],
};

/** Where the client secret stands: in the values, as the articles have it, or in a Secret that somebody made. */
export type SecretForm = "inline" | "secret";
const ownSecret = "my-oidc-client";

/** `helm install` with the values of the articles. */
export async function installByHand(lab: Lab, by: HandMade, client: Client, form: SecretForm): Promise<void> {
  const values = {
    auth: {
      oidcAuth: {
        enabled: true,
        providerURL: lab.identityProvider.issuer,
        redirectURL: "https://k10.example.com",
        scopes: by.scopes,
        prompt: "select_account",
        usernameClaim: "sub",
        usernamePrefix: by.prefix,
        groupClaim: "groups",
        groupPrefix: by.prefix,
        ...(form === "inline" ? { clientID: client.id, clientSecret: client.secret } : { clientSecretName: ownSecret }),
      },
    },
  };
  if (form === "secret") {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "kasten-io" } };
    assert.equal((await kube(lab, "POST", "/api/v1/namespaces", namespace)).status, 201);
    const stringData = { "client-id": client.id, "client-secret": client.secret };
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: ownSecret }, stringData };
    assert.equal((await kube(lab, "POST", "/api/v1/namespaces/kasten-io/secrets", secret)).status, 201);
  }
  const file = join(lab.stateDir, "k10-values.json");
  writeFileSync(file, JSON.stringify(values), { mode: 0o600 });
  const args = ["install", "k10", chart, "--namespace", "kasten-io", "--create-namespace", "--values", file];
  const { status, stderr } = await run(lab.toolchain.helm.path, args, { env: lab.variables });
  assert.equal(status, 0, stderr);
  writeFileSync(file, "");
}

/** As the articles end. */
export async function bindByHand(lab: Lab, { prefix }: HandMade, { carried }: Client): Promise<void> {
  const arriving = (group: string): string => `${prefix}${carried[group] ?? ""}`;
  await bind(lab, undefined, "k10-admin", ["ClusterRole", "k10-admin"], arriving("Kasten Admins"));
  await bind(lab, "kasten-io", "k10-admin", ["Role", "k10-ns-admin"], arriving("Kasten Admins"));
  await bind(lab, "shop", "operators", ["ClusterRole", "k10-basic"], arriving("Kasten Operators"));
  await bind(lab, undefined, "auditors", ["ClusterRole", "k10-config-view"], arriving("Security Auditors"));
}

const questions = [
  { verb: "create", group: "actions.kio.kasten.io", resource: "backupactions", namespace: "shop" },
  { verb: "create", group: "actions.kio.kasten.io", resource: "backupactions", namespace: "billing" },
  { verb: "get", group: "config.kio.kasten.io", resource: "profiles", namespace: "kasten-io" },
  { verb: "create", group: "config.kio.kasten.io", resource: "profiles", namespace: "kasten-io" },
  { verb: "get", group: "apps", resource: "deployments", namespace: "kasten-io" },
  { verb: "get", group: "", resource: "secrets", namespace: "kube-system" },
];

/** What the API server says of those who hold something, by their group's name, and of somebody who holds nothing. */
export async function access(lab: Lab, { prefix }: HandMade, { carried }: Client): Promise<Record<string, boolean[]>> {
  const values = [...Object.entries(carried), ["Nobody", "nobody"] as const];
  const answers = await reviewed(
    lab,
    values.map(([, value]) => value),
    questions,
    prefix,
  );
  return Object.fromEntries(values.map(([group, value]) => [group, answers[value] ?? []]));
}
