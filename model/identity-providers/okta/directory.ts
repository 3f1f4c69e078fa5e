import { z } from "zod";
import {
  DirectoryClient,
  found,
  secretBySha256,
  shaped,
  UnreadableDirectoryError,
  type Directory,
  type DirectoryDefinition,
  type DirectoryMembers,
  type DirectorySignIn,
  type DirectorySource,
  type NewestSecret,
} from "../directory";
import { mayChange } from "./administrators";
import { pages } from "./pages";
import { serviceAppToken } from "./service-app";

const usersSchema = z.array(
  z.looseObject({ id: z.string(), status: z.string(), profile: z.looseObject({ login: z.string(), email: z.string().nullish() }) }),
);
const groupSchema = z.looseObject({ profile: z.looseObject({ name: z.string() }) });
const countSchema = z.array(z.looseObject({ id: z.string(), _embedded: z.looseObject({ stats: z.looseObject({ usersCount: z.int() }) }) }));
const appSchema = z.looseObject({
  id: z.string(),
  _links: z.looseObject({ accessPolicy: z.looseObject({ href: z.string() }).optional() }),
});
const policySchema = z.looseObject({ name: z.string(), status: z.string() });
const rulesSchema = z.array(
  z.looseObject({
    name: z.string(),
    status: z.string(),
    priority: z.number().nullish(),
    actions: z.looseObject({
      appSignOn: z
        .looseObject({
          access: z.string(),
          verificationMethod: z.looseObject({ type: z.string().optional(), factorMode: z.string().optional() }).nullish(),
        })
        .optional(),
    }),
  }),
);
const assignedSchema = z.array(z.looseObject({ id: z.string() }));

/** People who cannot sign in (developer.okta.com/docs/reference/api/users, "User status"). */
const cannotSignIn = ["SUSPENDED", "DEPROVISIONED"];

/** What a reader needs, and no more. */
const readScopes = ["okta.groups.read", "okta.users.read", "okta.apps.read", "okta.policies.read", "okta.roles.read"];

export const oktaDirectory: DirectoryDefinition = {
  credentials: `OKTA_API_CLIENT_ID and OKTA_API_PRIVATE_KEY of a service app (or OKTA_ACCESS_TOKEN) with the scopes ${readScopes.join(", ")}; or OKTA_API_TOKEN of an administrator who may only read`,
  secretVariables: ["OKTA_API_TOKEN", "OKTA_ACCESS_TOKEN", "OKTA_API_PRIVATE_KEY"],
  open: async (source) => oktaReader(await openOkta(source)),
};

/** Okta's management API with whichever credentials are there. @throws UnreadableDirectoryError where there are none */
export async function openOkta(source: DirectorySource): Promise<DirectoryClient> {
  // The provider's plugin takes the proxy for the organisation's own address; a custom authorization server lies below the organisation's.
  const address = (source.variable("OKTA_HTTP_PROXY") ?? new URL(source.issuer).origin).replace(/\/+$/, "");
  const authorization = await authorizationOf(source, address);
  return new DirectoryClient(source, address, { authorization }, rightsFor, notOffered);
}

/** The narrowest first: what a pipeline has set for its updates is not what evidence should read with. */
async function authorizationOf(source: DirectorySource, address: string): Promise<string> {
  const given = (name: string): string | undefined => source.variable(name) || undefined;
  const [access, token, key] = [given("OKTA_ACCESS_TOKEN"), given("OKTA_API_TOKEN"), given("OKTA_API_PRIVATE_KEY")];
  if (access !== undefined) {
    return `Bearer ${access}`;
  }
  if (key !== undefined) {
    const app = { clientId: given("OKTA_API_CLIENT_ID"), keyId: given("OKTA_API_PRIVATE_KEY_ID"), privateKey: key };
    return `Bearer ${await serviceAppToken(source, address, app, readScopes)}`;
  }
  if (token !== undefined) {
    return `SSWS ${token}`;
  }
  throw new UnreadableDirectoryError(
    "directory_credentials",
    `Expected credentials for Okta's API, got none.\nFix: set ${oktaDirectory.credentials}.`,
  );
}

/** A feature that the organisation does not have (developer.okta.com/docs/reference/error-codes, E0000015). */
function notOffered(body: unknown): boolean {
  return z.looseObject({ errorCode: z.literal("E0000015") }).safeParse(body).success;
}

function rightsFor(path: string): string {
  if (path.startsWith("/api/v1/internal/")) {
    return "the app's groups claim is shown to OKTA_API_TOKEN of a read-only administrator, and to no OAuth scope.";
  }
  if (path.startsWith("/api/v1/iam/") || path.includes("/roles")) {
    return `the credentials need okta.roles.read (with an API token: of an administrator who may see administrators): ${oktaDirectory.credentials}.`;
  }
  const scope =
    ["groups", "apps", "policies", "users", "authorizationServers"].find((one) => path.startsWith(`/api/v1/${one}`)) ?? "groups";
  return `the credentials need okta.${scope}.read (or the role Read-Only Administrator): ${oktaDirectory.credentials}.`;
}

