import { satisfies } from "semver";
import { z } from "zod";
import { certificateSchema } from "../../text/certificates";
import { addProblem } from "../../text/problems";
import { chartRepositorySchema, hostUrlSchema } from "../../text/addresses";
import { configurationKeySchema, exactVersionSchema, keySchema, objectNameSchema } from "../../text/names";
import { adoptedField } from "../adoption";
import { checkClusterAdmin, clusterAdminRisks, clusterRoleBindings, clusterRoles } from "../cluster-roles";
import type { IdentityProviderFacts } from "../../identity-providers/definition";
import { compareText } from "../../text/stable-order";
import type { PlatformDefinition } from "../definition";
import { accessSchema } from "../grants";
import { platformReviewFields } from "../reviews";
import { serviceAccountsSchema } from "../service-accounts";
import { identityFields, prefixOf } from "../identity";
import { checkInstalled, installedField } from "../installed";
import { insecureValuesField, insecureValuesRisks } from "../insecure-values";
import { openUnisonAdoption } from "./adoption";
import { checkOpenUnisonGroupNames, checkOpenUnisonHosts, checkOpenUnisonMode, checkOpenUnisonValues, openUnisonIssuer } from "./checks";

/** A host name as OpenUnison's own check wants it: at least two labels, no port, no wildcard, no address. */
const hostNameSchema = z
  .string()
  .max(253, "a host name of at most 253 characters")
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "a fully qualified host name in lower case, such as k8sou.example.com (no https://, no port)",
  );

const chartSchema = z.strictObject({
  version: exactVersionSchema,
  path: z.string().min(1).optional().describe("A chart folder or archive, relative to the project's folder, instead of the repository."),
});

/** The charts write this name without quotes; YAML would make a number or a truth value of it, which the API server takes for no text. */
const unquotedNameSchema = keySchema.regex(
  /^(?!(y|n|yes|no|on|off|true|false|null)$)(?![0-9][0-9a-fx-]*$)/,
  "a name that YAML reads as a text without quotes (no number, not on, no, true, null or the like)",
);

/** A reference to a container image: registry, path, and a tag or a digest. */
const imageSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/, "a container image such as registry.example.com/openunison:1.0.44")
  .refine(
    (image) => !image.includes("@") || (/@sha256:[0-9a-f]{64}$/.test(image) && !/@sha256:0{64}$/.test(image)),
    "a digest that a registry shows, sha256 and 64 hexadecimal digits that are not all zeros",
  );

/** Claims that identity providers really send; a misspelt one shows at the first sign-in only, as `${<nil>}` in the map. */
const claimSchema = z.enum(["sub", "oid", "upn", "email", "preferred_username", "name", "nickname", "given_name", "family_name"]);

