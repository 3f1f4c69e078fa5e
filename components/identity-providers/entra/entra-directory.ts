import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { compareText, guidPattern } from "../../../model";
import { lookupError, memberLookUp, type MemberLookUp } from "../lookup";
import { operationTimeouts } from "./timeouts";

/** A security group of the environment in Entra ID: exactly one of `displayName` and `existing`. */
export interface EntraGroupArgs {
  /** Name of a group that is created here. */
  displayName?: string;
  /** Exact name, or object id, of a security group that is there already. */
  existing?: string;
  /** What the group is for. */
  description?: string;
  /** Sign-in names (user principal names). When given, these people and nobody else are in the group. */
  members?: string[];
  /** Closed to all but Privileged Role Administrators and the owners (Entra ID P1); another value makes another group. @default false */
  assignableToRole?: boolean;
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
    const idsOf = memberLookUp((where, login) => findUser(where, login, { parent: this }));
    const ids = Object.entries(args.groups)
      .sort(([left], [right]) => compareText(left, right))
      .map(([key, group]) => [key, groupId(this, name, key, group, args.ownerIds, idsOf)] as const);
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
  idsOf: MemberLookUp,
): pulumi.Output<string> {
  if (args.existing !== undefined) {
    return pulumi.output(findGroup(key, args.existing, { parent }));
  }
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
      // Left out where it is not asked for: the provider replaces a group for another value.
      assignableToRole: args.assignableToRole === true ? true : undefined,
      // Left out, the provider leaves membership to others.
      members: args.members && idsOf(key, args.members),
    },
    { parent, customTimeouts: operationTimeouts },
  );
  return group.objectId;
}

async function findGroup(key: string, existing: string, opts: pulumi.InvokeOptions): Promise<string> {
  // An id is nobody else's; the provider refuses a name that several groups have, and one that none has.
  const wanted = guidPattern.test(existing) ? { objectId: existing } : { displayName: existing };
  const group = await azuread.getGroup({ ...wanted, securityEnabled: true }, opts).catch((error: unknown) => {
    const where = `gatehouse:groups.${key}.existing`;
    // "found multiple groups matching filter" and the like (terraform-provider-azuread, groupFindByName and group_data_source.go).
    if (/\b(multiple|more than one|several)\b/i.test(error instanceof Error ? error.message : "")) {
      throw new pulumi.RunError(
        `${where}: expected one security group named '${existing}' in Entra ID, got several. Fix: write the object id of the one that is meant ` +
          "(Entra ID, Groups, Overview), or give it a name of its own.",
      );
    }
    throw lookupError(where, `security group '${existing}'`, "Entra ID", error, "application permission Group.Read.All");
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
