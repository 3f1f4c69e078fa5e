/**
 * Controls of public standards, with the wording as published. Only items whose text was read for this project are here;
 * a number quoted from memory has no place in an auditor's report.
 */
export interface Control {
  readonly standard: string;
  readonly number: string;
  readonly wording: string;
}

const asvs = (number: string, wording: string): Control => ({ standard: "OWASP ASVS 5.0", number, wording });
const cis = (number: string, wording: string): Control => ({ standard: "CIS Kubernetes Benchmark", number, wording });
const rfc9700 = (number: string, wording: string): Control => ({ standard: "RFC 9700", number, wording });
const scuba = (number: string, wording: string): Control => ({ standard: "CISA ScubaGear", number, wording });
const kubernetes = (number: string, wording: string): Control => ({ standard: "Kubernetes", number, wording });
const microsoft = (number: string, wording: string): Control => ({ standard: "Microsoft", number, wording });

export const controls = {
  "asvs-10.4.1": asvs(
    "10.4.1",
    "Verify that the authorization server validates redirect URIs based on a client-specific allowlist of pre-registered URIs using exact string comparison.",
  ),
  "asvs-10.4.4": asvs(
    "10.4.4",
    "Verify that for a given client, the authorization server only allows the usage of grants that this client needs to use. Note that the grants 'token' (Implicit flow) and 'password' (Resource Owner Password Credentials flow) must no longer be used.",
  ),
  "asvs-10.4.5": asvs("10.4.5", "Verify that the authorization server mitigates refresh token replay attacks for public clients"),
  "asvs-10.4.6": asvs(
    "10.4.6",
    "Verify that, if the code grant is used, the authorization server mitigates authorization code interception attacks by requiring proof key for code exchange (PKCE).",
  ),
  "asvs-10.4.10": asvs(
    "10.4.10",
    "Verify that confidential client is authenticated for client-to-authorized server backchannel requests such as token requests, pushed authorization requests (PAR), and token revocation requests.",
  ),
  "asvs-10.4.11": asvs(
    "10.4.11",
    "Verify that the authorization server configuration only assigns the required scopes to the OAuth client.",
  ),
  "asvs-10.4.16": asvs(
    "10.4.16",
    "Verify that the client is confidential and the authorization server requires the use of strong client authentication methods (based on public-key cryptography and resistant to replay attacks), such as mutual TLS or private key JWT.",
  ),
  "rfc9700-2.1": rfc9700(
    "section 2.1",
    "When comparing client redirect URIs against pre-registered URIs, authorization servers MUST utilize exact string matching except for port numbers in localhost redirection URIs of native apps",
  ),
  "rfc9700-2.1.2": rfc9700("section 2.1.2", "clients SHOULD NOT use the implicit grant"),
  "rfc9700-2.4": rfc9700("section 2.4", "the resource owner password credentials grant MUST NOT be used"),
  "cis-5.1.1": cis("5.1.1", "Ensure cluster-admin role is only used where required"),
  "cis-5.1.2": cis("5.1.2", "Minimize access to secrets"),
  "cis-5.1.3": cis("5.1.3", "Minimize wildcard use in Roles and ClusterRoles"),
  "cis-5.1.7": cis("5.1.7", "Avoid use of system:masters group"),
  "cis-5.1.8": cis("5.1.8", "Limit use of the Bind, Impersonate and Escalate permissions in the Kubernetes cluster"),
  "cis-5.1.10": cis("5.1.10", "Minimize access to proxy sub-resource of nodes"),
  "cis-5.1.11": cis("5.1.11", "Minimize access to approval sub-resource of CSRs"),
  "cis-5.1.12": cis("5.1.12", "Minimize access to webhook configuration objects"),
  "cis-5.1.13": cis("5.1.13", "Minimize access to service account token creation"),
  "cis-5.4.1": cis("5.4.1", "Prefer using Secrets as files over Secrets as environment variables"),
  "cis-5.4.2": cis("5.4.2", "Consider external secret storage"),
  "scuba-aad-5.5": scuba("MS.AAD.5.5v1", "Application Password Addition SHOULD be blocked"),
  "scuba-aad-5.6": scuba("MS.AAD.5.6v1", "Application password lifetime SHOULD be restricted to 180 days or less"),
  "kubernetes-system-prefix": kubernetes(
    "Using RBAC Authorization",
    "The prefix system: is reserved for Kubernetes system use, so you should ensure that you don't have users or groups with names that start with system: by accident.",
  ),
  "kubernetes-namespace-first": kubernetes(
    "RBAC Good Practices",
    "Assign permissions at the namespace level where possible. Use RoleBindings as opposed to ClusterRoleBindings to give users rights only within a specific namespace.",
  ),
  "kubernetes-wildcards": kubernetes(
    "RBAC Good Practices",
    "Avoid providing wildcard permissions when possible, especially to all resources.",
  ),
  "kubernetes-cluster-admin": kubernetes(
    "RBAC Good Practices",
    "Administrators should not use cluster-admin accounts except where specifically needed.",
  ),
  "microsoft-redirect": microsoft(
    "Security best practices for application properties",
    "Don't use wildcard reply URLs or insecure URI schemes such as http, or URN.",
  ),
  "microsoft-certificate": microsoft(
    "Add credentials to an application",
    "Microsoft recommends that you use a certificate instead of a client secret before moving the application to a production environment.",
  ),
  "microsoft-least-privilege": microsoft(
    "Microsoft Entra PowerShell best practices",
    "Grant users and apps only the lowest privileged permission they require to call the Microsoft Entra resource.",
  ),
} as const satisfies Record<string, Control>;

export type ControlId = keyof typeof controls;
