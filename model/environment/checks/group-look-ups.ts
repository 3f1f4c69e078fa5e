import { namesGroupsByDisplayName } from "../../access/subjects";
import { identityProviderFacts, identityProviderOf } from "../../identity-providers";
import { guidPattern } from "../../text/guid";
import { describeReceived, type Problem } from "../../text/problems";
import { groupName, type Environment } from "../schema";
import type { WithIdentityProvider } from "./check";

/** Refused here rather than by the identity provider, in the middle of an update. */
export const groupLookUps: WithIdentityProvider = {
  name: "the identity provider finds each group by its name",
  asksIdentityProvider: true,
  find(environment) {
    const { idp, groups } = environment;
    const { title } = identityProviderFacts(idp).capabilities;
    const own = (identityProviderOf(idp).groupProblems?.(idp, groups) ?? []).map((problem) => ({
      ...problem,
      path: ["groups", ...problem.path],
    }));
    const lookUps = Object.entries(groups).flatMap(([key, group]): Problem[] => {
      const fault = identityProviderOf(idp).groupNameFault?.(groupName(group));
      return fault === undefined
        ? []
        : [
            {
              path: ["groups", key, group.existing === undefined ? "displayName" : "existing"],
              expected: `a name by which ${title} finds the group`,
              received: `${describeReceived(groupName(group), [])}, which ${fault}`,
              fix: "give the group another name",
            },
          ];
    });
    return [...own, ...lookUps, ...idsForNames(environment)];
  },
};

/** A platform that looks display names up would bind the id as if it were one. */
function idsForNames({ groups, platforms }: Environment): Problem[] {
  return Object.entries(platforms)
    .filter(([, spec]) => namesGroupsByDisplayName(spec))
    .flatMap(([name, { access }]) =>
      access.flatMap(({ group }, position): Problem[] =>
        group !== undefined && guidPattern.test(groups[group]?.existing ?? "")
          ? [
              {
                path: ["platforms", name, "access", position, "group"],
                expected: "a group that is written by its display name, which this platform binds",
                received: `${describeReceived(group, [])}, which is written by its object id`,
                fix: `write the display name under groups.${group}.existing`,
              },
            ]
          : [],
      ),
    );
}
