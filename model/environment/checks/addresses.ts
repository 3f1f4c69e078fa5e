import { identityProviderFacts } from "../../identity-providers";
import { platformOf } from "../../platforms";
import type { Problem } from "../../text/problems";
import type { WithIdentityProvider } from "./check";

/** A redirect that two clients share would hand one platform the codes of the other. */
export const addresses: WithIdentityProvider = {
  name: "each platform has addresses of its own",
  asksIdentityProvider: true,
  find({ idp, platforms }) {
    const facts = identityProviderFacts(idp);
    const holders = new Map<string, string>();
    return Object.entries(platforms).flatMap(([name, spec]) => {
      const { clientAuthentication, redirectUris } = platformOf(spec).requirements(spec, facts);
      // A public client waits on the person's own machine, where several may take turns at one port: there the address opened counts.
      const callbacks = clientAuthentication === "none" ? [] : redirectUris.map((uri) => ["redirect URI", uri] as const);
      return [...callbacks, ["address", platformOf(spec).url(spec)] as const].flatMap(([what, uri]): Problem[] => {
        const earlier = holders.get(uri);
        holders.set(uri, name);
        return earlier === undefined
          ? []
          : [{ path: ["platforms", name], expected: "an address of its own", received: `the ${what} of '${earlier}', ${uri}` }];
      });
    });
  },
};
