import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writePrivate } from "../certificates";
import { freePorts, httpsStatus, PortTakenError } from "../processes";
import type { Processes } from "../processes";
import type { Toolchain } from "../toolchain";
import { apiServerArguments, controllerManagerArguments, etcdArguments } from "./arguments";
import type { ClusterPlan } from "./arguments";
import { kubeconfig } from "./kubeconfig";
import { createPki } from "./pki";
import type { ClusterPki } from "./pki";
import { configurationHash, judgeReload, lastReloadError, readReloadState, type ReloadState } from "./reload";

export interface ClusterOptions {
  /** Everything of the cluster goes to `<stateDir>/cluster`, which is emptied first. */
  readonly stateDir: string;
  readonly toolchain: Toolchain<"etcd" | "kube-apiserver" | "kube-controller-manager">;
  readonly processes: Processes;
  /** Text of an AuthenticationConfiguration (see `authenticationConfiguration`). Its issuers need not answer yet. */
  readonly authenticationConfiguration: string;
  /** The old flags (`--oidc-issuer-url=…`) in place of the configuration, which is then not read. */
  readonly oidcFlags?: readonly string[];
  /** Text of an audit policy (audit.k8s.io/v1): the API server writes its log by it. */
  readonly auditPolicy?: string;
}

export interface Cluster {
  /** Folder with the audit log and its rotated files, where a policy was given. */
  readonly auditFolder?: string;
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  /** PEM file of the authority that signed the server's certificate. */
  readonly caFile: string;
  /** Of a member of system:masters; 0600, complete in itself. */
  readonly kubeconfigPath: string;
  /** Milliseconds that each process took to be ready. */
  readonly milliseconds: Readonly<Record<"etcd" | "kube-apiserver" | "kube-controller-manager", number>>;
  /**
   * Replaces the AuthenticationConfiguration and waits until the API server uses it, without a restart. Its issuers must
   * answer: the server reads their discovery documents first. Throws the server's own words when it refuses the new text;
   * the old one is then still in force.
   *
   * Takes 10 s however fast the issuer is: the server asks at once whether a new issuer is ready, which it cannot be yet, and
   * again after 10 s (pkg/kubeapiserver/authenticator/config.go). So start it early and wait for it late.
   */
  updateAuthenticationConfiguration(yaml: string): Promise<void>;
  /** Ends the three processes and removes what they stored. */
  stop(): Promise<void>;
}

const names = ["etcd", "kube-apiserver", "kube-controller-manager"] as const;
/** The server gives an issuer's discovery a minute (UpdateAuthenticationConfigTimeout) and looks at the file at least every minute. */
const reloadMilliseconds = 300_000;

/** Starts a new, empty cluster and answers when it accepts requests and its controllers work. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const directory = join(options.stateDir, "cluster");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const pki = await createPki(join(directory, "pki"));
  const configurationFile = join(directory, "authentication", "configuration.yaml");
  mkdirSync(join(directory, "authentication"));
  writePrivate(configurationFile, options.authenticationConfiguration);

  const auditFolder = options.auditPolicy === undefined ? undefined : join(directory, "audit");
  if (auditFolder !== undefined) {
    mkdirSync(auditFolder, { mode: 0o700 });
    writePrivate(join(directory, "audit-policy.yaml"), options.auditPolicy ?? "");
  }

  const { plan, milliseconds } = await startOnFreePorts(options, directory, pki, configurationFile);
  const server = serverOf(plan);
  const kubeconfigPath = join(directory, "admin.kubeconfig");
  writePrivate(kubeconfigPath, kubeconfig({ server, ca: pki.serverCa.pem, user: "gatehouse-lab-admin", client: pki.admin }));
  return {
    server,
    ...(auditFolder !== undefined && { auditFolder }),
    caFile: pki.serverCa.file,
    kubeconfigPath,
    milliseconds,
    updateAuthenticationConfiguration: (yaml) =>
      replaceConfiguration(yaml, plan, join(options.processes.stateDir, "logs", "kube-apiserver.log")),
    stop: async () => {
      for (const name of [...names].reverse()) {
        await options.processes.stop(name);
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function serverOf(plan: ClusterPlan): string {
  return `https://127.0.0.1:${plan.ports.server}`;
}

function get(plan: ClusterPlan, path: string): Promise<{ status: number; body: string }> {
  const { serverCa, admin } = plan.pki;
  return httpsStatus(`${serverOf(plan)}${path}`, { ca: serverCa.pem, cert: admin.certificate, key: admin.key });
}

/** Another program may take a port between our choice and the server's start: then all is started again on other ports. */
async function startOnFreePorts(options: ClusterOptions, directory: string, pki: ClusterPki, authenticationConfigurationFile: string) {
  for (let attempt = 1; ; attempt++) {
    const [etcd = 0, etcdPeer = 0, server = 0] = await freePorts(3);
    const plan: ClusterPlan = {
      pki,
      etcdDataDir: join(directory, `etcd-${attempt}`),
      authenticationConfigurationFile,
      oidcFlags: options.oidcFlags,
      ...(options.auditPolicy !== undefined && {
        audit: { policyFile: join(directory, "audit-policy.yaml"), logFile: join(directory, "audit", "audit.log") },
      }),
      controllerManagerKubeconfigFile: join(directory, "kube-controller-manager.kubeconfig"),
      ports: { etcd, etcdPeer, server },
    };
    try {
      return { plan, milliseconds: await startProcesses(options, plan) };
    } catch (error) {
      for (const name of [...names].reverse()) {
        await options.processes.stop(name);
      }
      if (!(error instanceof PortTakenError) || attempt === 3) {
        throw error;
      }
    }
  }
}

