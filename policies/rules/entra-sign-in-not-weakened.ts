import { mustBeHttps, mustBeOff, refusedSettings, type RefusedSetting } from "../reading/refused";
import { mismatch, resourceRule, type Finding } from "../rule";
import { entra } from "../types";
import { at, items, text, texts, type Properties } from "../value";

const settings: Readonly<Record<string, readonly RefusedSetting[]>> = {
  [entra.application]: [
    ...mustBeOff("fallbackPublicClientEnabled", "deviceOnlyAuthEnabled", "api.mappedClaimsEnabled"),
    ...mustBeHttps("web.logoutUrl"),
  ],
  [entra.registration]: mustBeHttps("logoutUrl"),
  [entra.fallbackPublicClient]: mustBeOff("enabled"),
};

/** What turns group IDs into roles, or into names that somebody else can take, and user names of guests into those of the tenant's people. */
const misleading = ["emit_as_roles", "cloud_displayname", "include_externally_authenticated_upn_without_hash"];
const tokens = ["idTokens", "accessTokens", "saml2Tokens"];

export const entraSignInNotWeakened = resourceRule({
  id: "entra-sign-in-not-weakened",
  title: "An Entra application's tokens come of people who sign in, and say what the directory says",
  severity: "critical",
  level: "mandatory",
  rationale:
    "A fallback to a public client takes passwords and device codes without the client secret. A claims mapping policy writes any value into the claims that platforms read, and mappedClaimsEnabled lets it work without a signing key of the application's own. The optional claim's emit_as_roles puts every group among the roles, and cloud_displayname sends names, which are not unique, instead of object IDs.",
  remediation:
    "Leave fallbackPublicClientEnabled, deviceOnlyAuthEnabled and mappedClaimsEnabled off, assign no claims mapping policy, send groups by object ID, and give logoutUrl with https.",
  controls: ["rfc9700-2.4", "asvs-10.4.4"],
  unknowns:
    "Each known setting is judged. A claims mapping policy is refused whatever it maps. Policies, owners and secrets that are added at Entra ID by hand are drift's matter; an application of others is not seen.",
  types: [...Object.keys(settings), entra.optionalClaims, entra.claimsMapping, entra.claimsMappingAssignment],
  settings: {},
  check(resource) {
    const { type, properties } = resource;
    if (type === entra.claimsMapping || type === entra.claimsMappingAssignment) {
      return [mismatch(type.slice(type.lastIndexOf(":") + 1), "the claims that the directory issues", "claims of one's own")];
    }
    const [claims, path] = type === entra.optionalClaims ? [properties, ""] : [at(properties, "optionalClaims"), "optionalClaims."];
    return [...refusedSettings(resource, settings), ...optional(claims as Properties | undefined, path)];
  },
});

function optional(claims: Properties | undefined, path: string): Finding[] {
  return tokens.flatMap((token) =>
    items(claims, token).flatMap((claim, index) =>
      texts(claim, "additionalProperties")
        .filter((property) => misleading.includes(property.toLowerCase()))
        .map((property) =>
          mismatch(
            `${path}${token}[${index}].additionalProperties`,
            `nothing that changes what '${text(claim, "name") ?? ""}' says`,
            property,
          ),
        ),
    ),
  );
}
