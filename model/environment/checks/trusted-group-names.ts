import { namesGroupsByDisplayName } from "../../access/subjects";
import { claimValueOf, identityProviderFacts } from "../../identity-providers";
import { platformOf } from "../../platforms";
import { describeReceived, type Problem } from "../../text/problems";
import { isReservedGroupName, isTrustedName } from "../../text/trusted-names";
import { groupName } from "../schema";
import type { WithIdentityProvider } from "./check";

/** Where group names reach RBAC without a prefix, a name that is trusted already must not be anybody's to take. */
export const trustedGroupNames: WithIdentityProvider = {
  name: "no unprefixed group name is trusted already",
  asksIdentityProvider: true,
  find({ idp, groups, platforms }) {
    const facts = identityProviderFacts(idp);
    return Object.entries(platforms).flatMap(([name, spec]) => {
      const definition = platformOf(spec);
      const { authorises, title, ownGroups = [] } = definition.capabilities;
      if (authorises === "users-only" || definition.identity(spec, facts).groups.prefix !== "") {
        return [];
      }
      return spec.access.flatMap(({ group }, position): Problem[] => {
        if (group === undefined) {
          return [];
        }
        const displayName = groupName(groups[group] ?? {});
        const called = namesGroupsByDisplayName(spec) ? displayName : (claimValueOf(idp, group, displayName) ?? "");
        // A reserved name is refused where the group stands, for every platform.
        return isReservedGroupName(called) || !(isTrustedName(called) || ownGroups.includes(called))
          ? []
          : [
              {
                path: ["platforms", name, "access", position, "group"],
                expected: `a group whose name nothing trusts yet: ${title} hands names to RBAC without a prefix`,
                received: describeReceived(called, []),
                fix: "give the group another name at the identity provider",
              },
            ];
      });
    });
  },
};