async function startProcesses({ processes, toolchain }: ClusterOptions, plan: ClusterPlan): Promise<Cluster["milliseconds"]> {
  const { pki } = plan;
  const etcd = await processes.start({
    name: "etcd",
    command: toolchain.etcd.path,
    args: etcdArguments(plan),
    ready: async () => {
      const tls = { ca: pki.etcdCa.pem, cert: pki.etcdClient.certificate, key: pki.etcdClient.key };
      return (await httpsStatus(`https://127.0.0.1:${plan.ports.etcd}/health`, tls)).status === 200;
    },
  });
  const apiServer = await processes.start({
    name: "kube-apiserver",
    command: toolchain["kube-apiserver"].path,
    args: apiServerArguments(plan),
    // Of its first seconds a fifth goes into collecting what is not yet much.
    env: { ...process.env, GOGC: "800" },
    ready: async () => (await get(plan, "/readyz")).status === 200,
  });
  writePrivate(
    plan.controllerManagerKubeconfigFile,
    kubeconfig({ server: serverOf(plan), ca: pki.serverCa.pem, user: "system:kube-controller-manager", client: pki.controllerManager }),
  );
  const controllerManager = await processes.start({
    name: "kube-controller-manager",
    command: toolchain["kube-controller-manager"].path,
    args: controllerManagerArguments(plan),
    ready: () => controllersWork(plan),
  });
  return {
    etcd: etcd.milliseconds,
    "kube-apiserver": apiServer.milliseconds,
    "kube-controller-manager": controllerManager.milliseconds,
  };
}

/** The API server makes them one after the other once it is ready: whoever lists what is there must not see half of them. */
const namespacesOfItsOwn = ["default", "kube-node-lease", "kube-public", "kube-system"] as const;

/** The controller manager serves no health page here: what its controllers have to make is the better proof. */
async function controllersWork(plan: ClusterPlan): Promise<boolean> {
  const admin = await get(plan, "/apis/rbac.authorization.k8s.io/v1/clusterroles/admin");
  if (admin.status !== 200 || !Array.isArray((JSON.parse(admin.body) as { rules?: unknown }).rules)) {
    return false;
  }
  for (const namespace of namespacesOfItsOwn) {
    const made = ["serviceaccounts/default", "configmaps/kube-root-ca.crt"].map((path) =>
      get(plan, `/api/v1/namespaces/${namespace}/${path}`),
    );
    if ((await Promise.all(made)).some(({ status }) => status !== 200)) {
      return false;
    }
  }
  return true;
}

async function replaceConfiguration(yaml: string, plan: ClusterPlan, logFile: string): Promise<void> {
  const file = plan.authenticationConfigurationFile;
  if (readFileSync(file, "utf8") === yaml) {
    return;
  }
  const before = await reloadState(plan);
  // Renamed into place: the server must never read half a file, which it would count as a refused configuration.
  writePrivate(`${file}.new`, yaml);
  renameSync(`${file}.new`, file);
  const hash = configurationHash(yaml);
  const deadline = Date.now() + reloadMilliseconds;
  for (let pause = 250; ; pause = Math.min(pause * 2, 1_000)) {
    const verdict = judgeReload(before, await reloadState(plan), hash);
    if (verdict === "in force") {
      return;
    }
    if (verdict === "refused" || Date.now() > deadline) {
      const reason = lastReloadError(readFileSync(logFile, "utf8")) ?? `no answer within ${reloadMilliseconds / 1000} s`;
      throw new Error(`AuthenticationConfiguration: expected the API server to take it over, but: ${reason} (log: ${logFile})`);
    }
    await sleep(pause);
  }
}

/** A server that is busy may leave a question without an answer; one that has ended leaves every one. */
async function reloadState(plan: ClusterPlan, attempts = 5): Promise<ReloadState> {
  const { status, body } = await get(plan, "/metrics");
  if (status === 200) {
    return readReloadState(body);
  }
  if (attempts > 1) {
    await sleep(1_000);
    return reloadState(plan, attempts - 1);
  }
  throw new Error(`${serverOf(plan)}/metrics: expected status 200, got ${status}; does the API server still run?`);
}
