import type { Preset } from "./preset";

export const gitlab: Preset = {
  title: "GitLab",
  source: "https://docs.gitlab.com/integration/openid_connect_provider/",
  read: "2026-11-28",
  issuer: { pattern: /^https:\/\/[^/]+$/, example: "https://gitlab.com" },
  sharedIssuer: true,
  groups: { claim: "groups_direct", values: "name", shape: "list", where: "id-token" },
  scopes: ["profile", "email"],
  refreshScope: null,
  pairwiseSubject: false,
  subject: "The user's numeric id.",
  profileInIdToken: false,
  overlappingSecrets: false,
  signOut: false,
  refuses: [
    { setting: "scope", name: /^groups$/, reason: "GitLab has no such scope (int128/kubelogin#1129)" },
    { setting: "scope", name: /^offline_access$/, reason: "GitLab has no such scope: refresh tokens come without" },
    { setting: "claim", name: /^groups$/, reason: "it is at userinfo only; ID tokens carry groups_direct (argoproj/argo-cd#5944)" },
  ],
  settings: [
    "Make an application with the scopes openid, profile and email, trusted, confidential where the platform keeps a secret.",
    "Name groups by their full path, such as example/platform: on gitlab.com anybody can make a group of a free path.",
  ],
  doesNotWork: [
    "Inherited membership: groups_direct names the groups in which the person is a member themselves.",
    "A border on gitlab.com: everybody with an account may sign in; grants alone decide.",
  ],
};
