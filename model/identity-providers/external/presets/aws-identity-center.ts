import type { Preset } from "./preset";

export const awsIdentityCenter: Preset = {
  title: "AWS IAM Identity Center",
  source: "https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html",
  read: "2026-11-28",
  issuer: null,
  sharedIssuer: false,
  groups: null,
  scopes: [],
  refreshScope: null,
  pairwiseSubject: false,
  subject: "None: it issues no ID tokens for applications.",
  profileInIdToken: false,
  overlappingSecrets: false,
  signOut: false,
  refuses: [],
  settings: [],
  doesNotWork: [
    "OpenID Connect for applications: its OIDC service is for the AWS command line alone. Connect it by SAML to Dex or Keycloak and name that issuer, or use Amazon Cognito (preset cognito).",
  ],
};
