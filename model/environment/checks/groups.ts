import { isPlain } from "../../text/printable";
import { describeReceived, type Problem } from "../../text/problems";
import { groupName } from "../schema";
import type { WithoutIdentityProvider } from "./check";

/** Names by what people read: composed and decomposed letters, full-width forms and doubled blanks are the same to them. */
function looksOf(name: string): string {
  // What nobody sees in a name is refused as such, and once is enough.
  return isPlain(name) ? name.normalize("NFKC").replace(/ +/g, " ").toLowerCase() : name.toLowerCase();
}

/** Two keys for one group would be granted, and ended, apart from each other. */
export const groups: WithoutIdentityProvider = {
  name: "each group has one key",
  asksIdentityProvider: false,
  find({ groups: all }) {
    const seen = new Map<string, { readonly key: string; readonly name: string }>();
    return Object.entries(all).flatMap(([key, group]): Problem[] => {
      const name = groupName(group);
      const earlier = seen.get(looksOf(name));
      seen.set(looksOf(name), { key, name });
      if (earlier === undefined) {
        return [];
      }
      const same = earlier.name.toLowerCase() === name.toLowerCase();
      return [
        {
          path: ["groups", key],
          expected: same
            ? `a name of its own; '${earlier.key}' is the same group`
            : `a name that people can tell from that of '${earlier.key}': both are read alike`,
          received: describeReceived(name, []),
          fix: same ? "use one key for it in all grants" : "rename one of the groups",
        },
      ];
    });
  },
};
