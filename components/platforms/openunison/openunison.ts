import { setTimeout as sleep } from "node:timers/promises";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { contentHash } from "../../../model";
import { fromProjectFolder } from "../../project-folder";
import { mergeValues, ownersFile } from "../chart-values";
import { exportedTrust } from "./trust";
import type { ClaimMappingArgs } from "../contract";
import { openUnisonDefaults, openUnisonSecret, openUnisonValues, ownersValues, type OpenUnisonSignIn } from "./values";

/** One of the vendor's charts. */
export interface OpenUnisonChartArgs {
  /** Exact chart version. */
  version: string;
  /** A chart folder or archive, relative to the project's folder, instead of the repository. */
  path?: string;
}

/** The vendor's charts, each with its own version. */
export interface OpenUnisonChartsArgs {
  /** openunison-operator. */
  operator: OpenUnisonChartArgs;
  /** orchestra. */
  orchestra: OpenUnisonChartArgs;
  /** orchestra-login-portal. */
  loginPortal: OpenUnisonChartArgs;
  /** Exactly with impersonation. */
  kubeOidcProxy?: OpenUnisonChartArgs;
  /** The chain that looks group names up in Entra ID; exactly with `groupNamesTenant`. */
  loginAzuread?: OpenUnisonChartArgs;
  /** @default "https://nexus.tremolo.io/repository/helm/" */
  repository?: string;
  /** Wait until each release's pods are ready, and roll back when they are not. @default true */
  wait?: boolean;
  /** How long each install may take, in seconds. @default 900 */
  timeoutSeconds?: number;
}

/** The three host names, all different. */
export interface OpenUnisonHostsArgs {
  /** The login portal. */
  portal: string;
  /** Host of the dashboard. */
  dashboard: string;
  /** The proxy before the API server; exactly with impersonation. */
  apiServer?: string;
}

/** The claims that OpenUnison maps to a person, each under the charts' own key. */
export interface OpenUnisonClaimsArgs {
  /** Identity of a person; must not change. */
  sub: string;
  /** Address. */
  email: string;
  /** Given name. */
  given_name: string;
  /** Family name. */
  family_name: string;
  /** Name for people. */
  display_name: string;
  /** Groups. */
  groups: string;
}

/** Trust of the API server in OpenUnison's own tokens, for its owner to install. */
export interface OpenUnisonDirectArgs {
  /** `https://host:port` */
  apiServerUrl: string;
  /** PEM of the authority behind the portal's certificate. */
  certificateAuthority?: string;
  /** How the API server turns the claim into a user name. */
  username: ClaimMappingArgs;
  /** How the API server turns the claim into groups. */
  groups: ClaimMappingArgs;
}

export interface OpenUnisonArgs {
  /** The four or five charts, and how they are installed. */
  charts: OpenUnisonChartsArgs;
  /** OpenUnison is there already and stays its owner's: the client secret alone is set, and `files` has the values. @default false */
  installed?: boolean;
  /** The names under which people reach it. */
  hosts: OpenUnisonHostsArgs;
  /** Left out: impersonation. */
  direct?: OpenUnisonDirectArgs;
  /** @default "kubernetes" */
  clusterName?: string;
  /** Issuer, byte for byte as discovery gives it. */
  issuer: string;
  /** Client id at the identity provider. */
  clientId: pulumi.Input<string>;
  /** Must be a secret output: component arguments are stored in the state. @secret */
  clientSecret: pulumi.Input<string>;
  /** Password of a keystore that was there before; left out, one is made. @secret */
  keystorePassword?: pulumi.Input<string>;
  /** Secret of the dashboard's own client that was there before; left out, one is made. @secret */
  dashboardSecret?: pulumi.Input<string>;
  /** Whether the Secret with all of them is there already, with these values: it stays as it is until one of them changes. @default false */
  keepsSecret?: boolean;
  /** Requested scopes. */
  scopes: string[];
  /** Whether the ID token says all that is asked of a person (Entra ID), or the userinfo endpoint is asked (Okta). */
  userInIdToken: boolean;
  /** Which claim of the identity provider gives which attribute of a person. */
  claims: OpenUnisonClaimsArgs;
  /** @default false */
  dashboard?: boolean;
  /** Seconds without activity after which a session ends. @default 900 */
  sessionSeconds?: number;
  /** @default 1 */
  replicas?: number;
  /** Image of OpenUnison, with its tag. */
  image?: string;
  /** Image of kube-oidc-proxy. */
  proxyImage?: string;
  /** @default "nginx" */
  ingressType?: string;
  /** Annotations of the Ingress. */
  ingressAnnotations?: Record<string, string>;
  /** Cluster issuer of cert-manager; left out, the portal makes its own certificates. */
  clusterIssuer?: string;
  /** PEM by name: authorities trusted beside public ones. */
  trustedCertificates?: Record<string, string>;
  /** Id of the Entra ID tenant in which OpenUnison looks up the display names of a person's groups. Left out: groups are as the claim has them. */
  groupNamesTenant?: string;
  /** The user's own values for all charts but the operator's; ours are merged over them. */
  values?: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- schema inference knows `any`, not `unknown`
}

