/**
 * How a client of Keycloak that was made by hand is read: `admin.ts` asks for it, `claims.ts` says which groups its tokens carry,
 * `judgement.ts` what a stack makes of it. Nothing here changes anything, and nothing knows a platform.
 */
import { z } from "zod";
import type { ImportedResource } from "../../../platforms/adoption";
import type { Problem } from "../../../text/problems";
import type { AskManagement, FoundClient, FoundHolders, FoundPerson, IdentityProviderAdoption, WantedClient } from "../../adoption";
import { UnreadableDirectoryError, type DirectoryClient } from "../../directory";
import { adminOf } from "../administrators";
import { keycloakDefaultScopes } from "../default-scopes";
import { openKeycloak } from "../directory";
import { leafOf } from "../groups";
import { keycloakIssuerSchema, keycloakRealm } from "../issuer";
import { pages } from "../pages";
import {
  askClient,
  askFlowAlias,
  askRoles,
  askScopes,
  askTokenLifetime,
  askUsers,
  type Client,
  type ClientScope,
  type Role,
} from "./admin";
import { commonWay, groupsCarried, writersOf } from "./claims";
import { importedMapper, keptScopes, problemsOf, redirectsOf, remarksOf, settingsOf, type Surroundings } from "./judgement";

const pageSize = 100;

/** A client of a realm with its mappers, scopes, roles and sign-in flow. */
export const keycloakAdoption: IdentityProviderAdoption = {
  isIssuer: (issuer) => keycloakIssuerSchema.safeParse(issuer).success,
  settings: (issuer) => ({ issuer }),
  async open(source) {
    const { client, realm } = await openKeycloak(source);
    const admin = adminOf(realm);
    await requireSight(client, admin);
    return async ({ path, paged }) =>
      paged === true ? pages(client, `${admin}${path}`, z.array(z.looseObject({})), pageSize) : (await client.get(`${admin}${path}`))?.body;
  },
  client: readClient,
  people: findPeople,
};

/**
 * An account with query-users and query-groups alone is told of nobody and of nothing, with status 200 (tried on 26.4.7): every binding
 * would look like one of strangers.
 */
async function requireSight(client: DirectoryClient, admin: string): Promise<void> {
  const people = (await client.get(`${admin}/users?max=1`))?.body;
  if (!Array.isArray(people) || people.length === 0) {
    throw new UnreadableDirectoryError(
      "directory_rights",
      "Expected the account to see people of the realm, got none.\nFix: give it the client role view-users of realm-management; query-users and query-groups alone show nobody, and no group.",
    );
  }
}

/** The user's attributes by the claims that carry them, with Keycloak's own scopes. */
const attributes: Readonly<Record<string, "id" | "username" | "email">> = { sub: "id", preferred_username: "username", email: "email" };

async function findPeople(ask: AskManagement, claim: string, value: string): Promise<FoundPerson[] | undefined> {
  const attribute = attributes[claim];
  return attribute === undefined ? undefined : (await askUsers(ask, attribute, value)).map(({ id, username }) => ({ id, login: username }));
}

async function readClient(ask: AskManagement, wanted: WantedClient): Promise<FoundClient> {
  const { clientId, groupsClaim } = wanted;
  const client = await askClient(ask, clientId);
  if (client === undefined) {
    return { ...noClient, problems: [noSuchClient(wanted)] };
  }
  const scopes = await askScopes(ask);
  const around = await readSurroundings(ask, client, scopes, wanted);
  const { way, kept } = around;
  const roles = way === "granted" ? await askRoles(ask, client) : [];
  const staying = [...kept.defaultScopes, ...kept.optionalScopes];
  return {
    label: client.name ?? client.clientId,
    settings: settingsOf(around, wanted),
    redirectUris: redirectsOf(client),
    // Keycloak has no assignment: whoever may sign in today may afterwards.
    keepsAssignments: true,
    handsOutSecret: true,
    groups: (value) => groupsCarried(ask, { way, client, roles }, value),
    carries: () => groupsClaim !== "" && way !== undefined,
    resources: (holders) => Promise.resolve(resourcesOf(around, wanted, roles, holders)),
    remarks: remarksOf(around),
    byHand:
      staying.length === 0
        ? []
        : [
            `Client scopes ${staying.join(", ")}: once nothing asks for them any more (pods have rolled, people have the new kubeconfig), remove them from existingClients in the stack file; \`gatehouse drift\` names those that write groups until then.`,
          ],
    problems: problemsOf(around, wanted),
  };
}

