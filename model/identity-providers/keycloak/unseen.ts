import { compareText } from "../../text/stable-order";
import type { DeclaredClient, UnseenChange, UnseenReader, UnseenSource } from "../unseen";
import { requestToken, tokenEndpoint } from "./administration";
import { keycloakRealm } from "./issuer";
import { mappingOf } from "../../text/mapping";

type Json = Readonly<Record<string, unknown>>;

/** Keycloak's admin API, below the realm. */
interface Api {
  readonly realm: string;
  get(path: string): Promise<unknown>;
}

const rights = "view-clients and, with signIn: granted, view-identity-providers of realm-management";

export const keycloakUnseen: UnseenReader = {
  what: "mappers, roles and signing settings that somebody gave a client of Keycloak",
  beyond: ["roles of the realm, or of other clients, that contain a role of the stack's clients"],
  credentials: `KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET of a service account with the client roles ${rights} (KEYCLOAK_REALM where that account is in another realm)`,
  given: (variable) => [variable("KEYCLOAK_CLIENT_ID"), variable("KEYCLOAK_CLIENT_SECRET")].every((value) => (value ?? "") !== ""),
  async read(source, clients) {
    const api = await signIn(source);
    const found: UnseenChange[] = [];
    for (const client of clients) {
      found.push(...(await clientChanges(api, client)));
    }
    return found;
  },
};

async function signIn(source: UnseenSource): Promise<Api> {
  const { base, realm } = keycloakRealm(source.issuer);
  const { status, token } = await requestToken(source);
  if (token === undefined) {
    throw new Error(
      `expected a token for the account in KEYCLOAK_CLIENT_ID from ${tokenEndpoint(source)}, got status ${status}. Fix: set ${keycloakUnseen.credentials}.`,
    );
  }
  const known = new Map<string, Promise<unknown>>();
  const ask = async (path: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}` };
    const reply = await source.fetch(`${base}/admin/realms/${encodeURIComponent(realm)}/${path}`, { headers });
    if (reply.status !== 200) {
      const right = path.startsWith("identity-provider") ? "view-identity-providers" : "view-clients";
      const remedy = reply.status === 403 ? ` Fix: give the account the client role ${right} of realm-management.` : "";
      throw new Error(`expected Keycloak's admin API to show ${path.split("?")[0] ?? path}, got status ${reply.status}.${remedy}`);
    }
    return JSON.parse(await reply.text()) as unknown;
  };
  return {
    realm,
    // Clients share their scopes, and the realm its identity providers.
    get(path) {
      const answer = known.get(path) ?? ask(path);
      known.set(path, answer);
      return answer;
    },
  };
}

async function clientChanges(api: Api, client: DeclaredClient): Promise<UnseenChange[]> {
  const found = await clientCalled(api, client.clientId);
  if (found === undefined) {
    // A refresh says that it is gone.
    return [];
  }
  const id = text(found["id"]);
  const access = await clientCalled(api, `${client.clientId}-access`);
  const ofRoles = objects(found["protocolMappers"]).some(
    (mapper) => isOwnMapper(mapper, client) && mapper["protocolMapper"] === roleMapper,
  );
  return [
    ...mapperChanges(api.realm, client, id, objects(found["protocolMappers"])),
    ...(await scopeChanges(api, client, id)),
    ...attributeChanges(api.realm, client, id, mappingOf(found["attributes"])),
    ...(ofRoles
      ? await roleChanges(api, client.clientId, id, (role) => client.groups.filter(({ claimValue }) => claimValue === role), [])
      : []),
    ...(access === undefined
      ? []
      : [
          ...(await roleChanges(api, `${client.clientId}-access`, text(access["id"]), () => client.groups, client.people)),
          ...(await brokerChanges(api, client)),
        ]),
  ];
}

