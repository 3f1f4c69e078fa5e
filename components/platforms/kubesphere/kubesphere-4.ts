import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { contentHash, kubeSphereProviderSecret } from "../../../model";
import { ownersFile } from "../chart-values";
import { providerConfiguration, providerYaml, type KubeSphereSignIn } from "./values";

/** How people sign in to a KubeSphere. */
export interface KubeSphereSignInArgs {
  /** Name of the identity provider in KubeSphere; the last part of `redirectUri`. */
  provider: string;
  /** What the sign-in button says. @default the provider's name */
  displayName?: string;
  /** `lookup`, `manual` or `auto`. @default "lookup" */
  mappingMethod?: string;
  /** Issuer, byte for byte as discovery gives it. */
  issuer: string;
  /** Client id at the identity provider. */
  clientId: pulumi.Input<string>;
  /** Must be a secret output: component arguments are stored in the state. @secret */
  clientSecret: pulumi.Input<string>;
  /** `https://<console>/oauth/redirect/<provider>`. */
  redirectUri: string;
  /** Where the browser goes after signing out. */
  postLogoutRedirectUri: string;
  /** Requested scopes without `openid`, which KubeSphere adds. */
  scopes: string[];
  /** Ask the userinfo endpoint for what a thin ID token leaves out. @default false */
  getUserInfo?: boolean;
  /** Do not check the issuer's certificate. @default false */
  insecureSkipVerify?: boolean;
  /** The claim of a person's address. @default "email" */
  emailKey?: string;
  /** The claim of the user name that is suggested at a first sign-in. @default "preferred_username" */
  preferredUsernameKey?: string;
}

/** The same, and what only release 4 can be told. */
export interface KubeSphere4Args extends KubeSphereSignInArgs {
  /** Name of the Secret. @default `identity-provider-<provider in lower case>` */
  secretName?: string;
  /** Leave the button out of the sign-in page. @default false */
  hidden?: boolean;
  /** PEM of a private authority behind the issuer's certificate. The owner of the ks-core chart mounts it: see `files`. */
  issuerCertificateAuthority?: string;
}

/** An identity provider of KubeSphere 4: the labelled Secret that its API server watches. No restart is needed. */
export class KubeSphere4 extends pulumi.ComponentResource {
  /** Name of the Secret. */
  public readonly secretName: pulumi.Output<string>;
  /** What the owner of the ks-core chart adds to its values, by file name; empty without a private authority. */
  public readonly files: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: KubeSphere4Args, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:KubeSphere4", name, {}, opts);
    const signIn = { ...signInOf(4, args), hidden: args.hidden ?? false };
    const data = pulumi.secret(
      pulumi.all([args.clientId, args.clientSecret]).apply(([id, secret]) => dataOf(providerConfiguration(signIn, { id, secret }))),
    );
    const secret = createProvider(name, { provider: signIn.provider, secretName: args.secretName }, data, { parent: this });
    keepCurrent(name, secret, data, { parent: this });
    this.secretName = secret.metadata.name;
    this.files = pulumi.output(
      args.issuerCertificateAuthority === undefined ? {} : createAuthority(name, args.issuerCertificateAuthority, { parent: this }),
    );
    this.registerOutputs({ secretName: this.secretName, files: this.files });
  }
}

const namespace = "kubesphere-system";

/** `configuration.yaml` as a Secret holds it. */
function dataOf(configuration: Record<string, unknown>): Record<string, string> {
  return { "configuration.yaml": Buffer.from(providerYaml(configuration)).toString("base64") };
}