const noClient: FoundClient = {
  ...{ label: "", settings: {}, redirectUris: [], keepsAssignments: true, remarks: [], problems: [] },
  groups: () => Promise.resolve([]),
  carries: () => false,
  resources: () => Promise.resolve([]),
};

function noSuchClient({ clientId, issuer }: WantedClient): Problem {
  return {
    path: ["client"],
    expected: `a client of the realm with the client id ${clientId}, which the platform uses`,
    received: "none",
    fix: `use an account of the server and the realm that ${issuer} names, with view-clients (query-clients alone shows none); with files, give the answer for that client`,
  };
}

async function readSurroundings(
  ask: AskManagement,
  client: Client,
  scopes: readonly ClientScope[],
  wanted: WantedClient,
): Promise<Surroundings> {
  const ownScopes = keycloakDefaultScopes({ serverVersion: scopes.some(({ name }) => name === "basic") ? "25" : "24" });
  const taking = new Set([
    ...(client.defaultClientScopes ?? []),
    ...(client.optionalClientScopes ?? []).filter((name) => isAsked(name, wanted)),
  ]);
  const writers = writersOf(
    wanted.groupsClaim || "groups",
    client,
    scopes.filter(({ name }) => taking.has(name)),
  );
  const flowId = client.authenticationFlowBindingOverrides?.["browser"] ?? "";
  const lifetime = Number(client.attributes?.["access.token.lifespan"] ?? "");
  return {
    client,
    writers,
    way: commonWay(writers, client),
    ...(flowId === "" ? {} : { flow: await askFlowAlias(ask, flowId) }),
    kept: keptScopes(client, scopes, wanted, ownScopes),
    ownScopes,
    tokenLifetime: lifetime > 0 ? lifetime : await askTokenLifetime(ask),
  };
}

function isAsked(scope: string, { scopes }: WantedClient): boolean {
  return scopes?.includes(scope) === true;
}

/** Ids as the provider imports them (terraform-provider-keycloak, docs/resources/openid_client.md, role.md, openid_group_membership_protocol_mapper.md). */
function resourcesOf(
  { client, writers, way }: Surroundings,
  wanted: WantedClient,
  roles: readonly Role[],
  { groups }: FoundHolders,
): ImportedResource[] {
  const component = `${wanted.platform}-app`;
  const { realm } = keycloakRealm(wanted.issuer);
  const mapper = importedMapper(writers)?.mapper;
  const mapperType =
    way === "granted"
      ? "keycloak:openid/userClientRoleProtocolMapper:UserClientRoleProtocolMapper"
      : "keycloak:openid/groupMembershipProtocolMapper:GroupMembershipProtocolMapper";
  return [
    { type: "gatehouse:index:KeycloakApplication", name: component },
    { type: "keycloak:openid/client:Client", name: component, id: `${realm}/${client.id}`, parent: component },
    ...Object.entries(groups).flatMap(([key, { existing }]) =>
      roles
        .filter(({ name }) => name === leafOf(existing))
        .map(({ id }) => ({ type: "keycloak:index/role:Role", name: `${component}-role-${key}`, id: `${realm}/${id}`, parent: component })),
    ),
    ...(mapper === undefined
      ? []
      : [{ type: mapperType, name: `${component}-groups-claim`, id: `${realm}/client/${client.id}/${mapper.id}`, parent: component }]),
  ];
}
