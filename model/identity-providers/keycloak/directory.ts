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
  type DirectoryPerson,
  type DirectorySource,
  type NewestSecret,
} from "../directory";
import { requestToken, tokenEndpoint } from "./administration";
import { adminOf, mayChange } from "./administrators";
import { clientNamed } from "./clients";
import { keycloakRealm } from "./issuer";
import { pages } from "./pages";

const personSchema = z.looseObject({
  id: z.string(),
  username: z.string(),
  email: z.string().nullish(),
  enabled: z.boolean().optional(),
});
type Person = z.infer<typeof personSchema>;
const groupSchema = z.looseObject({ id: z.string(), name: z.string(), path: z.string(), subGroupCount: z.int().optional() });
type Group = z.infer<typeof groupSchema>;
const realmSchema = z.looseObject({ browserFlow: z.string().nullish() });

/** Two page sizes: a page that goes missing does not go missing in both listings. */
const pageSizes = [100, 37] as const;

export const keycloakDirectory: DirectoryDefinition = {
  credentials:
    "KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET (KEYCLOAK_REALM where that client is in another realm) of a service account with the roles view-users, view-clients and view-realm of the realm-management client; from the realm master, of the clients master-realm and <realm>-realm",
  secretVariables: ["KEYCLOAK_CLIENT_SECRET"],
  async open(source) {
    const { client, realm } = await openKeycloak(source);
    return keycloakReader(client, realm, source.variable("KEYCLOAK_REALM") ?? realm);
  },
};

/** Keycloak's admin API with the account of the environment, and the realm that it reads. @throws UnreadableDirectoryError */
export async function openKeycloak(source: DirectorySource): Promise<{ readonly client: DirectoryClient; readonly realm: string }> {
  const { base, realm } = keycloakRealm(source.issuer);
  const token = await givenToken(source);
  const client = new DirectoryClient(source, base, { authorization: `Bearer ${token}` }, rightsFor);
  return { client, realm };
}

function rightsFor(path: string): string {
  const rights = [
    ["/roles-by-id/", "view-realm"],
    ["/roles/", "view-users and view-clients"],
    ["/client", "view-clients"],
    ["/group", "view-users"],
    ["/users", "view-users"],
  ] as const;
  const right = rights.find(([part]) => path.includes(part))?.[1] ?? "view-realm";
  return `the credentials need ${right}: ${keycloakDirectory.credentials}.`;
}

async function givenToken(source: DirectorySource): Promise<string> {
  if (["KEYCLOAK_CLIENT_ID", "KEYCLOAK_CLIENT_SECRET"].some((name) => (source.variable(name) ?? "") === "")) {
    throw new UnreadableDirectoryError(
      "directory_credentials",
      `Expected credentials for Keycloak's admin API, got none.\nFix: set ${keycloakDirectory.credentials}.`,
    );
  }
  const answer = await requestToken(source).catch(() => undefined);
  if (answer?.token === undefined) {
    const got = answer === undefined ? "no answer" : `status ${answer.status}`;
    throw new UnreadableDirectoryError(
      "directory_credentials",
      `Expected an access token for Keycloak's admin API from ${tokenEndpoint(source)}, got ${got}.\nFix: set ${keycloakDirectory.credentials}.`,
    );
  }
  return answer.token;
}

function keycloakReader(client: DirectoryClient, realm: string, realmOfCredentials: string): Directory {
  const admin = adminOf(realm);
  return {
    address: client.address,
    clock: () => client.clock(),
    members: ({ id }) => members(client, admin, id),
    async signIn(clientId) {
      const one = await clientNamed(client, admin, clientId);
      const { browserFlow } = shaped(realmSchema, found(await client.get(admin), "the realm"), "the realm");
      const own = one?.authenticationFlowBindingOverrides?.["browser"];
      return {
        facts: [
          {
            what: "sign-in flow",
            value: own === undefined ? `the realm's own: ${browserFlow ?? "not named"}` : `of the client's own: ${own}`,
          },
        ],
        secrets: [],
      };
    },
    newestSecret: (clientId) => newestSecret(client, admin, clientId),
    mayChange: () => mayChange(client, realm, realmOfCredentials),
  };
}

const secretSchema = z.looseObject({ value: z.string().nullish() });

async function newestSecret(client: DirectoryClient, admin: string, clientId: string): Promise<NewestSecret | undefined> {
  const one = await clientNamed(client, admin, clientId);
  const path = `${admin}/clients/${encodeURIComponent(one?.id ?? "")}/client-secret`;
  const { value } = one === undefined ? {} : shaped(secretSchema, found(await client.get(path), path), "a client secret");
  return value === undefined || value === null || value === "" ? undefined : secretBySha256(value);
}

/** People of the group and of its subgroups, who hold its roles too. Keycloak gives no count of a group: it is listed twice. */
async function members(client: DirectoryClient, admin: string, id: string): Promise<DirectoryMembers> {
  const root = shaped(groupSchema, found(await client.get(`${admin}/groups/${encodeURIComponent(id)}`), `group ${id}`), "a group");
  const [first, second] = [await below(client, admin, root, pageSizes[0]), await below(client, admin, root, pageSizes[1])];
  return {
    name: root.name,
    people: [...first.values()],
    others: [],
    listed: first.size,
    counted: new Set([...first.keys(), ...second.keys()]).size === first.size ? second.size : first.size + second.size,
    countedBy: `the same list once more, in pages of ${pageSizes[1]} instead of ${pageSizes[0]}: Keycloak gives no count of a group's people`,
    nesting: "Members of subgroups hold the roles of the group above; a claim of group paths names only the groups they are directly in.",
  };
}

async function below(client: DirectoryClient, admin: string, root: Group, pageSize: number): Promise<Map<string, DirectoryPerson>> {
  const people = new Map<string, DirectoryPerson>();
  const groups: { group: Group; through: string[] }[] = [{ group: root, through: [] }];
  for (let next = groups.shift(); next !== undefined; next = groups.shift()) {
    const { group, through } = next;
    const path = `${admin}/groups/${encodeURIComponent(group.id)}`;
    for (const person of await pages(client, `${path}/members`, z.array(personSchema), pageSize)) {
      if (!people.has(person.id)) {
        people.set(person.id, personOf(person, through));
      }
    }
    const children = await pages(client, `${path}/children`, z.array(groupSchema), pageSize);
    if (group.subGroupCount !== undefined && children.length !== group.subGroupCount) {
      throw new UnreadableDirectoryError(
        "directory_answer",
        `Expected ${group.subGroupCount} subgroups of ${group.path}, as Keycloak counts them, got ${children.length}.\nFix: try again, with credentials that may see every group.`,
      );
    }
    groups.push(...children.map((child) => ({ group: child, through: [...through, child.name] })));
  }
  return people;
}

function personOf({ id, username, email, enabled }: Person, through: readonly string[]): DirectoryPerson {
  return {
    login: username,
    id,
    active: enabled !== false,
    ...(through.length > 0 && { through }),
    claims: { sub: id, preferred_username: username, ...(email && { email }) },
  };
}
