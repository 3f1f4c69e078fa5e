import { identityProviderFacts, identityProviderOf } from "../../identity-providers";
import { describeReceived, type Problem } from "../../text/problems";
import { groupName } from "../schema";
import type { WithIdentityProvider } from "./check";

/** Refused here rather than by the identity provider, in the middle of an update. */
export const groupLookUps: WithIdentityProvider = {
  name: "the identity provider finds each group by its name",
  asksIdentityProvider: true,
  find({ idp, groups }) {
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
    return [...own, ...lookUps];
  },
};
