import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartValue, contentHash } from "../../../model";
import type { ClaimMappingArgs } from "../contract";
import { fromProjectFolder } from "../../project-folder";
import { mergeValues, ownersFile } from "../chart-values";
import { kastenSecretContent, kastenValues, requireContract, type KastenSignIn } from "./values";

/** Which chart is installed, and how. */
export interface KastenChartArgs {
  /** Exact chart version. */
  version: string;
  /** Address of the chart repository; not used with `path`. @default "https://charts.kasten.io/" */
  repository?: string;
  /** A chart folder or archive, relative to the project's folder, instead of the repository. A change inside it is installed with another version, not before. */
  path?: string;
  /** Wait until every pod is ready, and roll back when they are not. @default true */
  wait?: boolean;
  /** How long an install may take, in seconds. @default 900 */
  timeoutSeconds?: number;
}

export interface KastenArgs {
  /** Name of the Helm release; K10 names roles and callback path after it. @default "k10" */
  release?: string;
  /** Namespace, created here unless K10 is installed already. @default "kasten-io" */
  namespace?: string;
  /** Which chart, and how it is installed. */
  chart: KastenChartArgs;
  /** K10 is there already and stays its owner's: the Secret alone is made, and `ownersValues` says what the owner sets. @default false */
  installed?: boolean;
  /** What people open, `https://host`. */
  host: string;
  /** Issuer, byte for byte as discovery gives it. */
  issuer: string;
  /** Client id at the identity provider. */
  clientId: pulumi.Input<string>;
  /** Must be a secret output: component arguments are stored in the state. @secret */
  clientSecret: pulumi.Input<string>;
  /** Requested scopes. */
  scopes: string[];
  /** How the claim of a token becomes a user name. */
  username: ClaimMappingArgs;
  /** How the claim of a token becomes groups. */
  groups: ClaimMappingArgs;
  /** @default "select_account" */
  prompt?: string;
  /** A Go duration. @default "1h" */
  sessionDuration?: string;
  /** @default false */
  refreshTokens?: boolean;
  /** Send a PKCE code challenge; charts from 9.0 on. Default: K10 decides by what the issuer offers. */
  requirePkce?: boolean;
  /** PEM of a private authority behind the issuer's certificate; K10 trusts it beside public ones. */
  issuerCertificateAuthority?: string;
  /** The user's own chart values; ours are merged over them. */
  values?: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- schema inference knows `any`, not `unknown`
}

/** Kasten K10 behind an identity provider: namespace, client Secret, and the chart with its OIDC values. */
export class Kasten extends pulumi.ComponentResource {
  /** Name of the Secret that K10 reads; it changes with the content, and exactly the pods that read it are rolled. */
  public readonly secretName: pulumi.Output<string>;
  /** Where K10 is installed already: the chart values that its owner sets, as YAML. Empty otherwise. No secrets. */
  public readonly ownersValues: pulumi.Output<string>;

  constructor(name: string, args: KastenArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:Kasten", name, {}, opts);
    requireContract(args.chart.version);
    const child = { parent: this };
    const signIn = signInOf(args);

    if (args.installed === true) {
      const namespace = args.namespace ?? "kasten-io";
      this.secretName = createSecret(name, namespace, signIn, args, child).metadata.name;
      const bundle =
        args.issuerCertificateAuthority === undefined
          ? undefined
          : createBundle(name, namespace, args.release ?? "k10", args.issuerCertificateAuthority, child);
      this.ownersValues = pulumi.output({ ...kastenValues(signIn, this.secretName), ...bundle }).apply((values) => ownersFile(values));
      this.registerOutputs({ secretName: this.secretName, ownersValues: this.ownersValues });
      return;
    }
    const namespace = new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: args.namespace ?? "kasten-io", labels: { "app.kubernetes.io/managed-by": "gatehouse" } } },
      child,
    );
    const secret = createSecret(name, namespace.metadata.name, signIn, args, child);
    this.secretName = secret.metadata.name;

    const bundle =
      args.issuerCertificateAuthority === undefined
        ? undefined
        : createBundle(name, namespace.metadata.name, args.release ?? "k10", args.issuerCertificateAuthority, child);

    const wait = args.chart.wait ?? true;
    new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        name: args.release ?? "k10",
        namespace: namespace.metadata.name,
        chart: args.chart.path === undefined ? "k10" : fromProjectFolder(args.chart.path),
        version: args.chart.version,
        repositoryOpts: args.chart.path === undefined ? { repo: args.chart.repository ?? "https://charts.kasten.io/" } : undefined,
        // Only the Secret's name is an output in here: a plan, and the policies that read it, see all other values.
        values: mergeValues(args.values ?? {}, { ...kastenValues(signIn, this.secretName), ...bundle }),
        // atomic makes Helm wait whatever skipAwait says, so the two go together.
        atomic: wait,
        skipAwait: !wait,
        timeout: args.chart.timeoutSeconds ?? 900,
        // Values of an earlier release never linger: what the stack says is what is installed.
        resetValues: true,
        maxHistory: 10,
      },
      // The plugins 4.3 to 4.5 compare a checksum of what the chart renders, and this chart renders new certificates each time (kopia-tls-cert):
      // without this every update would find a change. The version is exact, so another chart is still seen.
      // Under `pulumi up --replace`, and for another name, the old release goes first: two of them cannot own the chart's cluster-wide objects.
      { ...child, ignoreChanges: ["checksum"], deleteBeforeReplace: true },
    );
    this.ownersValues = pulumi.output("");
    this.registerOutputs({ secretName: this.secretName, ownersValues: this.ownersValues });
  }
}

