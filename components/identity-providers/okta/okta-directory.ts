import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import { compareText, oktaGroupsFilter } from "../../../model";
import { lookupError, memberLookUp, type MemberLookUp } from "../lookup";

/** A group of the environment in Okta: exactly one of `displayName` and `existing`. */
export interface OktaGroupArgs {
  /** Name of a group that is created here. */
  displayName?: string;
  /** Exact name of a group that is there already. */
  existing?: string;
  /** Shown in Okta's admin console. */
  description?: string;
  /** Sign-in names. When given, these people and nobody else are in the group. */
  members?: string[];
}

export interface OktaDirectoryArgs {
  /** Groups by key. The key is the resource's identity; the name may change. */
  groups: Record<string, OktaGroupArgs>;
  /** Id of the custom authorization server that issues the tokens; left out for the organisation's own server. */
  authorizationServerId?: string;
  /** Name of the groups claim on a custom server. @default "groups" */
  groupsClaim?: string;
  /** Keys of the groups that hold a grant anywhere; they bound the claim of a custom server. */
  grantedGroups: string[];
  /** Keys of the groups that tokens must carry: those of platforms that read groups. @default the granted ones */
  claimedGroups?: string[];
}

/** The groups of an environment in Okta, their members where the stack lists them, and the groups claim of a custom server. */
export class OktaDirectory extends pulumi.ComponentResource {
  /** Object ids of the groups, by key. */
  public readonly groupIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: OktaDirectoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:OktaDirectory", name, {}, opts);
    const idsOf = memberLookUp((where, login) => findUser(where, login, { parent: this }));
    const ids = Object.entries(args.groups)
      .sort(([left], [right]) => compareText(left, right))
      .map(
        ([key, group]) => [key, groupId(this, name, key, group, (args.claimedGroups ?? args.grantedGroups).includes(key), idsOf)] as const,
      );
    createServerClaim(this, name, args);
    this.groupIds = pulumi.output(Object.fromEntries(ids));
    this.registerOutputs({ groupIds: this.groupIds });
  }
}

function groupId(
  parent: pulumi.Resource,
  name: string,
  key: string,
  args: OktaGroupArgs,
  claimed: boolean,
  idsOf: MemberLookUp,
): pulumi.Output<string> {
  if (args.existing !== undefined) {
    return pulumi.output(findGroup(key, args.existing, { parent }, claimed));
  }
  const group = new okta.group.Group(`${name}-${key}`, { name: args.displayName, description: args.description }, { parent });
  if (args.members !== undefined) {
    const users = idsOf(key, args.members);
    // Without trackAllUsers the provider never sees people whom others put into the group (terraform-provider-okta resource_okta_group_memberships.go).
    new okta.GroupMemberships(`${name}-${key}-members`, { groupId: group.id, users, trackAllUsers: true }, { parent });
  }
  return group.id;
}

function createServerClaim(parent: pulumi.Resource, name: string, args: OktaDirectoryArgs): void {
  const granted = args.grantedGroups
    .map((key) => args.groups[key]?.existing ?? args.groups[key]?.displayName ?? "")
    .filter((group) => group !== "");
  if (args.authorizationServerId === undefined || granted.length === 0) {
    return;
  }
  new okta.auth.ServerClaim(
    `${name}-groups-claim`,
    {
      authServerId: args.authorizationServerId,
      name: args.groupsClaim ?? "groups",
      claimType: "IDENTITY",
      valueType: "GROUPS",
      groupFilterType: "REGEX",
      value: oktaGroupsFilter(granted),
      // A custom server has no `groups` scope of its own, so the claim goes into every ID token.
      alwaysIncludeInToken: true,
      status: "ACTIVE",
    },
    // The provider plans an update for another server, whose PUT names a claim that this server does not have
    // (terraform-provider-okta resource_okta_auth_server_claim.go: auth_server_id without ForceNew).
    { parent, replaceOnChanges: ["authServerId"] },
  );
}

/**
 * The id of the one group of exactly this name. Okta's own look-up by name matches beginnings, so the name is compared here.
 * @param claimed whether tokens must carry it. A groups claim of the type FILTER, which the provider makes on both kinds of server, carries
 * groups that Okta masters and no others (developer.okta.com/docs/guides/customize-tokens-groups-claim, "Okta groups"; types of the
 * groups API: OKTA_GROUP, APP_GROUP, BUILT_IN).
 */
export async function findGroup(key: string, groupName: string, opts: pulumi.InvokeOptions, claimed = false): Promise<string> {
  const where = `gatehouse:groups.${key}.existing`;
  const found = await okta.getGroups({ search: `profile.name eq "${escapeSearch(groupName)}"` }, opts).catch((error: unknown) => {
    throw lookupError(where, `group '${groupName}'`, "Okta", error);
  });
  const named = found.groups.filter((group) => group.name === groupName);
  const own = named.filter(({ type }) => type !== "APP_GROUP");
  // A directory may have a group of the same name as one of Okta's own, which is the one that a claim carries.
  const same = own.length > 0 ? own : named;
  const [only] = same;
  if (only === undefined || same.length > 1) {
    throw new pulumi.RunError(
      `${where}: expected one Okta group named exactly '${groupName}', got ${same.length}. ` +
        "Fix: correct the name (case counts), or write displayName instead to have the group created.",
    );
  }
  if (claimed && own.length === 0) {
    throw new pulumi.RunError(
      `${where}: expected a group that Okta itself masters, got '${groupName}', which a directory or an app masters (APP_GROUP). ` +
        "A groups claim that filters by name never carries such a group: people would sign in without it. " +
        "Fix: make an Okta group, fill it by a group rule from this one, and name that.",
    );
  }
  return only.id;
}

/**
 * The id of a person, which is the `sub` of their tokens.
 * @param where path in the stack file
 */
export async function findUser(where: string, login: string, opts: pulumi.InvokeOptions): Promise<string> {
  const user = await okta.user
    .getUser({ searches: [{ name: "profile.login", value: login, comparison: "eq" }], skipGroups: true, skipRoles: true }, opts)
    .catch((error: unknown) => {
      throw lookupError(where, `person '${login}'`, "Okta", error);
    });
  return user.id;
}

function escapeSearch(text: string): string {
  return text.replace(/["\\]/g, "\\$&");
}
