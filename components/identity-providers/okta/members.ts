import * as okta from "@pulumi/okta";
import type * as pulumi from "@pulumi/pulumi";
import { compareText, type GroupSpec, type KnownPerson } from "../../../model";
import { lookupError } from "../lookup";
import { findGroup, findUser } from "./okta-directory";

/** Okta's statuses of people who cannot sign in any more (developer.okta.com, User Status). */
const gone = ["DEPROVISIONED", "SUSPENDED"];

/**
 * The members of a group with their Okta ids, which are the `sub` of their tokens: those that the stack lists, or else
 * those who are in the existing group now. Sorted by sign-in name.
 */
export async function oktaMembers(key: string, group: GroupSpec, options: pulumi.InvokeOptions = {}): Promise<KnownPerson[]> {
  const people =
    group.members === undefined
      ? await presentMembers(key, group.existing ?? "", options)
      : await listedMembers(key, group.members, options);
  return people.sort((left, right) => compareText(left.login, right.login));
}

function listedMembers(key: string, members: readonly string[], options: pulumi.InvokeOptions): Promise<KnownPerson[]> {
  return Promise.all(members.map(async (login) => ({ login, id: await findUser(`gatehouse:groups.${key}.members`, login, options) })));
}

async function presentMembers(key: string, existing: string, options: pulumi.InvokeOptions): Promise<KnownPerson[]> {
  const groupId = await findGroup(key, existing, options);
  // The provider leaves an empty list out, whatever its types say.
  const found: Partial<okta.user.GetUsersResult> = await okta.user.getUsers({ groupId }, options).catch((error: unknown) => {
    throw lookupError(`gatehouse:groups.${key}.existing`, `members of group '${existing}'`, "Okta", error);
  });
  const users = found.users ?? [];
  return users.filter((user) => !gone.includes(user.status)).map((user) => ({ login: user.login, id: user.id }));
}
