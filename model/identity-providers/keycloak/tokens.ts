import type { TokenFacts } from "../token-facts";

const attach =
  "Let the stack make the client (its scopes are basic, acr, email and profile), or attach the client scope in Keycloak's admin console.";

export const keycloakTokens: TokenFacts = {
  issuerFault(named, expected) {
    if (named === `${expected}/`) {
      return { message: "Keycloak's issuers have no slash at their end.", remedy: "Sign in at the issuer without it." };
    }
    const realm = /\/realms\/([^/]+)$/;
    const [ours, theirs] = [realm.exec(expected)?.[1], realm.exec(named)?.[1]];
    if (named.replace("/auth/realms/", "/realms/") === expected.replace("/auth/realms/", "/realms/")) {
      return {
        message: "The two issuers differ in the path /auth, which servers up to 16, and those with a relative path, have.",
        remedy: "Write idp.issuer as the realm's discovery document has it.",
      };
    }
    return ours === undefined || theirs === undefined || ours === theirs
      ? undefined
      : {
          message: `The token is from the realm '${theirs}', the environment's is '${ours}'; case counts.`,
          remedy: "Sign in at the realm of the environment, or correct idp.issuer.",
        };
  },
  audienceFault: (named, azp) =>
    named.includes("account") || named.length === 0
      ? {
          message: `${named.length === 0 ? "The token has no aud" : "aud names account, the realm's own client"}: this is an access token${typeof azp === "string" ? ` of ${azp}` : ""}. Keycloak's ID tokens name their client alone.`,
          remedy: "Take `id_token` from the answer of the token endpoint.",
        }
      : undefined,
  emailUnverified: {
    message: "Keycloak says email_verified false until the person has followed the link in a mail, or an administrator has said so.",
    remedy: "Switch on 'Email verified' for the person, or 'Verify email' for the realm; or take sub, the default, as username claim.",
  },
  groupsAbsent: {
    message: "Keycloak leaves the claim out for somebody in none of the granted groups, and where the client's mapper is missing.",
    remedy:
      "Add the person to a group that holds a grant, and sign in again. If everybody's is missing, run `pulumi up --refresh`, which makes the mapper anew; `gatehouse drift` says whether it is there.",
  },
  groupFault: (value) =>
    value.startsWith("/")
      ? {
          message: "The token names groups by their path: a mapper with full path is on the client, or on one of its scopes.",
          remedy:
            "Run the update, which makes the mapper that the stack file says; take another mapper of the same claim away, or write idp.groupClaims: paths.",
        }
      : undefined,
  usernameFault: (claim) =>
    claim === "sub"
      ? {
          message: "Access tokens of Keycloak 25 and later carry sub by the client scope basic alone, and lightweight ones not at all.",
          remedy: attach,
        }
      : { message: `Keycloak puts '${claim}' into tokens by the client scopes email and profile.`, remedy: attach },
  instead: {
    realm_access: {
      message: "The token carries realm roles and no groups: the client has no mapper for groups, or the person is in no granted group.",
      remedy: "Run the update, which makes the mapper; Keycloak leaves the claim out for somebody who is in none of the groups.",
    },
    resource_access: {
      message: "The token carries roles of clients and no groups: this is a token of another client, or the mapper is missing.",
      remedy: "Run the update, which makes the mapper, and use the ID token of the platform's own client.",
    },
  },
  membership: "Members of a subgroup count as members of its parent, although Keycloak does not list them there.",
};