/** One entry of `gatehouse:platforms` for OpenUnison: kubectl and dashboard behind its login portal. */
const openUnisonSchema = z
  .strictObject({
    kind: z.literal("openunison"),
    hosts: z
      .strictObject({
        portal: hostNameSchema.describe("The login portal; also the issuer of the tokens that the cluster sees."),
        dashboard: hostNameSchema.describe("The dashboard. Needed and different even where the dashboard is off."),
        apiServer: hostNameSchema.optional().describe("The proxy before the API server; exactly with impersonation."),
      })
      .describe("Three different host names."),
    impersonation: z
      .strictObject({ image: imageSchema.optional().describe("Image of kube-oidc-proxy.") })
      .optional()
      .describe("For managed clusters (EKS, AKS, GKE): a proxy acts as the person. Exactly one of impersonation and direct."),
    direct: z
      .strictObject({
        apiServerUrl: hostUrlSchema.describe("The API server as people reach it, https://host:port."),
        certificateAuthority: certificateSchema
          .optional()
          .describe("PEM of the authority behind the portal's certificate, for the API server's trust."),
      })
      .optional()
      .describe("The API server itself trusts OpenUnison's tokens; its owner installs the exported configuration."),
    charts: z
      .strictObject({
        "openunison-operator": chartSchema,
        orchestra: chartSchema,
        "orchestra-login-portal": chartSchema,
        "orchestra-kube-oidc-proxy": chartSchema.optional(),
        "orchestra-login-azuread": chartSchema.optional(),
      })
      .describe(
        "Exact versions of the vendor's charts; kube-oidc-proxy exactly with impersonation, login-azuread exactly with groupNames: displayNames.",
      ),
    groupNames: z
      .enum(["ids", "displayNames"])
      .default("ids")
      .describe(
        "Entra ID only: bind object ids (default), or display names, which OpenUnison looks up in Microsoft Graph at each sign-in. " +
          "That needs permission to read every user and group of the tenant, and a display name is nobody's for good.",
      ),
    repository: chartRepositorySchema.default("https://nexus.tremolo.io/repository/helm/"),
    wait: z.boolean().default(true).describe("Wait until each release's pods are ready, and roll back when they are not."),
    timeoutSeconds: z.int().min(30).max(7200).default(900),
    clusterName: unquotedNameSchema
      .default("kubernetes")
      .describe("What OpenUnison calls the cluster in the kubeconfig that it hands out."),
    dashboard: z.boolean().default(false).describe("Publish the Kubernetes dashboard behind the portal."),
    sessionSeconds: z.int().min(60).max(86_400).default(900).describe("Seconds without activity after which a session ends."),
    image: imageSchema.optional().describe("Image of OpenUnison."),
    replicas: z.int().min(1).max(9).default(1),
    ingress: z
      .strictObject({
        type: z.enum(["nginx", "f5nginx", "traefik", "istio", "gatewayapi", "kong", "openshift", "cilium", "simple"]).default("nginx"),
        annotations: z.record(z.string(), z.string()).default({}),
      })
      .prefault({}),
    certManager: z
      .strictObject({ clusterIssuer: objectNameSchema })
      .optional()
      .describe("Certificates from cert-manager. Default: the portal makes its own."),
    trustedCertificates: z
      .record(unquotedNameSchema, certificateSchema)
      .default({})
      .describe("Authorities that OpenUnison trusts beside public ones, by name; unison-ca is the one behind the ingress."),
    claims: z
      .strictObject({
        sub: claimSchema.optional(),
        email: claimSchema.optional(),
        given_name: claimSchema.optional(),
        family_name: claimSchema.optional(),
        display_name: claimSchema.optional(),
      })
      .default({})
      .describe("Other claims than the usual ones. Groups come from the identity provider's groups claim."),
    prefix: identityFields.prefix.describe('Text before user and group names in RBAC, with direct only. Default: "<idp kind>:".'),
    values: z.record(z.string(), z.unknown()).default({}).describe("Your own values for all charts, under the ones that sign-in needs."),
    installed: installedField,
    insecureValues: insecureValuesField,
    adopted: adoptedField,
    adoptedSecrets: z
      .strictObject({
        keystore: configurationKeySchema.describe("OpenUnison's own keystore."),
        dashboard: configurationKeySchema.optional().describe("The dashboard's client; with dashboard only."),
      })
      .optional()
      .describe(
        "Secrets of OpenUnison itself that were there before the stack: each the key of a secret in the stack's configuration, such as orchestra:keystore. `gatehouse adopt` writes it.",
      ),
    insecureClusterAdmin: z.boolean().default(false).describe("Accept grants of cluster-admin."),
    ...platformReviewFields,
    access: accessSchema(clusterRoles),
    serviceAccounts: serviceAccountsSchema(clusterRoles),
  })
  .superRefine((spec, context) => {
    checkOpenUnisonHosts(spec.hosts, context);
    checkOpenUnisonMode(spec, context);
    checkOpenUnisonGroupNames(spec, context);
    checkOpenUnisonValues(spec, context);
    checkClusterAdmin(spec, context);
    const paths = Object.entries(spec.charts).flatMap(([chart, { path }]) => (path === undefined ? [] : [["charts", chart, "path"]]));
    checkInstalled(spec, paths, context);
    if (spec.direct?.apiServerUrl.startsWith("http:") === true) {
      addProblem(context, ["direct", "apiServerUrl"], { expected: "an https:// address: tokens are sent there", received: "http" });
    }
  });

export type OpenUnisonSpec = z.infer<typeof openUnisonSchema>;

/** As it is written, with defaults left out. */
export type OpenUnisonInput = z.input<typeof openUnisonSchema>;

/** The claims that the charts map to a person, beside the groups. */
export function openUnisonClaims(
  { claims, groupNames }: Pick<OpenUnisonSpec, "claims" | "groupNames">,
  { capabilities }: IdentityProviderFacts,
): Record<"sub" | "email" | "given_name" | "family_name" | "display_name", string> {
  return {
    // The vendor's page on Entra ID has upn with the group chain; releases before `azure.uid_attribute_name` look people up by it.
    sub: claims.sub ?? (groupNames === "displayNames" ? "upn" : capabilities.stableUsernameClaim),
    email: claims.email ?? "email",
    given_name: claims.given_name ?? "given_name",
    family_name: claims.family_name ?? "family_name",
    display_name: claims.display_name ?? "name",
  };
}

