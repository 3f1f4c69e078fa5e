/** The environment under which Pulumi, its plugins, kubectl and Helm work on one lab. */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { rootCertificates } from "node:tls";
import { writePrivate, type CertificateAuthority } from "../../machine/certificates";
import type { Cluster } from "../../machine/cluster";
import type { EnsuredTool } from "../../machine/toolchain";

/**
 * Settings of the user's own Pulumi, Helm, Kubernetes and identity providers. In a lab they would do harm: the official plugins and
 * Helm take from them another cluster (HELM_KUBEAPISERVER), another organisation (OKTA_API_PRIVATE_KEY), or no plugin of PATH at all
 * (PULUMI_IGNORE_AMBIENT_PLUGINS).
 */
const ofOtherSystems = /^(PULUMI|HELM|KUBE|KUBERNETES|OKTA|ARM|AAD|AZURE|KEYCLOAK)_|^KUBECONFIG$/;

/** The caller's environment without what would lead elsewhere. */
export function withoutOtherSystems(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ofOtherSystems.test(name)));
}

/**
 * A PATH on which the lab's plugins come first and then what it brought itself; everything else stays in the user's order. A tool that
 * is on the user's PATH is the first of its name there, so its folder must not come before the others: Pulumi's official language host
 * runs the first `node`, and that folder may hold another one.
 *
 * @param binDirectory where `ensurePlugins` wrote
 */
export function searchPath(binDirectory: string, tools: readonly Pick<EnsuredTool, "path" | "source">[], path = ""): string {
  const brought = tools.filter(({ source }) => source !== "PATH").map((tool) => dirname(tool.path));
  return [...new Set([binDirectory, ...brought]), path].join(delimiter);
}

export function labVariables(lab: {
  readonly stateDir: string;
  readonly binDirectory: string;
  readonly tools: readonly Pick<EnsuredTool, "path" | "source">[];
  readonly cluster: Pick<Cluster, "kubeconfigPath">;
  readonly authority: Pick<CertificateAuthority, "certificate" | "certificateFile">;
  /** What the identity provider's plugin needs. */
  readonly identityProvider: Readonly<Record<string, string>>;
}): NodeJS.ProcessEnv {
  const { stateDir, authority } = lab;
  const passphraseFile = join(stateDir, "passphrase");
  writePrivate(passphraseFile, randomBytes(24).toString("base64url"));
  const state = join(stateDir, "state");
  mkdirSync(state, { recursive: true });
  // Go reads one bundle instead of the system's, so the lab's CA stands in it beside the public ones.
  const bundle = join(stateDir, "certificates", "bundle.crt");
  writeFileSync(bundle, [...rootCertificates, authority.certificate].join("\n"));
  return {
    ...withoutOtherSystems(process.env),
    ...lab.identityProvider,
    PATH: searchPath(lab.binDirectory, lab.tools, process.env["PATH"]),
    KUBECONFIG: lab.cluster.kubeconfigPath,
    HELM_CACHE_HOME: join(stateDir, "helm", "cache"),
    HELM_CONFIG_HOME: join(stateDir, "helm", "config"),
    HELM_DATA_HOME: join(stateDir, "helm", "data"),
    NODE_EXTRA_CA_CERTS: authority.certificateFile,
    SSL_CERT_FILE: bundle,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_HOME: join(stateDir, "pulumi-home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}