/** Objects of the charts name this namespace literally, so it cannot be another (chart orchestra, templates). */
const namespaceName = "openunison";
/** The operator reads the source of all secrets under this name. */
const sourceSecret = "orchestra-secrets-source";

/**
 * OpenUnison behind an identity provider: the whole install, in the order that does not deadlock. Operator and Secret, then
 * orchestra, whose webhooks must answer before the login portal, and the proxy last, which waits for the portal's discovery document.
 */
export class OpenUnison extends pulumi.ComponentResource {
  /** Name of the Secret that holds the client secret. */
  public readonly secretName: pulumi.Output<string>;
  /** With `direct`: what the API server's owner installs, by file name; where it is installed already, the values that its owner sets. */
  public readonly files: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: OpenUnisonArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:OpenUnison", name, {}, opts);
    const child = { parent: this };
    requireGroupNamesWhole(args);
    const signIn = signInOf(args);
    const trust = args.direct === undefined ? {} : exportedTrust(args.hosts.portal, args.direct);
    if (args.installed === true) {
      this.secretName = patchSecret(name, args.clientSecret, child).metadata.name;
      this.files = pulumi
        .output(ownersValues(openUnisonValues(signIn, args.clientId, "")))
        .apply((values): Record<string, string> => ({ ...trust, "openunison-values.yaml": ownersFile(values) }));
      this.registerOutputs({ secretName: this.secretName, files: this.files });
      return;
    }

    const namespace = new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: namespaceName, labels: { "app.kubernetes.io/managed-by": "gatehouse" } } },
      child,
    );
    const content = secretContent(name, signIn, args, child);
    const secret = createSecret(name, namespace.metadata.name, content, {
      ...child,
      // The state of one that was taken over has no values: to compare them would be to make it anew.
      ignoreChanges: args.keepsSecret === true ? ["data", "stringData"] : undefined,
    });
    // Forty bits of a hash say nothing about the secrets; a change of it is what restarts OpenUnison, which reads them at its start only.
    const hash = pulumi.unsecret(content.apply(contentHash));
    const values = mergeValues(mergeValues(openUnisonDefaults, args.values ?? {}), openUnisonValues(signIn, args.clientId, hash));

    installCharts(releaseMaker(name, args.charts, namespace.metadata.name, this), args.charts, values, { namespace, secret });

    this.secretName = secret.metadata.name;
    this.files = pulumi.output(trust);
    this.registerOutputs({ secretName: this.secretName, files: this.files });
  }
}

function requireGroupNamesWhole({ charts, groupNamesTenant }: OpenUnisonArgs): void {
  if ((charts.loginAzuread === undefined) !== (groupNamesTenant === undefined)) {
    throw new pulumi.InputPropertyError({
      propertyPath: "charts.loginAzuread",
      reason: `expected it exactly with groupNamesTenant, got ${groupNamesTenant === undefined ? "it alone" : "groupNamesTenant alone"}`,
    });
  }
}

