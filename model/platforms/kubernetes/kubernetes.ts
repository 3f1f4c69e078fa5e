import { posix } from "node:path";
import { z } from "zod";
import { certificateSchema } from "../../text/certificates";
import { addProblem, describeReceived } from "../../text/problems";
import { hostUrlSchema } from "../../text/addresses";
import { keySchema } from "../../text/names";
import { isPlain } from "../../text/printable";
import { compareText } from "../../text/stable-order";
import { checkClusterAdmin, clusterAdminRisks, clusterRoleBindings, clusterRoles } from "../cluster-roles";
import type { PlatformDefinition } from "../definition";
import { adoptedField } from "../adoption";
import { accessSchema } from "../grants";
import { alwaysInstalledField } from "../installed";
import { platformReviewFields } from "../reviews";
import { serviceAccountsSchema } from "../service-accounts";
import { chosenClaims, identityFields, identityOf } from "../identity";
import { kubernetesAdoption } from "./adoption";
import { kubeloginRedirectUris } from "./kubeconfig";

/** One entry of `gatehouse:platforms` for the API server of a cluster: kubectl with the identity provider's own tokens. */
const kubernetesSchema = z
  .strictObject({
    kind: z.literal("kubernetes"),
    server: hostUrlSchema.describe("The API server as people reach it, https://host:port."),
    clusterName: keySchema.default("kubernetes").describe("What cluster and context are called in the kubeconfig."),
    certificateAuthority: certificateSchema
      .optional()
      .describe("PEM of the authority behind the API server's certificate, for the kubeconfig. Default: the person's machine decides."),
    issuerCertificateAuthority: certificateSchema
      .optional()
      .describe("PEM of a private authority behind the identity provider's certificate. Default: public ones."),
    ...identityFields,
    refresh: z.boolean().default(false).describe("Let kubelogin use refresh tokens, so that people sign in less often."),
    loopbackPorts: z
      .array(z.int().min(1024).max(65535))
      .min(1, "at least one port")
      .max(4, "at most four ports")
      .default([8000, 18000])
      .describe("Ports on a person's machine where kubelogin waits for the answer; each is a registered redirect URI."),
    outputFolder: z
      .string()
      .min(1)
      .refine(isPlain, "a folder's path without control characters")
      .optional()
      .describe(
        "Folder, relative to the project's, into which up writes the generated files. Default: they are in the environment document only.",
      ),
    insecureClusterAdmin: z.boolean().default(false).describe("Accept grants of cluster-admin."),
    adopted: adoptedField,
    installed: alwaysInstalledField,
    ...platformReviewFields,
    access: accessSchema(clusterRoles),
    serviceAccounts: serviceAccountsSchema(clusterRoles),
  })
  .superRefine((spec, context) => {
    if (spec.server.startsWith("http:")) {
      addProblem(context, ["server"], {
        expected: "an https:// address: tokens are sent there",
        received: describeReceived(spec.server, []),
      });
    }
    if (new Set(spec.loopbackPorts).size < spec.loopbackPorts.length) {
      addProblem(context, ["loopbackPorts"], { expected: "each port once", received: spec.loopbackPorts.join(", ") });
    }
    checkClusterAdmin(spec, context);
  });

export type KubernetesSpec = z.infer<typeof kubernetesSchema>;

/** As it is written, with defaults left out. */
export type KubernetesInput = z.input<typeof kubernetesSchema>;

export const kubernetes: PlatformDefinition<KubernetesSpec> = {
  kind: "kubernetes",
  schema: kubernetesSchema,
  adoption: kubernetesAdoption,
  sample: { server: "https://api.example.com:6443", clusterName: "production" },
  capabilities: {
    title: "Kubernetes API server",
    prefixedBy: "api-server",
    authorises: "kubernetes-rbac",
    // The OIDC authenticator reads the token alone (kubernetes/kubernetes pkg apiserver/plugin/pkg/authenticator/token/oidc).
    readsUserInfo: false,
    // By a CEL expression of the AuthenticationConfiguration.
    readsGroupObjects: true,
    // A public client: there is no secret, and no change of one.
    secretByReference: false,
    tokenRules: "authentication-configuration",
  },
  roles: clusterRoles,
  issuerCertificateAuthority: (spec) => spec.issuerCertificateAuthority,
  url: (spec) => spec.server,
  requirements: (spec, identityProvider) => ({
    redirectUris: kubeloginRedirectUris(spec.loopbackPorts).sort(compareText),
    postLogoutRedirectUris: [],
    grantTypes: spec.refresh ? ["authorization_code", "refresh_token"] : ["authorization_code"],
    clientAuthentication: "none",
    sendsCodeChallenge: true,
    scopes: spec.refresh ? [...identityProvider.scopes, "offline_access"] : identityProvider.scopes,
    ...(spec.usernameClaim === undefined ? {} : { idTokenClaims: [spec.usernameClaim] }),
  }),
  identity: identityOf,
  claims: chosenClaims,
  bindings: (_spec, grant) => clusterRoleBindings(grant),
  occupies: (spec) =>
    spec.outputFolder === undefined ? [] : [{ path: ["outputFolder"], what: `the folder ${posix.normalize(`${spec.outputFolder}/`)}` }],
  certificates: (spec) => [
    ...(spec.certificateAuthority === undefined ? [] : [{ path: ["certificateAuthority"], pem: spec.certificateAuthority }]),
    ...(spec.issuerCertificateAuthority === undefined
      ? []
      : [{ path: ["issuerCertificateAuthority"], pem: spec.issuerCertificateAuthority }]),
  ],
  signIn: (spec) => [{ what: "sign-ins are renewed", value: spec.refresh ? "yes" : "no", strictness: spec.refresh ? 0 : 1 }],
  installs: () => undefined,
  risks: clusterAdminRisks,
};
