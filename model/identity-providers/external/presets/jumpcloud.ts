import type { Preset } from "./preset";

export const jumpcloud: Preset = {
  title: "JumpCloud",
  source: "https://github.com/goharbor/harbor/issues/20779",
  read: "2026-11-28",
  issuer: { pattern: /^https:\/\/oauth\.id\.jumpcloud\.com\/$/, example: "https://oauth.id.jumpcloud.com/" },
  sharedIssuer: true,
  groups: { claim: "memberOf", values: "name", shape: "list-or-text", where: "id-token" },
  scopes: ["profile", "email"],
  refreshScope: "offline_access",
  pairwiseSubject: false,
  subject: "The user's id, 24 hexadecimal digits.",
  profileInIdToken: true,
  overlappingSecrets: false,
  signOut: false,
  refuses: [{ setting: "scope", name: /^groups$/, reason: "JumpCloud has no such scope" }],
  settings: [
    "Include the group attribute under the name memberOf, and bind the granted groups to the application.",
    "Allow the grant type Refresh Token where the platform refreshes.",
    "Set the client authentication type to the one below: JumpCloud takes one for each application.",
  ],
  doesNotWork: [
    "One group as a list: it comes as a text, which the Kubernetes API server takes for one group and other platforms may not.",
    "A border around your organisation: no claim names it, the client id in aud is all there is.",
  ],
};
