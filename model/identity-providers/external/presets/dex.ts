import type { Preset } from "./preset";

export const dex: Preset = {
  title: "Dex",
  source: "https://dexidp.io/docs/configuration/custom-scopes-claims-clients/",
  read: "2026-11-28",
  issuer: { pattern: /^https:\/\/[^?#]+$/, example: "https://dex.example.com/dex" },
  sharedIssuer: false,
  groups: { claim: "groups", values: "name", shape: "list", where: "id-token" },
  scopes: ["profile", "email", "groups"],
  refreshScope: "offline_access",
  pairwiseSubject: false,
  subject: "base64url of user id and connector id: it can be computed, and changes with the connector.",
  profileInIdToken: true,
  overlappingSecrets: false,
  signOut: false,
  refuses: [],
  settings: [
    "List the client under staticClients with exactly these redirectURIs.",
    "Give the connector insecureEnableGroups (oidc) or the group settings of its kind.",
  ],
  doesNotWork: [
    "Refresh over SAML connectors: they give no refresh token.",
    "Current groups through the oidc connector: they are as old as the last sign-in there.",
  ],
};
