import { identityProviderFacts } from "../../identity-providers";
import { platformOf } from "../../platforms";
import type { Problem } from "../../text/problems";
import type { WithIdentityProvider } from "./check";

/** Two platforms that need one namespace, release, host or file for themselves: Helm or the cluster would refuse it half-way through an update. */
export const exclusivePlaces: WithIdentityProvider = {
  name: "no two platforms need the same place for themselves",
  asksIdentityProvider: true,
  find({ idp, platforms }) {
    const facts = identityProviderFacts(idp);
    /** Who has what so far, by its name for people. */
    const holders = new Map<string, { readonly platform: string; readonly shared: boolean }>();
    return Object.entries(platforms).flatMap(([name, spec]) =>
      (platformOf(spec).occupies?.(spec, facts) ?? []).flatMap(({ path, what, shared = false }): Problem[] => {
        const earlier = holders.get(what);
        holders.set(what, { platform: name, shared });
        return earlier === undefined || earlier.platform === name || (earlier.shared && shared)
          ? []
          : [
              {
                path: ["platforms", name, ...path],
                expected: `something else than '${earlier.platform}' has in this stack`,
                received: `${what}, which cannot be that of two platforms`,
              },
            ];
      }),
    );
  },
};