/** The Secret with its first content. What is in it later is the patch's: see {@link keepCurrent}. */
function createProvider(
  name: string,
  { provider, secretName = kubeSphereProviderSecret(provider) }: { readonly provider: string; readonly secretName?: string },
  data: pulumi.Input<Record<string, string>>,
  child: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret {
  return new kubernetes.core.v1.Secret(
    `${name}-provider`,
    {
      metadata: {
        name: secretName,
        namespace,
        labels: {
          "app.kubernetes.io/managed-by": "gatehouse",
          // Both this label and the type are what the API server looks for; the label of the name is what its webhook adds.
          "config.kubesphere.io/type": "identityprovider",
          "config.kubesphere.io/identityprovider": provider,
        },
      },
      type: "config.kubesphere.io/identityprovider",
      data,
    },
    // The webhook refuses two providers of one name and any change of a name, so the old object goes first.
    { ...child, deleteBeforeReplace: true, ignoreChanges: ["data"], additionalSecretOutputs: ["data", "stringData"] },
  );
}

/**
 * Writes the present content into the Secret, where it is. The kubernetes provider replaces a Secret whose data changes, unless its own
 * setting enableSecretMutable is on, and KubeSphere forgets the provider with the old one: nobody could sign in until the new one is read
 * (pkg/apiserver/authentication/identityprovider, OnConfigurationDelete). Two Secrets beside each other are no way round: the webhook refuses
 * them, and the end of either is the end of the name. A patch is updated in place (provider.go, Diff: isPatchURN).
 */
function keepCurrent(
  name: string,
  secret: kubernetes.core.v1.Secret,
  data: pulumi.Input<Record<string, string>>,
  child: pulumi.CustomResourceOptions,
): void {
  new kubernetes.core.v1.SecretPatch(
    `${name}-provider-content`,
    {
      metadata: {
        // Known once the Secret is there: a plan that tried the patch before would have to make one.
        name: pulumi.all([secret.id, secret.metadata.name]).apply(([, secretName]) => secretName),
        namespace,
        annotations: { "pulumi.com/patchForce": "true" },
      },
      data,
    },
    // It goes with the Secret. Taken back alone it would leave a provider without a name, which the webhook refuses.
    { ...child, retainOnDelete: true, additionalSecretOutputs: ["data", "stringData"] },
  );
}

/**
 * KubeSphere's provider has no setting for an authority, and skipping the check is no way. Its API server is a Go program, which reads
 * every file below /etc/ssl/certs; ks-core (values apiserver.extraVolumes and extraVolumeMounts, 1.1.0 to 1.1.4) mounts one there.
 */
function createAuthority(name: string, pem: string, child: pulumi.CustomResourceOptions): Record<string, string> {
  const configMap = `gatehouse-issuer-ca-${contentHash({ pem })}`;
  new kubernetes.core.v1.ConfigMap(
    `${name}-issuer-ca`,
    {
      metadata: { name: configMap, namespace, labels: { "app.kubernetes.io/managed-by": "gatehouse" } },
      immutable: true,
      data: { "ca.pem": pem },
    },
    child,
  );
  const values = {
    apiserver: {
      extraVolumes: [{ name: "oidc-issuer-ca", configMap: { name: configMap } }],
      extraVolumeMounts: [{ name: "oidc-issuer-ca", mountPath: "/etc/ssl/certs/oidc-issuer-ca.pem", subPath: "ca.pem", readOnly: true }],
    },
  };
  return { "ks-core-values.yaml": ownersFile(values) };
}

export function signInOf(release: 3 | 4, args: KubeSphereSignInArgs): KubeSphereSignIn {
  return {
    release,
    provider: args.provider,
    displayName: args.displayName,
    mappingMethod: args.mappingMethod ?? "lookup",
    issuer: args.issuer,
    redirectUri: args.redirectUri,
    postLogoutRedirectUri: args.postLogoutRedirectUri,
    scopes: args.scopes,
    getUserInfo: args.getUserInfo ?? false,
    disableLoginConfirmation: false,
    hidden: false,
    insecureSkipVerify: args.insecureSkipVerify ?? false,
    emailKey: args.emailKey ?? "email",
    preferredUsernameKey: args.preferredUsernameKey ?? "preferred_username",
  };
}
