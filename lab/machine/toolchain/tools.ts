/** The binaries that the lab runs. `kube-apiserver` and `kube-controller-manager` are one project and one version. */
export type ToolName =
  | "pulumi"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "etcd"
  | "helm"
  | "cosign"
  | "pulumi-language-go"
  | "pulumi-language-python"
  | "pulumi-language-yaml";

/** `linux-amd64`, `linux-arm64`, `darwin-amd64`, `darwin-arm64`, ... in Go's words. */
export type Platform = `${string}-${string}`;

export interface Download {
  readonly url: string;
  /** SHA-256 of the downloaded file, lower case hexadecimal. */
  readonly sha256: string;
  /** Folder inside the archive whose files are wanted; undefined for a bare binary. */
  readonly archiveFolder?: string;
}

export interface Tool {
  readonly name: ToolName;
  /** Folder under lab/machine/toolchain/ with go.mod and go.sum, and the cache folder; tools that share one are one version. */
  readonly project: "pulumi" | "kubernetes" | "etcd" | "helm" | "cosign" | "pulumi-yaml" | "language-hosts";
  /** Versions accepted from PATH (semver range), and why not older ones. */
  readonly accepts: string;
  readonly versionArgs: readonly string[];
  /** Go package with the main function, from the project's go.mod. */
  readonly goPackage: string;
  /** Version that go.mod pins, without "v". */
  readonly version: string;
  /** `-X` values of the linker: a binary built from a module does not know its own version otherwise. */
  readonly stamps: Readonly<Record<string, string>>;
  /** Files of other modules that the binary needs beside it, by module. */
  readonly files?: Readonly<Record<string, readonly string[]>>;
}

/** Stand-ins of our own: the official hosts' modules are not served. An official one is taken from PATH by lab/pulumi. */
const languageHosts = {
  project: "language-hosts",
  accepts: "^1.0.0",
  versionArgs: ["-version"],
  // Goes up with every change of main.go: the cache knows a tool by its version.
  version: "1.0.0",
  goPackage: "gatehouse.example/lab/toolchain/language-hosts",
  stamps: {},
  files: { "github.com/pulumi/pulumi/sdk/v3": ["python/cmd/pulumi-language-python-exec"] },
} as const;

const kubernetes = {
  project: "kubernetes",
  // 1.34 is the first with AuthenticationConfiguration apiserver.config.k8s.io/v1 (feature StructuredAuthenticationConfiguration, GA).
  accepts: ">=1.34.0 <2",
  versionArgs: ["--version"],
  version: "1.36.3",
  stamps: {
    "k8s.io/component-base/version.gitVersion": "v1.36.3",
    "k8s.io/component-base/version.gitMajor": "1",
    "k8s.io/component-base/version.gitMinor": "36",
    "k8s.io/component-base/version.gitTreeState": "clean",
  },
} as const;

export const tools: Readonly<Record<ToolName, Tool>> = {
  pulumi: {
    name: "pulumi",
    project: "pulumi",
    accepts: ">=3.220.0 <4",
    versionArgs: ["version"],
    version: "3.230.0",
    goPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.230.0" },
  },
  "kube-apiserver": { ...kubernetes, name: "kube-apiserver", goPackage: "k8s.io/kubernetes/cmd/kube-apiserver" },
  "kube-controller-manager": {
    ...kubernetes,
    name: "kube-controller-manager",
    goPackage: "k8s.io/kubernetes/cmd/kube-controller-manager",
  },
  etcd: {
    name: "etcd",
    project: "etcd",
    accepts: "^3.5.0",
    versionArgs: ["--version"],
    version: "3.6.7",
    goPackage: "go.etcd.io/etcd/server/v3",
    stamps: {},
  },
  helm: {
    name: "helm",
    project: "helm",
    // Helm 4 changed flags and the wording that tools parse; 3.14 is the first whose `upgrade` has --reset-then-reuse-values.
    accepts: ">=3.14.0 <4",
    versionArgs: ["version", "--template", "{{.Version}}"],
    version: "3.22.0",
    goPackage: "helm.sh/helm/v3/cmd/helm",
    // As the vendor's Makefile does: a client-go of v0.37 makes `helm template` render for Kubernetes 1.37 (1.20 when left out).
    stamps: {
      "helm.sh/helm/v3/internal/version.version": "v3.22.0",
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": "1",
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": "37",
      "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor": "1",
      "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor": "37",
    },
  },
  // Of no lab: one test signs and verifies with it.
  cosign: {
    name: "cosign",
    project: "cosign",
    // Cosign 3 writes bundles in place of signatures.
    accepts: ">=2.4.0 <3",
    versionArgs: ["version"],
    version: "2.4.3",
    goPackage: "github.com/sigstore/cosign/v2/cmd/cosign",
    stamps: { "sigs.k8s.io/release-utils/version.gitVersion": "v2.4.3" },
  },
  "pulumi-language-go": { ...languageHosts, name: "pulumi-language-go" },
  "pulumi-language-python": { ...languageHosts, name: "pulumi-language-python" },
  "pulumi-language-yaml": {
    name: "pulumi-language-yaml",
    project: "pulumi-yaml",
    accepts: "^1.0.0",
    // It knows no such option: one from PATH says no version and is passed over.
    versionArgs: ["-version"],
    version: "1.36.0",
    goPackage: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    stamps: { "github.com/pulumi/pulumi-yaml/pkg/version.Version": "v1.36.0" },
  },
};

/** Names of all tools that one project brings. */
export function siblings(tool: Tool): Tool[] {
  return Object.values(tools).filter((other) => other.project === tool.project);
}
