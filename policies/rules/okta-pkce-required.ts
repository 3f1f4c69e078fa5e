import { callbackSetting, secretOnlyCallbacks, servesOnly } from "../reading/callbacks";
import { registeredUris } from "../reading/redirects";
import { mismatch, resourceRule } from "../rule";
import { okta } from "../types";
import { at, isTrue, text, texts, unknownValue } from "../value";

export const oktaPkceRequired = resourceRule({
  id: "okta-pkce-required",
  candidate: 18,
  title: "An Okta application requires PKCE",
  severity: "medium",
  level: "advisory",
  rationale:
    "PKCE makes a stolen authorization code worthless. It is advice, not an order, because some platforms cannot send it: K10 before version 9 does not, and would be locked out.",
  remediation:
    "Set pkceRequired to true where the platform sends a code challenge (requirePkce of a platform in a stack file); K10 does from chart 9.0 on. For one that sends none, name its callback under withoutCodeChallenge.",
  controls: ["asvs-10.4.6"],
  unknowns: "An unknown flag is not judged.",
  types: [okta.app],
  settings: { withoutCodeChallenge: callbackSetting(secretOnlyCallbacks, "Callbacks of platforms that send no code challenge") },
  check(resource, { withoutCodeChallenge }) {
    const { properties } = resource;
    const callbacks = registeredUris(resource).filter(({ path }) => path.startsWith("redirectUris"));
    if (
      servesOnly(
        callbacks.map(({ uri }) => uri),
        withoutCodeChallenge,
      )
    ) {
      return [];
    }
    const required = at(properties, "pkceRequired");
    const grants = texts(properties, "grantTypes");
    const usesCode = text(properties, "type") !== "service" && (grants.length === 0 || grants.includes("authorization_code"));
    return !usesCode || required === unknownValue || isTrue(properties, "pkceRequired") ? [] : [mismatch("pkceRequired", "true", required)];
  },
});
