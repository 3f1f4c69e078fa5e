import type { Preset } from "./preset";

export const duende: Preset = {
  title: "Duende IdentityServer",
  source: "https://duendesoftware.com/blog/20260618-how-duende-identityserver-filters-claims",
  read: "2026-11-28",
  issuer: { pattern: /^https:\/\/[^?#]+$/, example: "https://identity.example.com" },
  sharedIssuer: false,
  groups: { claim: "role", values: "name", shape: "list-or-text", where: "userinfo" },
  scopes: ["profile", "email"],
  refreshScope: "offline_access",
  pairwiseSubject: false,
  subject: "The user's id in the server's own store.",
  profileInIdToken: false,
  overlappingSecrets: true,
  signOut: true,
  refuses: [],
  settings: [
    "Add an identity resource with the claim role, allow its scope for the client, and write it under scopes.",
    "Set AlwaysIncludeUserClaimsInIdToken for the client, then write groups: { where: id-token }: claims are at userinfo otherwise.",
  ],
  doesNotWork: ["One role as a list: .NET writes a single claim as a text."],
};
