import type { Preset } from "./preset";

export const auth0: Preset = {
  title: "Auth0",
  source: "https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims",
  read: "2026-11-28",
  issuer: { pattern: /^https:\/\/[^/]+\/$/, example: "https://example.eu.auth0.com/" },
  sharedIssuer: false,
  groups: { claim: "https://example.com/groups", values: "name", shape: "list", where: "id-token" },
  scopes: ["profile", "email"],
  refreshScope: "offline_access",
  pairwiseSubject: false,
  subject: "Connection and user id, such as auth0|5f7c8ec7c33c6c004bbafe82; the management API shows it as user_id.",
  profileInIdToken: true,
  overlappingSecrets: false,
  signOut: false,
  refuses: [
    {
      setting: "claim",
      name: /^(groups|roles|permissions|entitlements)$/,
      reason: "Auth0 drops claims of that name without a word: name it by an address of yours, such as https://example.com/groups",
    },
    { setting: "scope", name: /^groups$/, reason: "Auth0 has no such scope" },
  ],
  settings: [
    "Write a post-login Action that sets the claim https://<your domain>/groups in the ID token.",
    "Restrict who may sign in by an Action or by the connections of the application: everybody of a connected directory may otherwise.",
    "Switch on RP-initiated logout in the tenant's settings where people are to sign out there.",
  ],
  doesNotWork: [
    "Claims named groups or roles: they are dropped silently.",
    "KubeSphere 3: sub has a |, which is no Kubernetes label value.",
  ],
};
