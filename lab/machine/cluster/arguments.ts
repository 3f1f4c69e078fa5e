import type { ClusterPki } from "./pki";
import { frontProxyName } from "./pki";

/** Folders, files and ports of one cluster's processes. */
export interface ClusterPlan {
  readonly pki: ClusterPki;
  readonly etcdDataDir: string;
  readonly authenticationConfigurationFile: string;
  /** `--oidc-*` in place of the file. */
  readonly oidcFlags?: readonly string[];
  /** Where the API server writes its audit log, and by which policy. */
  readonly audit?: { readonly policyFile: string; readonly logFile: string };
  readonly controllerManagerKubeconfigFile: string;
  readonly ports: { readonly etcd: number; readonly etcdPeer: number; readonly server: number };
}

export function etcdArguments({ pki, etcdDataDir, ports }: ClusterPlan): string[] {
  const client = `https://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    "--name=lab",
    `--data-dir=${etcdDataDir}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=lab=${peer}`,
    `--cert-file=${pki.etcdServer.certificateFile}`,
    `--key-file=${pki.etcdServer.keyFile}`,
    `--trusted-ca-file=${pki.etcdCa.file}`,
    // Secrets are stored unencrypted: nobody but the API server may read them, not even from this machine.
    "--client-cert-auth=true",
    // Nothing here outlives the lab, so a power cut may take it; and the only member need not wait a second to elect itself. It is
    // woken once in each heartbeat: at ten milliseconds that is a hundredth of a core for as long as the lab lives.
    "--unsafe-no-fsync=true",
    "--heartbeat-interval=50",
    "--election-timeout=250",
    "--log-level=warn",
  ];
}

export function apiServerArguments({ pki, ports, authenticationConfigurationFile, oidcFlags, audit }: ClusterPlan): string[] {
  return [
    ...(audit === undefined ? [] : auditArguments(audit)),
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.server}`,
    `--tls-cert-file=${pki.server.certificateFile}`,
    `--tls-private-key-file=${pki.server.keyFile}`,
    `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
    `--etcd-cafile=${pki.etcdCa.file}`,
    `--etcd-certfile=${pki.etcdClient.certificateFile}`,
    `--etcd-keyfile=${pki.etcdClient.keyFile}`,
    `--client-ca-file=${pki.clientCaFile}`,
    ...(oidcFlags ?? [`--authentication-config=${authenticationConfigurationFile}`]),
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${pki.serviceAccount.publicKeyFile}`,
    `--service-account-signing-key-file=${pki.serviceAccount.privateKeyFile}`,
    "--service-cluster-ip-range=10.0.0.0/24",
    // A server on loopback cannot be a Service's endpoint; the default reconciler would log that as an error for ever.
    "--endpoint-reconciler-type=none",
    `--requestheader-client-ca-file=${pki.frontProxyCaFile}`,
    `--requestheader-allowed-names=${frontProxyName}`,
    "--requestheader-username-headers=X-Remote-User",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    `--proxy-client-cert-file=${pki.frontProxy.certificateFile}`,
    `--proxy-client-key-file=${pki.frontProxy.keyFile}`,
    // Vendors' charts contain privileged pods; they are stored here and never run.
    "--allow-privileged=true",
    // The pods behind a chart's webhooks do not run either, and most refuse what they cannot be asked about (failurePolicy Fail): chart
    // orchestra's would keep orchestra-login-portal out, the next of its own install (OpenUnison/openunison-k8s#155).
    "--disable-admission-plugins=ValidatingAdmissionWebhook,MutatingAdmissionWebhook",
    "--profiling=false",
  ];
}

/** Rotated at the smallest size there is, and compressed, so that a short run has files of each kind. */
function auditArguments({ policyFile, logFile }: NonNullable<ClusterPlan["audit"]>): string[] {
  return [`--audit-policy-file=${policyFile}`, `--audit-log-path=${logFile}`, "--audit-log-maxsize=1", "--audit-log-compress=true"];
}

/**
 * What an API server alone does not do: without these, a deleted namespace stays Terminating, the roles admin, edit and view
 * stay empty, and owners' deletions leave their objects behind. No workload
 * controllers: no kubelet runs, so pods would only wait.
 */
const controllers = [
  "clusterrole-aggregation-controller",
  "garbage-collector-controller",
  "namespace-controller",
  "persistentvolume-protection-controller",
  "persistentvolumeclaim-protection-controller",
  "root-ca-certificate-publisher-controller",
  "serviceaccount-controller",
  "serviceaccount-token-controller",
] as const;

export function controllerManagerArguments({ pki, controllerManagerKubeconfigFile }: ClusterPlan): string[] {
  return [
    `--kubeconfig=${controllerManagerKubeconfigFile}`,
    `--controllers=${controllers.join(",")}`,
    // Each controller acts as its own service account, whose built-in role is enough for it; the manager's own role is not.
    "--use-service-account-credentials=true",
    `--service-account-private-key-file=${pki.serviceAccount.privateKeyFile}`,
    `--root-ca-file=${pki.serverCa.file}`,
    "--leader-elect=false",
    // No serving port: nobody asks it anything.
    "--secure-port=0",
    "--profiling=false",
  ];
}