/** The look-up takes a part of the name for a match on some versions, so the name is compared here. */
async function clientCalled(api: Api, clientId: string): Promise<Json | undefined> {
  return objects(await api.get(`clients?clientId=${encodeURIComponent(clientId)}`)).find((one) => one["clientId"] === clientId);
}

const roleMapper = "oidc-usermodel-client-role-mapper";
const ownMappers = [roleMapper, "oidc-group-membership-mapper"];

function isOwnMapper(mapper: Json, { groupsClaim }: DeclaredClient): boolean {
  return (
    groupsClaim !== "" &&
    mapper["name"] === "groups" &&
    ownMappers.includes(text(mapper["protocolMapper"])) &&
    mappingOf(mapper["config"])["claim.name"] === groupsClaim
  );
}

/** The claims that decide who somebody is, and what they may do. */
const weighty = ["iss", "sub", "aud", "azp", "typ", "acr"];

function writes(mapper: Json, { groupsClaim, usernameClaim }: DeclaredClient): string | undefined {
  const claim = text(mappingOf(mapper["config"])["claim.name"]);
  return claim !== "" && [groupsClaim, usernameClaim, ...weighty].includes(claim) ? claim : undefined;
}

function mapperChanges(realm: string, client: DeclaredClient, id: string, mappers: readonly Json[]): UnseenChange[] {
  return mappers
    .filter((mapper) => !isOwnMapper(mapper, client))
    .map((mapper) => {
      const claim = writes(mapper, client);
      const [name, type] = [text(mapper["name"]), text(mapper["protocolMapper"])];
      return {
        what: `mapper '${name}' of client ${client.clientId}`,
        detail:
          claim === undefined
            ? `somebody added it (${type}); the stack does not declare it`
            : `somebody added it (${type}), and it writes the claim '${claim}', over what the stack's own mapper says`,
        fix: `delete it: in the admin console below Clients, ${client.clientId}, Client scopes, ${client.clientId}-dedicated; or \`kcadm.sh delete clients/${id}/protocol-mappers/models/${text(mapper["id"])} -r ${realm}\`. An update leaves it alone.`,
      };
    });
}

/** Scopes are shared by clients, so only what touches the groups of ours counts, and values that are the same for everybody. */
async function scopeChanges(api: Api, client: DeclaredClient, id: string): Promise<UnseenChange[]> {
  const attached = [
    ...objects(await api.get(`clients/${id}/default-client-scopes`)),
    ...objects(await api.get(`clients/${id}/optional-client-scopes`)),
  ];
  const found: UnseenChange[] = [];
  for (const scope of attached) {
    const [scopeId, name] = [text(scope["id"]), text(scope["name"])];
    for (const mapper of objects(await api.get(`client-scopes/${scopeId}/protocol-mappers/models`))) {
      const claim = writes(mapper, client);
      if (claim !== undefined && (claim === client.groupsClaim || mapper["protocolMapper"] === "oidc-hardcoded-claim-mapper")) {
        found.push({
          what: `mapper '${text(mapper["name"])}' of client scope ${name}`,
          detail: `it writes the claim '${claim}' into tokens of ${client.clientId}, which has the scope`,
          fix: `delete it, or give it another claim: \`kcadm.sh delete client-scopes/${scopeId}/protocol-mappers/models/${text(mapper["id"])} -r ${api.realm}\`; other clients may rely on it. An update leaves it alone.`,
        });
      }
    }
  }
  return found;
}

/** Settings that the stack leaves at Keycloak's default, and with which no platform could read a token. */
const attributes: readonly { readonly name: string; readonly ok: readonly string[]; readonly means: string }[] = [
  { name: "id.token.signed.response.alg", ok: ["", "RS256"], means: "how ID tokens are signed; platforms take RS256" },
  { name: "id.token.encrypted.response.alg", ok: [""], means: "ID tokens are encrypted, and no platform can read them" },
  { name: "user.info.response.signature.alg", ok: ["", "unsigned"], means: "userinfo is signed instead of JSON" },
  { name: "client.use.lightweight.access.token.enabled", ok: ["", "false"], means: "access tokens carry no sub" },
];

