import { groupSubject } from "../../access/subjects";
import { claimValueOf, identityProviderFacts } from "../../identity-providers";
import { platformOf } from "../../platforms";
import { describeReceived, type Problem } from "../../text/problems";
import { groupName } from "../schema";
import type { WithIdentityProvider } from "./check";

/**
 * RBAC is one for the whole cluster: two groups that reach it under one name hold each other's rights. So do all whose names can be
 * completed to it, where one platform's prefix begins with another's.
 */
export const distinctSubjects: WithIdentityProvider = {
  name: "no two groups become one subject",
  asksIdentityProvider: true,
  find({ idp, groups, platforms }) {
    const facts = identityProviderFacts(idp);
    const holders = new Map<string, { readonly key: string; readonly platform: string }>();
    const prefixes: { readonly prefix: string; readonly platform: string }[] = [];
    return Object.entries(platforms).flatMap(([name, spec]): Problem[] => {
      const definition = platformOf(spec);
      if (definition.capabilities.authorises === "users-only") {
        return [];
      }
      const rule = definition.identity(spec, facts).groups;
      const nested = prefixes.find(({ prefix }) => prefix !== rule.prefix && isNested(prefix, rule.prefix));
      prefixes.push({ prefix: rule.prefix, platform: name });
      const problems: Problem[] =
        nested === undefined
          ? []
          : [
              {
                path: ["platforms", name, "prefix"],
                expected: `a prefix that does not begin with that of '${nested.platform}' (${describeReceived(nested.prefix, [])}), nor the other way round`,
                received: describeReceived(rule.prefix, []),
                fix: "give both platforms the same prefix, or two that differ before their ends",
              },
            ];
      return [
        ...problems,
        ...spec.access.flatMap(({ group: key }, position): Problem[] => {
          if (key === undefined) {
            // A person's name is of another kind: no group becomes it.
            return [];
          }
          const displayName = groupName(groups[key] ?? {});
          const claimValue = claimValueOf(idp, key, displayName);
          // What only the vendor knows is an id, and ids are nobody's to choose.
          const subject = groupSubject(spec, rule, { displayName, claimValue: claimValue ?? `(id of ${key})` });
          const earlier = holders.get(subject);
          holders.set(subject, earlier ?? { key, platform: name });
          return earlier === undefined || earlier.key === key
            ? []
            : [
                {
                  path: ["platforms", name, "access", position, "group"],
                  expected: `a group with a name of its own in RBAC; '${earlier.key}' on '${earlier.platform}' is ${describeReceived(subject, [])} already`,
                  received: describeReceived(key, []),
                  fix: "rename one of the groups, or give the platforms other prefixes",
                },
              ];
        }),
      ];
    });
  },
};

/** An empty prefix is in every other one; platforms that cannot have one say so among their risks. */
function isNested(one: string, other: string): boolean {
  return one !== "" && other !== "" && (one.startsWith(other) || other.startsWith(one));
}
