import { identityProviderFacts, identityProviderOf } from "../../identity-providers";
import { platformOf } from "../../platforms";
import { describeReceived, type Problem } from "../../text/problems";
import type { WithIdentityProvider } from "./check";

/** Refused here rather than by the identity provider, in the middle of an update. */
export const redirects: WithIdentityProvider = {
  name: "the identity provider takes each platform's client and redirect URIs",
  asksIdentityProvider: true,
  find({ idp, platforms }) {
    const facts = identityProviderFacts(idp);
    const { redirectFault, publicClientFault } = identityProviderOf(idp);
    return Object.entries(platforms).flatMap(([name, spec]): Problem[] => {
      const { clientAuthentication, redirectUris } = platformOf(spec).requirements(spec, facts);
      const publicClient = clientAuthentication === "none";
      const refusal = publicClient ? publicClientFault?.(idp) : undefined;
      return [
        ...(refusal === undefined
          ? []
          : [{ ...refusal, path: ["platforms", name, "kind"], received: `${spec.kind}, whose client keeps no secret` }]),
        ...redirectUris.flatMap((uri) => {
          const fault = redirectFault?.(uri, publicClient);
          return fault === undefined
            ? []
            : [
                {
                  path: ["platforms", name],
                  expected: `a redirect URI that ${facts.capabilities.title} takes`,
                  received: `${describeReceived(uri, [])}, which ${fault}`,
                },
              ];
        }),
      ];
    });
  },
};