function createSecret(
  name: string,
  namespace: pulumi.Input<string>,
  content: pulumi.Output<Record<string, string>>,
  options: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret {
  return new kubernetes.core.v1.Secret(
    `${name}-secrets`,
    {
      metadata: { name: sourceSecret, namespace, labels: { "app.kubernetes.io/managed-by": "gatehouse" } },
      type: "Opaque",
      stringData: pulumi.secret(content),
    },
    { ...options, deleteBeforeReplace: true, additionalSecretOutputs: ["data", "stringData"] },
  );
}

/** In the order that does not deadlock. */
function installCharts(
  release: MakeRelease,
  charts: OpenUnisonChartsArgs,
  values: Record<string, unknown>,
  { namespace, secret }: { readonly namespace: pulumi.Resource; readonly secret: pulumi.Resource },
): void {
  const operator = served(
    release("operator", "openunison", "openunison-operator", charts.operator, undefined, [namespace]),
    charts.wait ?? true,
  );
  const groupChain =
    charts.loginAzuread === undefined
      ? []
      : // Its objects are the operator's custom resources; the portal's chain includes its chain, so it must be there before.
        [release("group-names", "orchestra-login-azuread", "orchestra-login-azuread", charts.loginAzuread, values, [operator, secret])];
  const orchestra = release("orchestra", "orchestra", "orchestra", charts.orchestra, values, [operator, secret, ...groupChain]);
  const portal = release("portal", "orchestra-login-portal", "orchestra-login-portal", charts.loginPortal, values, [orchestra]);
  if (charts.kubeOidcProxy !== undefined) {
    release("proxy", "orchestra-kube-oidc-proxy", "orchestra-kube-oidc-proxy", charts.kubeOidcProxy, values, [portal]);
  }
}

/**
 * The client secret in the Secret of an OpenUnison that is there, whose other keys (the keystore's password among them) stay as they are:
 * a patch owns one key, and gives nothing but that up when it goes. `stringData` would not: a server-side apply never takes its keys away.
 */
function patchSecret(
  name: string,
  clientSecret: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): kubernetes.core.v1.SecretPatch {
  const encoded = pulumi.output(clientSecret).apply((secret) => Buffer.from(secret.trimEnd(), "utf8").toString("base64"));
  return new kubernetes.core.v1.SecretPatch(
    `${name}-client`,
    {
      // Whoever set the secret by hand owns the key until now.
      metadata: { name: sourceSecret, namespace: namespaceName, annotations: { "pulumi.com/patchForce": "true" } },
      data: { OIDC_CLIENT_SECRET: pulumi.secret(encoded) },
    },
    { ...child, additionalSecretOutputs: ["data"] },
  );
}

type MakeRelease = (
  suffix: string,
  release: string,
  chart: string,
  args: OpenUnisonChartArgs,
  values: Record<string, unknown> | undefined,
  dependsOn: pulumi.Input<pulumi.Resource>[],
) => kubernetes.helm.v3.Release;

/**
 * The operator's release, once its kinds can be used. A Helm that waits is long past that; one that was told not to comes back before the API
 * server serves the new kinds (0.2 to 0.6 s on two busy cores, measured with twenty definitions, as the vendor has), and the next release, which has
 * objects of theirs, would fail with "no matches for kind".
 */
function served(operator: pulumi.Resource, waited: boolean): pulumi.Input<pulumi.Resource> {
  return waited || pulumi.runtime.isDryRun() ? operator : operator.urn.apply(() => sleep(3000, operator));
}

function releaseMaker(name: string, charts: OpenUnisonChartsArgs, namespace: pulumi.Input<string>, parent: pulumi.Resource): MakeRelease {
  const wait = charts.wait ?? true;
  return (suffix, release, chart, { version, path }, values, dependsOn) =>
    new kubernetes.helm.v3.Release(
      `${name}-${suffix}`,
      {
        name: release,
        namespace,
        chart: path === undefined ? chart : fromProjectFolder(path),
        version,
        repositoryOpts: path === undefined ? { repo: charts.repository ?? "https://nexus.tremolo.io/repository/helm/" } : undefined,
        values,
        // atomic makes Helm wait whatever skipAwait says, so the two go together.
        atomic: wait,
        skipAwait: !wait,
        timeout: charts.timeoutSeconds ?? 900,
        resetValues: true,
        maxHistory: 10,
      },
      // `pulumi up --replace` would otherwise make the new one first, under a name that is taken.
      { parent, dependsOn, deleteBeforeReplace: true },
    );
}

/** Letters and digits only: the vendor's documentation forbids `&`. */
function secretContent(
  name: string,
  signIn: OpenUnisonSignIn,
  given: Pick<OpenUnisonArgs, "clientSecret" | "keystorePassword" | "dashboardSecret">,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<Record<string, string>> {
  const made = (suffix: string): pulumi.Output<string> =>
    new random.RandomPassword(`${name}-${suffix}`, { length: 48, special: false }, child).result;
  const keystore = given.keystorePassword ?? made("keystore");
  const dashboard = signIn.dashboard ? (given.dashboardSecret ?? made("dashboard-client")) : "";
  return pulumi
    .all([given.clientSecret, keystore, dashboard])
    .apply(([client, own, internal]) => openUnisonSecret(signIn, { client, keystore: own, dashboard: internal }));
}

function signInOf(args: OpenUnisonArgs): OpenUnisonSignIn {
  return {
    hosts: args.hosts,
    apiServerUrl: args.direct?.apiServerUrl,
    clusterName: args.clusterName ?? "kubernetes",
    issuer: args.issuer,
    scopes: args.scopes,
    userInIdToken: args.userInIdToken,
    claims: args.claims,
    dashboard: args.dashboard ?? false,
    sessionSeconds: args.sessionSeconds ?? 900,
    replicas: args.replicas ?? 1,
    image: args.image,
    proxyImage: args.proxyImage,
    ingressType: args.ingressType ?? "nginx",
    ingressAnnotations: args.ingressAnnotations ?? {},
    clusterIssuer: args.clusterIssuer,
    trustedCertificates: args.trustedCertificates ?? {},
    groupNamesTenant: args.groupNamesTenant,
  };
}