function attributeChanges(realm: string, { clientId }: DeclaredClient, id: string, found: Json): UnseenChange[] {
  return attributes
    .filter(({ name, ok }) => !ok.includes(text(found[name])))
    .map(({ name, ok, means }) => ({
      what: `setting ${name} of client ${clientId}`,
      detail: `expected ${ok.at(-1) || "none"}, got ${text(found[name])}: ${means}`,
      fix: `take it back in the admin console below Clients, ${clientId}, Advanced; or \`kcadm.sh update clients/${id} -r ${realm} -s 'attributes."${name}"=${ok.at(-1) ?? ""}'\`. An update leaves it alone.`,
    }));
}

/** Whoever holds a role of a client, against whom the stack gave it to. */
async function roleChanges(
  api: Api,
  clientId: string,
  id: string,
  expected: (role: string) => readonly { readonly id: string; readonly displayName: string }[],
  people: readonly string[],
): Promise<UnseenChange[]> {
  const found: UnseenChange[] = [];
  for (const role of objects(await api.get(`clients/${id}/roles`))) {
    const name = text(role["name"]);
    const [declared, what] = [expected(name), `role '${name}' of client ${clientId}`];
    const remove = (holder: string): string =>
      `take it away: \`kcadm.sh remove-roles -r ${api.realm} ${holder} --cclientid ${clientId} --rolename '${name}'\`. An update leaves it alone. If it is wanted, write a grant.`;
    if (declared.length === 0) {
      found.push({
        what,
        detail: "somebody added it: who holds it carries its name as a group",
        fix: `delete it: \`kcadm.sh delete roles-by-id/${text(role["id"])} -r ${api.realm}\`. An update leaves it alone.`,
      });
      continue;
    }
    const path = `clients/${id}/roles/${encodeURIComponent(name)}`;
    for (const group of await pages(api, `${path}/groups`)) {
      if (!declared.some((one) => one.id === group["id"])) {
        found.push({
          what,
          detail: `somebody gave it to the group ${text(group["path"]) || text(group["name"])}: its members hold what '${name}' holds`,
          fix: remove(`--gid ${text(group["id"])}`),
        });
      }
    }
    for (const user of await pages(api, `${path}/users`)) {
      if (!people.includes(text(user["id"]))) {
        found.push({
          what,
          detail: `somebody gave it to ${text(user["username"])} alone, beside the groups`,
          fix: remove(`--uusername ${text(user["username"])}`),
        });
      }
    }
  }
  return found;
}

/** A sign-in through another identity provider never reaches the client's own flow (keycloak/keycloak#10250). */
async function brokerChanges(api: Api, { clientId }: DeclaredClient): Promise<UnseenChange[]> {
  return objects(await api.get("identity-provider/instances"))
    .filter((provider) => provider["enabled"] !== false && text(provider["postBrokerLoginFlowAlias"]) === "")
    .map((provider) => ({
      what: `identity provider '${text(provider["alias"])}' of the realm`,
      detail: `it has no post login flow: who signs in through it passes the sign-in flow of ${clientId} without a grant (keycloak/keycloak#10250)`,
      fix: "give it one that denies whoever lacks the role; `gatehouse checklist` says of which steps.",
    }));
}

async function pages(api: Api, path: string): Promise<Json[]> {
  const size = 100;
  const all: Json[] = [];
  for (let page = size; page === size;) {
    const more = objects(await api.get(`${path}?first=${all.length}&max=${size}`));
    all.push(...more);
    page = more.length;
  }
  return all;
}

/** Keycloak lists in no order of its own. */
function objects(value: unknown): Json[] {
  const all = Array.isArray(value) ? value.map(mappingOf) : [];
  return all.sort((left, right) => compareText(text(left["name"] ?? left["username"]), text(right["name"] ?? right["username"])));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
