import { identityProviderFacts, identityProviderOf, type DescribedPlatform } from "../../identity-providers";
import { platformOf } from "../../platforms";
import type { Problem } from "../../text/problems";
import { compatibility } from "../compatibility";
import type { WithIdentityProvider } from "./check";

export const compatibilityOfPairs: WithIdentityProvider = {
  name: "each platform works with the identity provider",
  asksIdentityProvider: true,
  find({ idp, platforms }) {
    const facts = identityProviderFacts(idp);
    const described = Object.fromEntries(
      Object.entries(platforms).map(([name, spec]): [string, DescribedPlatform] => {
        const definition = platformOf(spec);
        const { authorises, readsGroupObjects = false } = definition.capabilities;
        return [name, { requirements: definition.requirements(spec, facts), authorises, readsGroupObjects, access: spec.access }];
      }),
    );
    const own = identityProviderOf(idp).platformProblems?.(idp, described) ?? [];
    const pairs = Object.entries(platforms).flatMap(([name, spec]): Problem[] => {
      const definition = platformOf(spec);
      const fault = definition.identityProviderFault?.(spec, facts);
      return [
        ...compatibility(facts.capabilities, definition.capabilities).errors.map((reason) => ({
          path: ["platforms", name, "kind"],
          expected: `a platform that works with ${facts.capabilities.title}`,
          received: `${spec.kind}: ${reason}`,
        })),
        ...(fault === undefined ? [] : [{ ...fault, path: ["platforms", name, ...fault.path] }]),
      ];
    });
    return [...own, ...pairs];
  },
};