/**
 * The Secret's name carries a hash of its content. The content is in no checksum of the chart, so a new name is what rolls
 * the three Deployments that mount it, and only those (templates/secrets.yaml and the Deployments of auth, frontend and gateway in the chart). The old Secret goes last.
 */
function createSecret(
  name: string,
  namespace: pulumi.Input<string>,
  signIn: KastenSignIn,
  args: KastenArgs,
  child: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret {
  const content = pulumi.all([args.clientId, args.clientSecret]).apply(([id, secret]) => kastenSecretContent(signIn, { id, secret }));
  // Forty bits of a hash say nothing about the secret, and the name must be readable in plans and reports.
  const hash = pulumi.unsecret(content.apply(contentHash));
  const release = args.release ?? "k10";
  return new kubernetes.core.v1.Secret(
    `${name}-client`,
    {
      metadata: {
        // What its owner has set stays: a name that changes would be another setting at each rotation.
        name: args.installed === true ? `${release}-oidc-client` : pulumi.interpolate`${release}-oidc-${hash}`,
        namespace,
        labels: { "app.kubernetes.io/managed-by": "gatehouse" },
      },
      type: "Opaque",
      immutable: args.installed !== true,
      stringData: pulumi.secret(content),
    },
    { ...child, additionalSecretOutputs: ["data", "stringData"] },
  );
}

/**
 * K10's pods mount the key `custom-ca-bundle.pem` by subPath, which no change of the object reaches: the name carries a hash, so a new
 * authority rolls them. The key's own name is a setting from chart 8.0 on alone (the chart's README, cacertconfigmap).
 */
function createBundle(
  name: string,
  namespace: pulumi.Input<string>,
  release: string,
  pem: string,
  child: pulumi.CustomResourceOptions,
): { cacertconfigmap: { name: pulumi.Output<string> } } {
  const configMap = new kubernetes.core.v1.ConfigMap(
    `${name}-issuer-ca`,
    {
      metadata: {
        name: `${release}-issuer-ca-${contentHash({ pem })}`,
        namespace,
        labels: { "app.kubernetes.io/managed-by": "gatehouse" },
      },
      immutable: true,
      data: { "custom-ca-bundle.pem": pem },
    },
    child,
  );
  // By the object, not its name: the pods of the release wait for it.
  return { cacertconfigmap: { name: configMap.metadata.name } };
}

function signInOf(args: KastenArgs): KastenSignIn {
  const logoutUrl = chartValue(args.values, ["auth", "oidcAuth", "logoutURL"]);
  const groupAllowList = chartValue(args.values, ["auth", "groupAllowList"]);
  return {
    chartVersion: args.chart.version,
    issuer: args.issuer,
    host: args.host,
    scopes: args.scopes,
    prompt: args.prompt ?? "select_account",
    username: args.username,
    groups: args.groups,
    sessionDuration: args.sessionDuration ?? "1h",
    refreshTokens: args.refreshTokens ?? false,
    requirePkce: args.requirePkce ?? false,
    logoutUrl: typeof logoutUrl === "string" ? logoutUrl : undefined,
    groupAllowList: Array.isArray(groupAllowList) ? groupAllowList.map(String) : undefined,
  };
}
