import { identityProviderOf } from "../../identity-providers";
import type { WithIdentityProvider } from "./check";
import { unknownGroup } from "./unknown-group";

export const referencedGroups: WithIdentityProvider = {
  name: "the identity provider's settings name groups of the environment",
  asksIdentityProvider: true,
  find: ({ idp, groups }) =>
    identityProviderOf(idp)
      .referencedGroups(idp)
      .flatMap(({ path, key }) => unknownGroup(groups, key, ["idp", ...path])),
};
