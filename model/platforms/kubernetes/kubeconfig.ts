import { stringify } from "yaml";

/** What a person's kubectl needs: the cluster, and how kubelogin signs in. */
export interface PersonalKubeconfig {
  /** Name of cluster and context. */
  readonly clusterName: string;
  /** `https://host:port` */
  readonly server: string;
  /** PEM of the authority behind the API server's certificate; left out, the machine's own authorities count. */
  readonly certificateAuthority?: string;
  /** Issuer, byte for byte as discovery gives it. */
  readonly issuer: string;
  /** PEM of the authority behind the issuer's certificate. */
  readonly issuerCertificateAuthority?: string;
  readonly clientId: string;
  /** With `openid`, which kubelogin adds by itself. */
  readonly scopes: readonly string[];
  /** Ports on the person's machine where kubelogin waits for the answer; the first free one is used. */
  readonly loopbackPorts: readonly number[];
}

/**
 * A kubeconfig for everybody: it holds no credential, kubelogin (`kubectl oidc-login`) opens the browser and keeps the tokens.
 *
 * Exactly the scopes that the identity provider needs; one too many is an error at Okta. PKCE is asked for outright: Entra ID
 * accepts it without saying so in its discovery document, and kubelogin's `auto` would then leave it out
 * (kubelogin docs/usage.md, "PKCE").
 */
export function personalKubeconfig(config: PersonalKubeconfig): string {
  const { clusterName, server, certificateAuthority, issuerCertificateAuthority } = config;
  const args = [
    "oidc-login",
    "get-token",
    `--oidc-issuer-url=${config.issuer}`,
    `--oidc-client-id=${config.clientId}`,
    ...config.scopes.filter((scope) => scope !== "openid").map((scope) => `--oidc-extra-scope=${scope}`),
    "--oidc-pkce-method=S256",
    "--grant-type=authcode",
    ...config.loopbackPorts.map((port) => `--listen-address=127.0.0.1:${port}`),
    ...(issuerCertificateAuthority === undefined ? [] : [`--certificate-authority-data=${base64(issuerCertificateAuthority)}`]),
  ];
  const cluster = {
    server,
    ...(certificateAuthority === undefined ? {} : { "certificate-authority-data": base64(certificateAuthority) }),
  };
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "kubectl",
    args,
    interactiveMode: "IfAvailable",
    provideClusterInfo: false,
    installHint: "kubelogin is needed to sign in: kubectl krew install oidc-login",
  };
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: clusterName, cluster }],
      contexts: [{ name: clusterName, context: { cluster: clusterName, user: "oidc" } }],
      "current-context": clusterName,
      users: [{ name: "oidc", user: { exec } }],
    },
    { sortMapEntries: true, lineWidth: 0 },
  );
}

/** The redirect URIs that kubelogin sends for its ports: host name localhost, no path (kubelogin docs/usage.md, "Authorization code flow"). */
export function kubeloginRedirectUris(ports: readonly number[]): string[] {
  return ports.map((port) => `http://localhost:${port}`);
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
