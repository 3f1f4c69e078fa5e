import { identityProviderFacts } from "../../identity-providers";
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
      const named = facts.capabilities.claimValue === "name" || definition.groupNames?.(spec) === "display-names";
      if (authorises === "users-only" || !named || definition.identity(spec, facts).groups.prefix !== "") {
        return [];
      }
      return spec.access.flatMap(({ group }, position): Problem[] => {
        const called = groupName(groups[group] ?? {});
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
