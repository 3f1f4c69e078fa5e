import { mustBeHttps, mustBeOff, refusedSettings, type RefusedSetting } from "../reading/refused";
import { mismatch, resourceRule } from "../rule";
import { okta } from "../types";
import { at, text, texts, unknownValue } from "../value";

const settings: Readonly<Record<string, readonly RefusedSetting[]>> = {
  [okta.serverPolicy]: [
    {
      path: ["clientWhitelists"],
      expected: "the platform's clients",
      refused: (clients) => Array.isArray(clients) && clients.includes("ALL_CLIENTS"),
    },
  ],
  [okta.identityProvider]: [
    ...mustBeHttps("authorizationUrl", "tokenUrl", "jwksUrl", "userInfoUrl", "issuerUrl", "sloUrl"),
    ...mustBeOff("trustClaims"),
  ],
  [okta.ownProperty]: [
    // Okta's own property of this name is READ_ONLY for people (Universal Directory).
    {
      path: ["permissions"],
      expected: "READ_ONLY for login: nobody takes another's name",
      refused: (value) => value === "READ_WRITE",
    },
  ],
  [okta.samlProvider]: mustBeHttps("ssoUrl"),
  [okta.enrollment]: [
    { path: ["unknownUserAction"], expected: "DENY: nobody registers themselves", refused: (action) => action === "REGISTER" },
  ],
};
const grants = ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code", "urn:openid:params:grant-type:ciba"];
/** What names a person towards a platform, and what Okta itself keeps it in. */
const identityClaim = /^(?:sub|(?:preferred_|unique_)?(?:user)?name|email|email_verified|upn|oid|acr|amr)$/i;
const ownIdentity =
  /^(?:user\.(?:login|email|id)|app\.userName|appuser\.userName|\(?appuser != null\)? \? appuser\.userName : app\.clientId)$/;

export const oktaServerBounded = resourceRule({
  id: "okta-server-bounded",
  title: "Okta's authorization servers issue tokens to the platform's clients, for people as Okta knows them",
  severity: "high",
  level: "mandatory",
  rationale:
    "A policy for ALL_CLIENTS lets every application of the organisation obtain the platform's tokens. A rule with the password or implicit grant takes sign-in out of the browser, and so out of reach of second factors. A claim that names the person from an attribute such as nickName lets people name themselves. An upstream provider over http, or one whose claims about factors are believed, signs in whom it likes, and self-registration, or a public network whose people are made persons here, makes anybody a person of the organisation.",
  remediation:
    "Name the clients of the policy, allow authorization_code (and refresh_token), take names from user.login, user.email or user.id, and refuse unknown people.",
  controls: ["asvs-10.4.4", "rfc9700-2.1.2", "rfc9700-2.4"],
  unknowns:
    "Unknown settings are judged at the update. Grants without a person (client_credentials) or of another token (token exchange, and the servers trusted for it) work for clients that have them themselves, whose grant types are judged. How long passwords are is the organisation's; okta-authentication-policy-set asks for more than a password. A policy's name for a group is not looked up (EVERYONE is Okta's default: who may sign in is decided by the application's assignment). Claims of other names count as the platform's data, and groups are okta-groups-filter-not-catch-all's matter.",
  types: [
    ...Object.keys(settings),
    okta.serverPolicyRule,
    okta.serverClaim,
    okta.serverClaimDefault,
    okta.federatedClaim,
    okta.socialProvider,
  ],
  settings: {},
  check(resource) {
    const { type, properties } = resource;
    if (type === okta.serverPolicyRule) {
      return texts(properties, "grantTypeWhitelists")
        .filter((grant) => grants.includes(grant))
        .map((grant) => mismatch("grantTypeWhitelists", "authorization_code (and refresh_token)", grant));
    }
    if (type === okta.serverClaim || type === okta.serverClaimDefault || type === okta.federatedClaim) {
      const [name, value] = [text(properties, "name"), text(properties, "value") ?? text(properties, "expression")];
      const named = text(properties, "valueType") !== "GROUPS" && name !== undefined && identityClaim.test(name);
      return named && value !== undefined && !ownIdentity.test(value.trim())
        ? [mismatch(type === okta.federatedClaim ? "expression" : "value", `user.login, user.email or user.id for '${name}'`, value)]
        : [];
    }
    if (type === okta.socialProvider) {
      // AUTO where nothing is said: everybody with an account at a public network becomes a person of the organisation.
      const action = at(properties, "provisioningAction");
      return action === "DISABLED" || action === unknownValue
        ? []
        : [mismatch("provisioningAction", "DISABLED: people of the organisation only", action)];
    }
    if (type === okta.ownProperty && text(properties, "index") !== "login") {
      return [];
    }
    return refusedSettings(resource, settings);
  },
});
