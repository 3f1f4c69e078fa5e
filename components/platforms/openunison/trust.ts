import { apiServerFlags, authenticationConfiguration, openUnisonAudience, openUnisonIssuer, type TrustedIssuer } from "../../../model";

/** Where OpenUnison's documentation puts the certificate on a control plane made by kubeadm. */
const certificateFile = "/etc/kubernetes/pki/ou-ca.pem";

/**
 * What the owner of the API server installs so that it trusts OpenUnison's tokens, by file name.
 *
 * The charts' own ConfigMap api-server-config has flags without prefixes; with those, a group `system:masters` would be one.
 * OpenUnison's tokens name a person in `sub` and groups in `groups` whatever the identity provider calls its claims.
 */
export function exportedTrust(
  portalHost: string,
  direct: {
    readonly certificateAuthority?: string;
    readonly username: { readonly prefix: string };
    readonly groups: { readonly prefix: string };
  },
): Record<string, string> {
  const trusted: TrustedIssuer = {
    issuer: openUnisonIssuer(portalHost),
    audiences: [openUnisonAudience],
    certificateAuthority: direct.certificateAuthority,
    username: { claim: "sub", prefix: direct.username.prefix },
    groups: { claim: "groups", prefix: direct.groups.prefix },
  };
  return {
    "api-server-flags.txt": `${apiServerFlags(trusted, certificateFile).join("\n")}\n`,
    "authentication-configuration.yaml": authenticationConfiguration(trusted),
  };
}
