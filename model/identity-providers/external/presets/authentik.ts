import type { Preset } from "./preset";

export const authentik: Preset = {
  title: "authentik",
  source: "https://docs.goauthentik.io/docs/add-secure-apps/providers/oauth2/",
  read: "2026-11-28",
  issuer: { pattern: /^https:\/\/[^/]+\/application\/o\/[^/]+\/$/, example: "https://authentik.example.com/application/o/k10/" },
  sharedIssuer: false,
  groups: { claim: "groups", values: "name", shape: "list", where: "id-token" },
  scopes: ["profile", "email"],
  refreshScope: "offline_access",
  pairwiseSubject: false,
  subject: "A hash of the user's id (subject mode hashed_user_id), which the API shows as uid.",
  profileInIdToken: true,
  overlappingSecrets: false,
  signOut: true,
  refuses: [{ setting: "scope", name: /^groups$/, reason: "authentik has no such scope: groups come with profile" }],
  settings: [
    "Choose a signing key: without one, tokens are signed with the client secret (HS256), which no platform can check.",
    "Choose no encryption key: an encrypted token (JWE) cannot be read.",
    "Leave the subject mode at hashed_user_id, id or uuid; never email or username.",
    "Bind a group or policy to the application: everybody may otherwise sign in.",
    "Write redirect URIs as strict, not as regular expressions.",
  ],
  doesNotWork: [
    "email as the user name claim of the Kubernetes API server: email_verified is false by default since 2025.10, and it refuses such tokens.",
    "One issuer for several applications, unless issuer mode is global: each platform has its own issuer, and so a stack of its own.",
  ],
};
