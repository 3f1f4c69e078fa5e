import { describeReceived, type Problem } from "../../text/problems";
import { groupName } from "../schema";
import type { WithoutIdentityProvider } from "./check";

/** Two keys for one group would be granted, and ended, apart from each other. */
export const groups: WithoutIdentityProvider = {
  name: "each group has one key",
  asksIdentityProvider: false,
  find({ groups: all }) {
    const seen = new Map<string, string>();
    return Object.entries(all).flatMap(([key, group]): Problem[] => {
      const name = groupName(group);
      const earlier = seen.get(name.toLowerCase());
      seen.set(name.toLowerCase(), key);
      return earlier === undefined
        ? []
        : [
            {
              path: ["groups", key],
              expected: `a name of its own; '${earlier}' is the same group`,
              received: describeReceived(name, []),
              fix: "use one key for it in all grants",
            },
          ];
    });
  },
};
