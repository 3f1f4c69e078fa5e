import type { ChecklistClient } from "../../../model";
import type { VendorPerson } from "../contract";
import type { ServiceAccount } from "./administration";

/** What the account that deploys may do: what docs/adding-an-identity-provider.md asks for, and no more. */
const deploys = ["manage-clients", "manage-users", "manage-realm"];

/** The realm's service accounts: the one that deploys, and the one of its owner, who gives rights to others. */
export interface RealmAccounts {
  readonly deploys: ServiceAccount;
  readonly owner: ServiceAccount;
}

/** The organisation's realm as it is before any stack: its people, their groups, and its two accounts. */
export function realmRepresentation(realm: string, people: readonly VendorPerson[], accounts: RealmAccounts): object {
  const all = [
    { account: accounts.deploys, name: "Deploys Gatehouse's stacks", roles: deploys },
    { account: accounts.owner, name: "Owns the realm", roles: ["realm-admin"] },
  ];
  return {
    realm,
    enabled: true,
    groups: groupTree(people.flatMap(({ existingGroups }) => existingGroups ?? [])),
    users: [
      ...people.map(({ login, firstName, lastName, password, existingGroups, left }) => ({
        username: login,
        email: login,
        emailVerified: true,
        enabled: left !== true,
        firstName,
        lastName,
        credentials: [{ type: "password", value: password, temporary: false }],
        groups: existingGroups ?? [],
      })),
      ...all.map(({ account, roles }) => ({
        username: `service-account-${account.clientId}`,
        enabled: true,
        serviceAccountClientId: account.clientId,
        clientRoles: { "realm-management": roles },
      })),
    ],
    clients: all.map(({ account, name }) => ({
      clientId: account.clientId,
      name,
      secret: account.clientSecret,
      publicClient: false,
      serviceAccountsEnabled: true,
      standardFlowEnabled: false,
      directAccessGrantsEnabled: false,
    })),
  };
}

/** A client that the realm's owner makes by hand, as `gatehouse checklist` says, with the admin console's defaults for the rest. */
export function clientByHand(clientId: string, wanted: ChecklistClient, secret: string): object {
  const isPublic = wanted.type === "public";
  return {
    clientId,
    name: `${wanted.title}, made by hand`,
    publicClient: isPublic,
    ...(isPublic ? {} : { secret, clientAuthenticatorType: "client-secret" }),
    standardFlowEnabled: true,
    directAccessGrantsEnabled: false,
    redirectUris: wanted.redirectUris,
    attributes: {
      "post.logout.redirect.uris": wanted.postLogoutRedirectUris.join("##"),
      ...(wanted.codeChallenge ? { "pkce.code.challenge.method": "S256" } : {}),
    },
    protocolMappers:
      wanted.groupsClaim === undefined
        ? []
        : [
            {
              name: "groups",
              protocol: "openid-connect",
              protocolMapper: "oidc-group-membership-mapper",
              // 'Full group path' is on where a person adds this mapper and changes nothing.
              config: { "claim.name": wanted.groupsClaim, "full.path": "true", "id.token.claim": "true", "userinfo.token.claim": "true" },
            },
          ],
  };
}

interface Group {
  readonly name: string;
  readonly subGroups: Group[];
}

/** Groups by their paths: `/security/auditors` is `auditors` in `security`. */
export function groupTree(paths: readonly string[]): Group[] {
  const top: Group[] = [];
  for (const path of paths) {
    let level = top;
    for (const name of path.split("/").filter((part) => part !== "")) {
      let group = level.find((candidate) => candidate.name === name);
      if (group === undefined) {
        group = { name, subGroups: [] };
        level.push(group);
      }
      level = group.subGroups;
    }
  }
  return top;
}
