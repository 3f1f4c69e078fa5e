import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { compareText } from "../../../model";
import { lookupError } from "../lookup";
import { operationTimeouts } from "./timeouts";

/** A security group of the environment in Entra ID: exactly one of `displayName` and `existing`. */
export interface EntraGroupArgs {
  /** Name of a group that is created here. */
  displayName?: string;
  /** Exact name of a security group that is there already. */
  existing?: string;
  /** What the group is for. */
  description?: string;
  /** Sign-in names (user principal names). When given, these people and nobody else are in the group. */
  members?: string[];
}

export interface EntraDirectoryArgs {
  /** Groups by key. The key is the resource's identity; the name may change. */
  groups: Record<string, EntraGroupArgs>;
  /** Object ids of the owners of created groups. */
  ownerIds: pulumi.Input<string[]>;
}

/** The security groups of an environment in Entra ID, with their members where the stack lists them. */
export class EntraDirectory extends pulumi.ComponentResource {
  /** Object ids of the groups, by key: what tokens carry and bindings name. */
  public readonly groupIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: EntraDirectoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:EntraDirectory", name, {}, opts);
    const people = new Map<string, Promise<string>>();
    const ids = Object.entries(args.groups)
      .sort(([left], [right]) => compareText(left, right))
      .map(([key, group]) => [key, groupId(this, name, key, group, args.ownerIds, people)] as const);
    this.groupIds = pulumi.output(Object.fromEntries(ids));
    this.registerOutputs({ groupIds: this.groupIds });
  }
}

function groupId(
  parent: pulumi.Resource,
  name: string,
  key: string,
  args: EntraGroupArgs,
  ownerIds: pulumi.Input<string[]>,
  people: Map<string, Promise<string>>,
): pulumi.Output<string> {
  if (args.existing !== undefined) {
    return pulumi.output(findGroup(key, args.existing, { parent }));
  }
  const members =
    args.members &&
    [...args.members].sort(compareText).map((member) => {
      // One look-up a person, however many groups name them.
      const found = people.get(member) ?? findUser(`gatehouse:groups.${key}.members`, member, { parent });
      people.set(member, found);
      return found;
    });
  const group = new azuread.Group(
    `${name}-${key}`,
    {
      displayName: args.displayName ?? key,
      description: args.description,
      securityEnabled: true,
      mailEnabled: false,
      // A second group of the same name would look the same to everybody who assigns people to it.
      preventDuplicateNames: true,
      owners: ownerIds,
      // Left out, the provider leaves membership to others.
      members,
    },
    { parent, customTimeouts: operationTimeouts },
  );
  return group.objectId;
}

async function findGroup(key: string, displayName: string, opts: pulumi.InvokeOptions): Promise<string> {
  // The provider refuses a name that several groups have, and one that none has.
  const group = await azuread.getGroup({ displayName, securityEnabled: true }, opts).catch((error: unknown) => {
    throw lookupError(
      `gatehouse:groups.${key}.existing`,
      `security group '${displayName}'`,
      "Entra ID",
      error,
      "application permission Group.Read.All",
    );
  });
  return group.objectId;
}

/** Object id of a person by sign-in name; `where` is the path in the stack file that names them. */
export async function findUser(where: string, userPrincipalName: string, opts: pulumi.InvokeOptions): Promise<string> {
  const user = await azuread.getUser({ userPrincipalName }, opts).catch((error: unknown) => {
    throw lookupError(where, `person '${userPrincipalName}'`, "Entra ID", error, "application permission User.Read.All");
  });
  return user.objectId;
}
