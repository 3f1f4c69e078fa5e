import { identityProviderFacts, identityProviderOf } from "../../identity-providers";
import { platformOf } from "../../platforms";
import { describeReceived, type Problem } from "../../text/problems";
import type { WithIdentityProvider } from "./check";

/** A claim that no token carries names nobody: each sign-in would fail, and the first of them says so. */
export const claims: WithIdentityProvider = {
  name: "each claim that a platform reads can be in a token",
  asksIdentityProvider: true,
  find({ idp, platforms }) {
    const known = identityProviderOf(idp).personClaims?.(idp);
    if (known === undefined) {
      return [];
    }
    const { title } = identityProviderFacts(idp).capabilities;
    return Object.entries(platforms).flatMap(([name, spec]) =>
      (platformOf(spec).claims?.(spec) ?? []).flatMap(({ path, claim }): Problem[] =>
        known.includes(claim)
          ? []
          : [
              {
                path: ["platforms", name, ...path],
                expected: `a claim of ${title}'s tokens, in its very spelling: ${known.join(", ")}`,
                received: describeReceived(claim, []),
                fix: "leave it out for the stable one",
              },
            ],
      ),
    );
  },
};
