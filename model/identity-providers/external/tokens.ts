import type { TokenFacts } from "../token-facts";

export const externalTokens: TokenFacts = {
  issuerFault: (named, expected) =>
    named.replace(/\/$/, "") === expected.replace(/\/$/, "") && named !== expected
      ? {
          message: "The two issuers differ in the slash at their end, which is part of the name.",
          remedy: `Write idp.issuer as the discovery document and the tokens have it.`,
        }
      : undefined,
  groupFault(value) {
    if (value === "[SIZE_LIMIT_EXCEEDED]") {
      return {
        message: "PingOne put a text in place of more than 25 groups (docs.pingidentity.com, p1_edit_oidc_resource).",
        remedy: "Limit the application's attribute to the granted groups by an expression.",
      };
    }
    return value.startsWith("[") && value.endsWith("]")
      ? {
          message: "The claim is a list written as one text, which is taken for one group of that name.",
          remedy: "Let the identity provider send a list.",
        }
      : undefined;
  },
  emailUnverified: {
    message: "The issuer does not say that the address is verified; authentik says so of nobody by itself since 2025.10.",
    remedy: "Use sub, the default, as username claim; or let the identity provider verify addresses and say email_verified true.",
  },
  usernameFault: (claim) =>
    claim === "email"
      ? {
          message: "email is there where the scope email was asked for, and the API server takes it only with email_verified true.",
          remedy: "Use sub, or verify the address at the identity provider.",
        }
      : undefined,
  instead: {
    memberOf: {
      message: "Groups are in memberOf, as JumpCloud and PingFederate name it.",
      remedy: "Write idp.groups: { claim: memberOf }.",
    },
    groups_direct: {
      message: "Groups are in groups_direct, as GitLab's ID tokens name them.",
      remedy: "Write idp.groups: { claim: groups_direct }.",
    },
    "cognito:groups": { message: "Groups are in cognito:groups.", remedy: 'Write idp.groups: { claim: "cognito:groups" }.' },
    "urn:zitadel:iam:org:project:roles": {
      message: "Roles are in an object of Zitadel's.",
      remedy: "Write preset: zitadel, or flatten the claim by an Action.",
    },
    roles: {
      message: "The token carries roles and no groups.",
      remedy: "Write idp.groups: { claim: roles }, if those are what the stack grants to.",
    },
  },
};
