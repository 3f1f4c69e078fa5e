import type { Download, Platform, ToolName } from "./tools";

interface Release {
  /** Version that is downloaded, without "v"; may lie behind the one that go.mod pins. */
  readonly version: string;
  readonly files: Readonly<Record<Platform, Download>>;
}

/** https://dl.k8s.io publishes server binaries for Linux only, one bare file each. */
function kubernetes(binary: string, sha256: { amd64: string; arm64: string }): Release {
  const file = (arch: "amd64" | "arm64"): Download => ({
    url: `https://dl.k8s.io/release/v1.36.1/bin/linux/${arch}/${binary}`,
    sha256: sha256[arch],
  });
  return { version: "1.36.1", files: { "linux-amd64": file("amd64"), "linux-arm64": file("arm64") } };
}

/**
 * Official release files whose checksum is known from a published source; a tool or platform that is not listed is built.
 *
 * Sources: kube-* from kubernetes/kops pkg/assets/assetdata/k8s-1.36.yaml (generated from dl.k8s.io; 1.36.1 is the newest
 * there); helm 3.20.0 linux-amd64 from two independent repositories that pin it. No checksum could be found for etcd 3.6.7,
 * for pulumi 3.220 or later, nor for helm on other platforms: those are left out, since an unchecked download is worse than a
 * build whose every module Go verifies against go.sum.
 */
export const officialDownloads: Readonly<Partial<Record<ToolName, Release>>> = {
  "kube-apiserver": kubernetes("kube-apiserver", {
    amd64: "9b4dba0a5b945f1fe0ce18f47535c5ff0c46ae384f9222047bce39fe91b6023e",
    arm64: "4652cb7637891e9ca1c639802a3a4e7c658c6291fdaa8bcbd173b0d610a7b290",
  }),
  "kube-controller-manager": kubernetes("kube-controller-manager", {
    amd64: "41a41cd08f8035661848e883479816d5e65f832a461c004840eb2cd54998af08",
    arm64: "100b2da64ff32467334eab1c9c17eeab16588b7b7de30a3d4c5d8375c43634e4",
  }),
  helm: {
    version: "3.20.0",
    files: {
      "linux-amd64": {
        url: "https://get.helm.sh/helm-v3.20.0-linux-amd64.tar.gz",
        sha256: "dbb4c8fc8e19d159d1a63dda8db655f9ffa4aac1b9a6b188b34a40957119b286",
        archiveFolder: "linux-amd64",
      },
    },
  },
};
