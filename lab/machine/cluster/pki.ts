import { join } from "node:path";
import { createCertificateAuthority, writeKeyPair } from "../certificates";
import type { IssuedCertificate } from "../certificates";

/** Every key and certificate of one cluster. Four authorities, as in a cluster of kubeadm: none can stand in for another. */
export interface ClusterPki {
  /** Signs the API server's TLS certificate. */
  readonly serverCa: { readonly file: string; readonly pem: string };
  readonly server: IssuedCertificate;
  /** Signs client certificates that the API server reads users and groups from. */
  readonly clientCaFile: string;
  readonly admin: IssuedCertificate;
  readonly controllerManager: IssuedCertificate;
  /** Aggregation layer: what the API server presents to the backends of an APIService. */
  readonly frontProxyCaFile: string;
  readonly frontProxy: IssuedCertificate;
  readonly etcdCa: { readonly file: string; readonly pem: string };
  readonly etcdServer: IssuedCertificate;
  readonly etcdClient: IssuedCertificate;
  readonly serviceAccount: { readonly privateKeyFile: string; readonly publicKeyFile: string };
}

/** The one name that the requestheader options accept as front proxy. */
export const frontProxyName = "front-proxy-client";

export async function createPki(directory: string): Promise<ClusterPki> {
  const [server, client, frontProxy, etcd] = await Promise.all(
    ["server-ca", "client-ca", "front-proxy-ca", "etcd-ca"].map((name) =>
      createCertificateAuthority({ directory: join(directory, name.replace(/-ca$/, "")), name }),
    ),
  );
  if (server === undefined || client === undefined || frontProxy === undefined || etcd === undefined) {
    throw new Error("expected four certificate authorities, got fewer");
  }
  return {
    serverCa: { file: server.certificateFile, pem: server.certificate },
    server: await server.issueServer({
      name: "kube-apiserver",
      dnsNames: ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"],
      ipAddresses: ["10.0.0.1"],
    }),
    clientCaFile: client.certificateFile,
    // The group that the built-in binding `cluster-admin` names.
    admin: await client.issueClient({ name: "admin", commonName: "gatehouse-lab-admin", organizations: ["system:masters"] }),
    controllerManager: await client.issueClient({ name: "kube-controller-manager", commonName: "system:kube-controller-manager" }),
    frontProxyCaFile: frontProxy.certificateFile,
    frontProxy: await frontProxy.issueClient({ name: "front-proxy", commonName: frontProxyName }),
    etcdCa: { file: etcd.certificateFile, pem: etcd.certificate },
    etcdServer: await etcd.issueServer({ name: "etcd" }),
    etcdClient: await etcd.issueClient({ name: "etcd-client", commonName: "kube-apiserver" }),
    serviceAccount: writeKeyPair(join(directory, "service-account"), "service-account"),
  };
}