function oktaReader(client: DirectoryClient): Directory {
  return {
    address: client.address,
    clock: () => client.clock(),
    members: ({ id }) => members(client, id),
    signIn: (clientId) => signIn(client, clientId),
    newestSecret: (clientId) => newestSecret(client, clientId),
    mayChange: (groups) => mayChange(client, groups),
  };
}

async function members(client: DirectoryClient, id: string): Promise<DirectoryMembers> {
  const path = `/api/v1/groups/${encodeURIComponent(id)}`;
  const { profile } = shaped(groupSchema, found(await client.get(path), `group ${id}`), "a group");
  const people = await pages(client, `${path}/users`, usersSchema);
  const filter = new URLSearchParams({ filter: `id eq "${id}"`, expand: "stats" });
  const stats = shaped(
    countSchema,
    found(await client.get(`/api/v1/groups?${filter.toString()}`), `group ${id}`),
    "a group with its count",
  );
  const counted = stats.find((group) => group.id === id)?._embedded.stats.usersCount;
  if (counted === undefined) {
    throw new UnreadableDirectoryError("directory_answer", `Expected the number of people in group ${id} from Okta, got none.`);
  }
  return {
    name: profile.name,
    people: people.map((person) => ({
      login: person.profile.login,
      id: person.id,
      active: !cannotSignIn.includes(person.status),
      claims: { sub: person.id, preferred_username: person.profile.login, ...(person.profile.email && { email: person.profile.email }) },
    })),
    others: [],
    listed: new Set(people.map((person) => person.id)).size,
    counted,
    countedBy: "Okta's own count of the group's people (expand=stats)",
    nesting: "Okta's groups hold people and no groups.",
  };
}

async function signIn(client: DirectoryClient, clientId: string): Promise<DirectorySignIn> {
  const path = `/api/v1/apps/${encodeURIComponent(clientId)}`;
  const app = shaped(appSchema, found(await client.get(path), `app ${clientId}`), "an app");
  const assigned = await pages(client, `${path}/groups`, assignedSchema);
  const people = await pages(client, `${path}/users`, z.array(z.looseObject({ id: z.string(), scope: z.string().optional() })));
  const alone = people.filter(({ scope }) => scope === "USER").length;
  const facts = [
    { what: "assigned to the app", value: `${assigned.length} groups, and ${alone} people by themselves` },
    ...(await policyFacts(client, app._links.accessPolicy?.href)),
  ];
  // The list of an app's client secrets shows the secrets themselves: it is asked for only where they are compared.
  return { facts, secrets: [] };
}

const secretsSchema = z.array(z.looseObject({ client_secret: z.string(), status: z.string(), created: z.string() }));

async function newestSecret(client: DirectoryClient, clientId: string): Promise<NewestSecret | undefined> {
  const path = `/api/v1/apps/${encodeURIComponent(clientId)}/credentials/secrets`;
  const secrets = shaped(secretsSchema, found(await client.get(path), `the client secrets of app ${clientId}`), "client secrets");
  const [newest] = secrets
    .filter(({ status }) => status === "ACTIVE")
    .sort((left, right) => Date.parse(right.created) - Date.parse(left.created));
  return newest === undefined ? undefined : secretBySha256(newest.client_secret);
}

async function policyFacts(client: DirectoryClient, href: string | undefined): Promise<{ what: string; value: string }[]> {
  const id = /\/api\/v1\/policies\/(\w+)$/.exec(href ?? "")?.[1];
  if (id === undefined) {
    return [{ what: "authentication policy", value: "none is named by the app" }];
  }
  const policy = shaped(policySchema, found(await client.get(`/api/v1/policies/${id}`), `policy ${id}`), "a policy");
  const rules = shaped(
    rulesSchema,
    found(await client.get(`/api/v1/policies/${id}/rules`), `rules of policy ${id}`),
    "the rules of a policy",
  );
  return [
    { what: "authentication policy", value: `${policy.name} (${policy.status.toLowerCase()})` },
    ...[...rules]
      .sort((left, right) => (left.priority ?? 0) - (right.priority ?? 0))
      .map(({ name, status, actions: { appSignOn } }) => ({
        what: `rule '${name}'`,
        value: [
          status.toLowerCase(),
          (appSignOn?.access ?? "no decision about sign-in").toLowerCase(),
          ...(appSignOn?.verificationMethod?.factorMode === undefined ? [] : [`factors: ${appSignOn.verificationMethod.factorMode}`]),
        ].join(", "),
      })),
  ];
}