export const openunison: PlatformDefinition<OpenUnisonSpec> = {
  kind: "openunison",
  schema: openUnisonSchema,
  adoption: openUnisonAdoption,
  sample: {
    hosts: { portal: "k8sou.example.com", dashboard: "k8sdb.example.com", apiServer: "k8sapi.example.com" },
    impersonation: {},
    charts: {
      "openunison-operator": { version: "3.0.23" },
      orchestra: { version: "3.1.31" },
      "orchestra-login-portal": { version: "2.3.82" },
      "orchestra-kube-oidc-proxy": { version: "1.0.11" },
    },
    certManager: { clusterIssuer: "letsencrypt" },
  },
  capabilities: {
    title: "OpenUnison",
    // With impersonation nobody can; with direct trust the API server does.
    prefixedBy: "nobody",
    authorises: "kubernetes-rbac",
    // oidc.user_in_idtoken false: the userinfo endpoint (chart orchestra, values.yaml).
    readsUserInfo: true,
    secretByReference: true,
    // LoadJWTFromAccessToken.java reads the payload of what the token endpoint answers, and nothing else of it.
    tokenRules: "token-endpoint",
    secretChange: "in the Secret orchestra-secrets-source; OpenUnison is restarted, since it reads secrets at its start only",
    // The charts bind the first (rbac.yaml of orchestra) and mean to bind the second to cluster-admin.
    ownGroups: ["users", "k8s-cluster-administrators"],
  },
  roles: clusterRoles,
  url: (spec) => `https://${spec.hosts.portal}/`,
  requirements: (spec, identityProvider) => ({
    redirectUris: [`https://${spec.hosts.portal}/auth/oidc`],
    postLogoutRedirectUris: [],
    grantTypes: ["authorization_code"],
    // OpenIDConnectAuthMech sends client_id and client_secret in the body.
    clientAuthentication: "client_secret_post",
    scopes: identityProvider.scopes,
    idTokenClaims: identityProvider.capabilities.profileInIdToken
      ? Object.values(openUnisonClaims(spec, identityProvider)).sort(compareText)
      : [],
    ...(spec.groupNames === "displayNames" ? { readsDirectory: true } : {}),
  }),
  claims: (spec) => Object.entries(spec.claims).map(([key, claim]) => ({ path: ["claims", key], claim })),
  groupNames: (spec) => (spec.groupNames === "displayNames" ? "display-names" : "claim-values"),
  identityProviderFault: (spec, { capabilities }) =>
    spec.groupNames === "displayNames" && capabilities.claimValue !== "id"
      ? {
          path: ["groupNames"],
          expected: `ids: tokens of ${capabilities.title} carry names with these settings, so there are no object ids to look up`,
          received: '"displayNames"',
          fix: "remove groupNames",
        }
      : undefined,
  identity: (spec, identityProvider) => {
    const claim = openUnisonClaims(spec, identityProvider).sub;
    if (spec.direct === undefined) {
      return {
        // kube-oidc-proxy has no prefix flags in this chart; like the API server it then puts "<issuer>#" before a name that is no address.
        username: { claim, prefix: `${openUnisonIssuer(spec.hosts.portal)}#` },
        groups: { claim: identityProvider.groupsClaim, prefix: "" },
      };
    }
    const prefix = prefixOf(spec, identityProvider);
    return { username: { claim, prefix }, groups: { claim: identityProvider.groupsClaim, prefix } };
  },
  bindings: (_spec, grant) => clusterRoleBindings(grant),
  occupies: (spec) => [
    { path: [], what: "the namespace openunison and the releases in it" },
    // The portal answers every path of its hosts.
    ...Object.entries(spec.hosts).map(([name, host]) => ({ path: ["hosts", name], what: `the host ${host}` })),
  ],
  certificates: (spec) => [
    ...Object.entries(spec.trustedCertificates).map(([name, pem]) => ({ path: ["trustedCertificates", name], pem })),
    ...(spec.direct?.certificateAuthority === undefined
      ? []
      : [{ path: ["direct", "certificateAuthority"], pem: spec.direct.certificateAuthority }]),
  ],
  // The operator leaves a certificate alone that is there: "delete ou-tls-certificate and rerun the orchestra chart" (OpenUnison/openunison-k8s#29, #45).
  ownCertificate: ({ certManager, hosts }) =>
    certManager === undefined
      ? { secret: { namespace: "openunison", name: "ou-tls-certificate" }, hosts: Object.values(hosts) }
      : undefined,
  signIn: (spec) => [{ what: "length of an idle session", value: `${spec.sessionSeconds} s`, strictness: -spec.sessionSeconds }],
  ownersPart: () => [
    "Add the values of the file openunison-values.yaml to your own: helm upgrade each release but the operator's with them, orchestra first.",
    "After each new client secret: kubectl --namespace openunison rollout restart deployment openunison-orchestra. It reads secrets at its start only.",
  ],
  charts: ({ charts, repository, values, installed }) =>
    installed === true
      ? []
      : Object.entries(charts).map(([release, { version, path }]) => ({ release, version, source: path ?? repository, values })),
  installs: (spec) => ({ chart: "orchestra", version: spec.charts.orchestra.version, namespace: "openunison", release: "orchestra" }),
  // OpenUnison 1.0.44 to 1.0.50.
  chartFault: (version) =>
    satisfies(version, ">=3.1.31 <=3.1.52") ? undefined : "an orchestra chart from 3.1.31 up to 3.1.52: the versions that were read",
  risks: (spec) => [
    ...(spec.impersonation === undefined
      ? []
      : [
          "impersonation: no prefix is possible, group names reach RBAC as they are; whoever names groups at the identity provider can take the name of a bound one.",
        ]),
    ...(spec.groupNames === "displayNames"
      ? [
          "groupNames: displayNames: the app reads every user and group of the tenant, and whoever may create or rename a group there can take the name of a bound one.",
        ]
      : []),
    ...insecureValuesRisks(spec),
    ...clusterAdminRisks(spec),
  ],
};
