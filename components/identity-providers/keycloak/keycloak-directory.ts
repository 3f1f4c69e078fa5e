import * as keycloak from "@pulumi/keycloak";
import * as pulumi from "@pulumi/pulumi";
import { compareText } from "../../../model";
import { lookupError } from "../lookup";

/** A group of the environment in Keycloak: exactly one of `displayName` and `existing`. */
export interface KeycloakGroupArgs {
  /** Name of a top-level group that is created here. */
  displayName?: string;
  /** Path of a group that is there already, `/platform/operators`. */
  existing?: string;
  description?: string;
  /** User names in lower case. When given, these people and nobody else are in the group. */
  members?: string[];
}

export interface KeycloakDirectoryArgs {
  /** Name of the realm, which is there already. */
  realm: string;
  /** Groups by key. The key is the resource's identity; the name may change. */
  groups: Record<string, KeycloakGroupArgs>;
}

/** The groups of an environment in a realm of Keycloak, and their members where the stack lists them. */
export class KeycloakDirectory extends pulumi.ComponentResource {
  /** Ids of the groups, by key. */
  public readonly groupIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: KeycloakDirectoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:KeycloakDirectory", name, {}, opts);
    const ids = Object.entries(args.groups)
      .sort(([left], [right]) => compareText(left, right))
      .map(([key, group]) => [key, groupId(this, name, key, args.realm, group)] as const);
    this.groupIds = pulumi.output(Object.fromEntries(ids));
    this.registerOutputs({ groupIds: this.groupIds });
  }
}

function groupId(parent: pulumi.Resource, name: string, key: string, realm: string, args: KeycloakGroupArgs): pulumi.Output<string> {
  if (args.existing !== undefined) {
    return pulumi.output(findGroup(realm, key, args.existing, { parent }));
  }
  const group = new keycloak.Group(
    `${name}-${key}`,
    { realmId: realm, name: args.displayName, description: args.description },
    // Bindings of the platforms name it as long as it is there.
    { parent },
  );
  if (args.members !== undefined) {
    const members = [...args.members].sort(compareText);
    new keycloak.GroupMemberships(`${name}-${key}-members`, { realmId: realm, groupId: group.id, members }, { parent });
  }
  return group.id;
}

/** By its path: a look-up by name takes the first match in a walk through all subgroups. */
async function findGroup(realm: string, key: string, path: string, opts: pulumi.InvokeOptions): Promise<string> {
  const found = await keycloak.getGroup({ realmId: realm, groupPath: path }, opts).catch((error: unknown) => {
    throw lookupError(
      `gatehouse:groups.${key}.existing`,
      `group '${path}'`,
      "Keycloak",
      error,
      "the role manage-users of realm-management",
    );
  });
  return found.id;
}

/**
 * The id of a person, which is the `sub` of their tokens for every client.
 * @param where path in the stack file
 */
export async function findPerson(realm: string, where: string, name: string, opts: pulumi.InvokeOptions): Promise<string> {
  const found = await keycloak.getUser({ realmId: realm, username: name }, opts).catch((error: unknown) => {
    throw lookupError(where, `person '${name}'`, "Keycloak", error, "the role manage-users of realm-management");
  });
  return found.id;
}
