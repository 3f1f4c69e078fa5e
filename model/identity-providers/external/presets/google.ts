import type { Preset } from "./preset";

export const google: Preset = {
  title: "Google",
  source: "https://developers.google.com/identity/openid-connect/reference",
  read: "2026-11-28",
  issuer: { pattern: /^https:\/\/accounts\.google\.com$/, example: "https://accounts.google.com" },
  sharedIssuer: true,
  groups: null,
  scopes: ["email", "profile"],
  refreshScope: null,
  pairwiseSubject: false,
  subject: "The account's numeric id, the same for every client: the directory API shows it as the user's id.",
  profileInIdToken: true,
  overlappingSecrets: true,
  signOut: false,
  refuses: [
    { setting: "scope", name: /^groups$/, reason: "Google has no such scope (invalid_scope: argoproj/argo-cd#1195)" },
    {
      setting: "scope",
      name: /^offline_access$/,
      reason: "Google refuses it: refresh tokens come with access_type=offline (int128/kubelogin#405)",
    },
    { setting: "claim", name: /^./, reason: "Google's tokens carry no groups (argoproj/argo-cd#1195)" },
  ],
  settings: [
    "Make the OAuth client of type Web application, one for each platform; its user type (consent screen) is Internal, or any Google account signs in.",
  ],
  doesNotWork: [
    "Groups: grant to single people (user:), whose sub stands in idp.people; or put Dex with its google connector, Keycloak or authentik in between, and name that issuer.",
    "A border around your organisation: only the Kubernetes API server can require the claim hd; Kasten K10 and KubeSphere cannot, so make the client Internal.",
    "Sign-out at Google: there is no end_session_endpoint.",
  ],
};
