import type { Preset } from "./preset";

export const ping: Preset = {
  title: "PingOne",
  source: "https://docs.pingidentity.com/pingone/applications/p1_edit_oidc_resource.html",
  read: "2026-11-28",
  issuer: {
    pattern: /^https:\/\/(auth\.pingone\.[a-z.]+\/[0-9a-f-]{36}|[^/]+)\/as$/,
    example: "https://auth.pingone.eu/<environment id>/as",
  },
  sharedIssuer: false,
  groups: { claim: "groups", values: "name", limit: { count: 25, above: "overage" }, shape: "list", where: "id-token" },
  scopes: ["profile", "email"],
  refreshScope: "offline_access",
  pairwiseSubject: false,
  subject: "The user's id in PingOne.",
  profileInIdToken: true,
  overlappingSecrets: true,
  signOut: true,
  refuses: [
    {
      setting: "scope",
      name: /^groups$/,
      reason: "the groups are a mapped attribute of the application, in its tokens whatever the scopes",
    },
  ],
  settings: [
    "Map an attribute named groups of the application to Group Names (or Group IDs).",
    "Allow the grant type Refresh Token where the platform refreshes.",
  ],
  doesNotWork: [
    "More than 25 groups: the ID token then carries the text [SIZE_LIMIT_EXCEEDED] alone. Limit the attribute to the granted groups by an expression.",
    "PingFederate: it sends a single group as a text (argoproj/argo-workflows#7627); write preset-less settings for it.",
  ],
};
