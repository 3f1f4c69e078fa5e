import { compareText } from "../../../model";
import type { ChartValues } from "../chart-values";

/** Everything that the vendor's charts are told; one document for all of them. */
export interface OpenUnisonSignIn {
  readonly hosts: { readonly portal: string; readonly dashboard: string; readonly apiServer?: string };
  /** `https://host:port` of the API server, where it trusts OpenUnison's tokens itself; left out: impersonation. */
  readonly apiServerUrl?: string;
  readonly clusterName: string;
  /** Issuer, byte for byte as discovery gives it. */
  readonly issuer: string;
  readonly scopes: readonly string[];
  /** Whether the ID token says all that is asked of a person; otherwise the userinfo endpoint is. */
  readonly userInIdToken: boolean;
  /** The six claims that the charts map; a missing one becomes the text `${<nil>}` in the map. */
  readonly claims: Readonly<Record<"sub" | "email" | "given_name" | "family_name" | "display_name" | "groups", string>>;
  readonly dashboard: boolean;
  readonly sessionSeconds: number;
  readonly replicas: number;
  readonly image?: string;
  readonly proxyImage?: string;
  readonly ingressType: string;
  readonly ingressAnnotations: Readonly<Record<string, string>>;
  readonly clusterIssuer?: string;
  /** PEM by name. */
  readonly trustedCertificates: Readonly<Record<string, string>>;
  /** The Entra ID tenant whose groups are looked up by display name; left out: groups are as the claim has them. */
  readonly groupNamesTenant?: string;
}

/**
 * Under the user's values. Charts of three separate defaults become one document here, as in the vendor's own starting point
 * (openunison.github.io, assets/yaml/openunison-default.yaml). Chart orchestra's default is on, and lets nothing but pods in: where policies
 * are enforced, the API server cannot ask its webhooks, and orchestra-login-portal does not install (OpenUnison/openunison-k8s#155,
 * OpenUnison/helm-charts#276).
 */
export const openUnisonDefaults: ChartValues = { network_policies: { enabled: false } };

/** Name of every certificate Secret that the charts, the ingress and the proxy share. */
const certificateSecret = "ou-tls-certificate";

/**
 * The values of orchestra, orchestra-login-portal and orchestra-kube-oidc-proxy. They hold no secret.
 * @param clientId a text, or an output that stands for one
 * @param secretHash changes with the Secret: OpenUnison reads secrets at its start only
 */
export function openUnisonValues(signIn: OpenUnisonSignIn, clientId: unknown, secretHash: unknown): ChartValues {
  const impersonates = signIn.apiServerUrl === undefined;
  return {
    network: networkValues(signIn),
    k8s_cluster_name: signIn.clusterName,
    // Written out in both modes: the charts' default is true, the vendor's sample says false.
    enable_impersonation: impersonates,
    // Otherwise chart orchestra makes the proxy as well. Its readiness waits for what only the portal's chart brings, so an installer that
    // waits hangs, and the proxy's own chart then finds a Service of its name that is another release's. The price is a Job that nothing
    // waits for. Not openunison.kubeAuth, which newer orchestras obey too: older ones do not, and the portal's chart has a switch of that name.
    ...(impersonates ? { enable_wait_for_job: true } : {}),
    impersonation: {
      use_jetstack: true,
      // The proxy pins the portal's own certificate; one from cert-manager is renewed, so its authority is trusted instead.
      explicit_certificate_trust: signIn.clusterIssuer === undefined,
      ca_secret_name: certificateSecret,
      orchestra_release_name: "orchestra",
      ...(signIn.proxyImage === undefined ? {} : { jetstack_oidc_proxy_image: signIn.proxyImage }),
    },
    ...(signIn.image === undefined ? {} : { image: signIn.image }),
    oidc: {
      client_id: clientId,
      issuer: signIn.issuer,
      user_in_idtoken: signIn.userInIdToken,
      domain: "",
      scopes: signIn.scopes.join(" "),
      claims: { ...signIn.claims },
    },
    trusted_certs: Object.entries(signIn.trustedCertificates)
      .sort(([left], [right]) => compareText(left, right))
      .map(([name, pem]) => ({ name, pem_b64: Buffer.from(pem, "utf8").toString("base64") })),
    dashboard: { enabled: signIn.dashboard },
    ...(signIn.groupNamesTenant === undefined
      ? {}
      : {
          // `tennant_id` is the charts' own spelling. People are looked up by object id: a upn may be missing (guests) or change.
          azure: { tennant_id: signIn.groupNamesTenant, uid_attribute_name: "oid", debug: false },
        }),
    openunison: {
      ...(signIn.groupNamesTenant === undefined ? {} : { include_auth_chain: "azuread-load-groups" }),
      replicas: signIn.replicas,
      // A time stamp in every render would restart OpenUnison at each update.
      auto_timestamp: false,
      force_update: secretHash,
      enable_provisioning: false,
    },
  };
}

function networkValues(signIn: OpenUnisonSignIn): ChartValues {
  const { hosts, clusterIssuer } = signIn;
  return {
    openunison_host: hosts.portal,
    dashboard_host: hosts.dashboard,
    // The charts want it to be there, and different from the other two, in both modes.
    api_server_host: hosts.apiServer ?? "",
    session_inactivity_timeout_seconds: signIn.sessionSeconds,
    k8s_url: signIn.apiServerUrl ?? `https://${hosts.apiServer ?? ""}`,
    force_redirect_to_tls: true,
    createIngressCertificate: clusterIssuer === undefined,
    ingress_type: signIn.ingressType,
    ingress_certificate: certificateSecret,
    ingress_annotations: {
      ...signIn.ingressAnnotations,
      ...(clusterIssuer === undefined ? {} : { "cert-manager.io/cluster-issuer": clusterIssuer }),
    },
  };
}

/** What of the values decides about sign-in, for the owner of an OpenUnison that is there: everything else of theirs stays. */
export function ownersValues(values: ChartValues): ChartValues {
  const network = values["network"] as ChartValues;
  const {
    force_update: _restarts,
    replicas: _replicas,
    auto_timestamp: _stamp,
    enable_provisioning: _provisioning,
    ...chain
  } = values["openunison"] as ChartValues;
  return {
    network: {
      openunison_host: network["openunison_host"],
      dashboard_host: network["dashboard_host"],
      api_server_host: network["api_server_host"],
      k8s_url: network["k8s_url"],
      session_inactivity_timeout_seconds: network["session_inactivity_timeout_seconds"],
    },
    enable_impersonation: values["enable_impersonation"],
    oidc: values["oidc"],
    trusted_certs: values["trusted_certs"],
    ...("azure" in values ? { azure: values["azure"] } : {}),
    ...(Object.keys(chain).length === 0 ? {} : { openunison: chain }),
  };
}

/** Content of the Secret orchestra-secrets-source, under the charts' own keys. None may end with a line feed (the vendor's documentation). */
export function openUnisonSecret(
  signIn: Pick<OpenUnisonSignIn, "dashboard">,
  secrets: { readonly client: string; readonly keystore: string; readonly dashboard: string },
): Record<string, string> {
  return {
    OIDC_CLIENT_SECRET: secrets.client.trimEnd(),
    unisonKeystorePassword: secrets.keystore,
    ...(signIn.dashboard ? { K8S_DB_SECRET: secrets.dashboard } : {}),
  };
}
