import { identityProviderFacts, identityProviderOf } from "../../identity-providers";
import { platformOf } from "../../platforms";
import { memberSchema } from "../../text/names";
import { describeReceived, type Problem } from "../../text/problems";
import type { WithIdentityProvider } from "./check";

/** Most identity providers know people by address; one that has user names takes those as well. */
export const memberNames: WithIdentityProvider = {
  name: "the identity provider knows each member by that name",
  asksIdentityProvider: true,
  find({ idp, groups }) {
    if (identityProviderOf(idp).memberNames === "user-names") {
      return [];
    }
    return Object.entries(groups).flatMap(([key, { members = [] }]) =>
      members.flatMap((member, position): Problem[] =>
        memberSchema.safeParse(member).success
          ? []
          : [
              {
                path: ["groups", key, "members", position],
                expected: "an e-mail address, the sign-in name of a person",
                received: describeReceived(member, []),
              },
            ],
      ),
    );
  },
};

/** Refused here rather than at the look-up, where nothing can be done about it. */
export const unseenMembers: WithIdentityProvider = {
  name: "who is in an existing group can be looked up where a platform needs it",
  asksIdentityProvider: true,
  find({ idp, platforms }) {
    if (identityProviderOf(idp).seesMembers !== false) {
      return [];
    }
    const { title } = identityProviderFacts(idp).capabilities;
    return Object.entries(platforms).flatMap(([name, spec]) =>
      (platformOf(spec).people?.(spec).snapshotGroups ?? []).map((key, position) => ({
        path: ["platforms", name, "snapshotGroups", position],
        expected: `groups whose members the stack lists: nobody can look up who is in a group of ${title}`,
        received: describeReceived(key, []),
        fix: "write displayName and members, so that the stack owns the membership",
      })),
    );
  },
};
