import type { Preset } from "./preset";

export const cognito: Preset = {
  title: "Amazon Cognito",
  source: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html",
  read: "2026-11-28",
  issuer: {
    pattern: /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[A-Za-z0-9_-]+$/,
    example: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_example",
  },
  sharedIssuer: false,
  groups: { claim: "cognito:groups", values: "name", shape: "list", where: "id-token" },
  scopes: ["profile", "email"],
  refreshScope: null,
  pairwiseSubject: false,
  subject: "The user's UUID in the pool.",
  profileInIdToken: true,
  overlappingSecrets: false,
  signOut: false,
  refuses: [{ setting: "scope", name: /^(groups|offline_access)$/, reason: "Cognito has no such scope: refresh tokens come without" }],
  settings: [
    "Give the app client the authorization code grant and the scopes openid, profile and email.",
    "Make the granted groups in the user pool.",
  ],
  doesNotWork: ["Sign-out by OpenID Connect: Cognito has an endpoint of its own (/logout) with other parameters."],
};
