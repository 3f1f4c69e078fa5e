import { guidPattern } from "../../text/guid";
import type { TokenFacts, TokenFault } from "../token-facts";

const v1 = "https://sts.windows.net/";
const v2 = "https://login.microsoftonline.com/";
const emitted = "Let the claim carry group ids: remove the setting that emits names (such as cloud_displayname or sam_account_name).";
/** Claims that tokens carry only where the optional claim was asked for (learn.microsoft.com, optional claims reference). */
const optional = ["email", "upn", "acct", "sid", "family_name", "given_name", "onprem_sid"];

/** Tokens of Entra ID, as its documentation describes them. */
export const entraTokens: TokenFacts = {
  objectId: guidPattern,
  // v1 has a trailing slash and another host, and is still the default for new applications (learn.microsoft.com, access tokens).
  issuerFault: (named, expected) =>
    (named.startsWith(v1) && expected.startsWith(v2)) || (named.startsWith(v2) && expected.startsWith(v1))
      ? {
          message: `The token comes from the ${named.startsWith(v1) ? "v1" : "v2"} endpoint of Entra ID.`,
          remedy: "Set requestedAccessTokenVersion to 2 on the application, and the issuer to the one that ends in /v2.0.",
        }
      : undefined,
  // learn.microsoft.com, "Configure group claims for applications": groups assigned to the application, of which one is a direct member.
  membership: "Entra ID counts direct members only: whoever is in a group inside the assigned one has no such group in the token.",
  groupFault: (value) => {
    const domain = /^[^\\]+\\[^\\]+$/.test(value);
    return domain
      ? { message: `The token carries ${JSON.stringify(value)}, a group's name in its domain; bindings name object ids.`, remedy: emitted }
      : undefined;
  },
  usernameFault: (claim) =>
    optional.includes(claim)
      ? {
          message: `Entra ID puts '${claim}' into a token only where the application asks for it as an optional claim, and the person has one.`,
          remedy: `Ask for '${claim}' as an optional claim of ID tokens, or take 'oid' as username claim, which every token has.`,
        }
      : undefined,
  instead: {
    roles: fault(
      "The token carries app roles (roles) in place of groups: the person has a role of the application, and no groups claim was asked for.",
      "Set groupClaims to appRoles to bind roles, or to assigned to have groups.",
    ),
    wids: fault(
      "The token carries the person's directory roles (wids) in place of groups.",
      "Set groupClaims to assigned: directory roles are no groups.",
    ),
  },
};

function fault(message: string, remedy: string): TokenFault {
  return { message, remedy };
}
