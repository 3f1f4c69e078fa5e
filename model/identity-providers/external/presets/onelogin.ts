import type { Preset } from "./preset";

export const onelogin: Preset = {
  title: "OneLogin",
  source: "https://developers.onelogin.com/openid-connect/scopes",
  read: "2026-11-28",
  issuer: { pattern: /^https:\/\/[^/]+\.onelogin\.com\/oidc\/2$/, example: "https://example.onelogin.com/oidc/2" },
  sharedIssuer: false,
  groups: { claim: "groups", values: "name", shape: "list", where: "id-token" },
  scopes: ["profile", "email", "groups"],
  refreshScope: null,
  pairwiseSubject: false,
  subject: "The user's numeric id.",
  profileInIdToken: true,
  overlappingSecrets: false,
  signOut: true,
  refuses: [{ setting: "scope", name: /^offline_access$/, reason: "OneLogin's code flow answers with an error" }],
  settings: [
    "Set the application's parameter Groups to User Roles, Semicolon Delimited Input.",
    "Set the token endpoint's authentication method to the one below: OneLogin takes one for each application.",
  ],
  doesNotWork: ["Refresh tokens by offline_access."],
};
