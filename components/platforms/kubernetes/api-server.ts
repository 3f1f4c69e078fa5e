import * as pulumi from "@pulumi/pulumi";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { apiServerFlags, authenticationConfiguration, compareText, personalKubeconfig, type TrustedIssuer } from "../../../model";
import { fromProjectFolder } from "../../project-folder";
import type { ClaimMappingArgs } from "../contract";

export interface ApiServerArgs {
  /** The API server as people reach it, `https://host:port`. */
  server: string;
  /** What cluster and context are called in the kubeconfig. @default "kubernetes" */
  clusterName?: string;
  /** PEM of the authority behind the API server's certificate; left out, the person's machine decides. */
  certificateAuthority?: string;
  /** Issuer, byte for byte as discovery gives it. */
  issuer: string;
  /** PEM of a private authority behind the issuer's certificate. */
  issuerCertificateAuthority?: string;
  /** `object`: the groups claim is an object, whose keys are the groups; only the file can say so. @default a list */
  groupsShape?: string;
  /** Claims, with their values, that every token must have. @default {} */
  requiredClaims?: Record<string, string>;
  /** A public client with loopback redirect URIs for {@link loopbackPorts}. */
  clientId: pulumi.Input<string>;
  /** Requested scopes. */
  scopes: string[];
  /** How the claim of a token becomes a user name. */
  username: ClaimMappingArgs;
  /** How the claim of a token becomes groups. */
  groups: ClaimMappingArgs;
  /** Ports on the person's machine where kubelogin waits for the answer. @default [8000, 18000] */
  loopbackPorts?: number[];
  /** Folder into which an update writes the files, relative to the project's (where Pulumi.yaml is); left out, nothing is written. */
  outputFolder?: string;
}

/** Where the flags expect the issuer's authority on a control plane made by kubeadm, whose static pod mounts that folder. */
const issuerCertificateFile = "/etc/kubernetes/pki/oidc-issuer-ca.pem";

/**
 * The API server of a cluster behind an identity provider: the trust that its owner installs, and the kubeconfig that its people use.
 * Creates nothing in the cluster; a managed one takes the same settings through its maker's own interface.
 */
export class ApiServer extends pulumi.ComponentResource {
  /** An AuthenticationConfiguration (apiserver.config.k8s.io/v1) for `--authentication-config`, as YAML. */
  public readonly authenticationConfiguration: pulumi.Output<string>;
  /** The same trust as flags of kube-apiserver; never both. */
  public readonly flags: pulumi.Output<string[]>;
  /** A kubeconfig without any credential, for everybody. */
  public readonly kubeconfig: pulumi.Output<string>;
  /** All of it by file name. */
  public readonly files: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: ApiServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:ApiServer", name, {}, opts);
    const clientId = pulumi.output(args.clientId);
    this.authenticationConfiguration = clientId.apply((id) => authenticationConfiguration(trusted(args, id)));
    // Flags know no expressions.
    this.flags = clientId.apply((id) => (args.groupsShape === "object" ? [] : apiServerFlags(trusted(args, id), issuerCertificateFile)));
    this.kubeconfig = clientId.apply((id) => kubeconfigFor(args, id));
    this.files = pulumi.all([this.authenticationConfiguration, this.flags, this.kubeconfig]).apply(([configuration, flags, kubeconfig]) =>
      written(args.outputFolder, {
        ...(flags.length === 0 ? {} : { "api-server-flags.txt": `${flags.join("\n")}\n` }),
        "authentication-configuration.yaml": configuration,
        "kubeconfig.yaml": kubeconfig,
      }),
    );
    this.registerOutputs({
      authenticationConfiguration: this.authenticationConfiguration,
      flags: this.flags,
      kubeconfig: this.kubeconfig,
      files: this.files,
    });
  }
}

function trusted(args: ApiServerArgs, clientId: string): TrustedIssuer {
  return {
    issuer: args.issuer,
    audiences: [clientId],
    certificateAuthority: args.issuerCertificateAuthority,
    requiredClaims: args.requiredClaims,
    groupsShape: args.groupsShape,
    username: args.username,
    groups: args.groups,
  };
}

function kubeconfigFor(args: ApiServerArgs, clientId: string): string {
  return personalKubeconfig({
    clusterName: args.clusterName ?? "kubernetes",
    server: args.server,
    certificateAuthority: args.certificateAuthority,
    issuer: args.issuer,
    issuerCertificateAuthority: args.issuerCertificateAuthority,
    clientId,
    scopes: args.scopes,
    loopbackPorts: args.loopbackPorts ?? [8000, 18000],
  });
}

/** Writes the files where the stack asked for it. A plan changes nothing, not even a file. */
function written(folder: string | undefined, files: Record<string, string>): Record<string, string> {
  if (folder !== undefined && !pulumi.runtime.isDryRun()) {
    const target = resolve(fromProjectFolder(folder));
    mkdirSync(target, { recursive: true });
    for (const [file, content] of Object.entries(files).sort(([left], [right]) => compareText(left, right))) {
      writeFileSync(join(target, file), content);
    }
  }
  return files;
}
