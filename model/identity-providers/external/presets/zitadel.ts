import type { Preset } from "./preset";

export const zitadel: Preset = {
  title: "Zitadel",
  source: "https://zitadel.com/docs/apis/openidoauth/claims",
  read: "2026-11-28",
  issuer: { pattern: /^https:\/\/[^/]+$/, example: "https://example-abc123.zitadel.cloud" },
  sharedIssuer: false,
  groups: { claim: "urn:zitadel:iam:org:project:roles", values: "name", shape: "object", where: "id-token" },
  scopes: ["profile", "email"],
  refreshScope: "offline_access",
  pairwiseSubject: false,
  subject: "The user's numeric id, which the console shows.",
  profileInIdToken: false,
  overlappingSecrets: false,
  signOut: true,
  refuses: [{ setting: "scope", name: /^groups$/, reason: "Zitadel has no such scope" }],
  settings: [
    "Give each platform a project of its own: aud names every client of a project, and the project.",
    "Switch on Assert Roles on Authentication (project), User roles inside ID Token and User Info inside ID Token (application).",
    "Switch on Check authorization on Authentication (project): only people with a role then sign in.",
  ],
  doesNotWork: [
    "Roles on Kasten K10, OpenUnison and KubeSphere: the claim is an object, not a list. Flatten it with an Action (Complement Token, setClaim groups) and name that claim; the Kubernetes API server reads the object by an expression.",
  ],
};
