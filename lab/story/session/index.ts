/** One lab: toolchain, cluster, identity provider, and Pulumi on a stack of its own. The demo and the end-to-end tests run on it. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checklistOf, identityProviderFacts, readDocument, type Environment, type EnvironmentDocument } from "../../../model";
import { createCertificateAuthority, type CertificateAuthority } from "../../machine/certificates";
import { authenticationConfiguration, startCluster, type Cluster } from "../../machine/cluster";
import { ensurePlugins, type Plugin } from "../../pulumi";
import { createProcesses, down, run, type Processes } from "../../machine/processes";
import { sweep } from "../../machine/processes/sweep";
import { clusterApi } from "../relying-parties/cluster-api";
import { scenarioOf, type Scenario } from "../scenarios";
import type { Toolchain } from "../../machine/toolchain";
import { claim, refuseSecondLab } from "./claim";
import { createEngine, type Engine } from "./engine";
import { projectFolder, stateFolder } from "../../machine/folders";
import { takeOverSecrets } from "./handed-over";
import { watchForInterruption } from "./interruption";
import { prepareIdentityProvider, startIdentityProvider, type LabIdentityProvider, type VendorPerson } from "../../vendors";
import { peopleWithSecrets } from "./people";
import { chartsBefore, createNamespaces, installCharts, putObjects } from "./surroundings";
import { completeStackFile, copyStackFile, moveTo, moveToFreePort, readStackFile, type ChartOverride } from "./stack-file";
import { labVariables } from "./variables";

export { createEngine, type Engine, type EngineResult } from "./engine";
export { projectFolder, stateFolder } from "../../machine/folders";
export type { Credential } from "./people";
export { parseChartOverride, type ChartOverride } from "./stack-file";

/** The tools that a lab needs. */
export const labTools = ["pulumi", "kube-apiserver", "kube-controller-manager", "etcd", "helm"] as const;
export type LabToolchain = Toolchain<(typeof labTools)[number]>;

/** Who the lab is in its own cluster. */
export const labAdministrator = { username: "gatehouse-lab-admin", groups: ["system:masters"] };

/** Marks everything that the lab's engine starts, so that nothing of it outlives the lab. */
const marker = "GATEHOUSE_LAB";

/** A lab that is being built up, step by step. */
export interface Lab {
  readonly scenario: Scenario;
  readonly stateDir: string;
  readonly processes: Processes;
  readonly authority: CertificateAuthority;
  /** The scenario's people with their passwords, which exist only for this lab. */
  readonly people: readonly VendorPerson[];
  /** The environment as the stack file describes it. */
  readonly environment: Environment;
  readonly toolchain: LabToolchain;
  readonly plugins: readonly Plugin[];
  readonly cluster: Cluster;
  readonly identityProvider: LabIdentityProvider;
  readonly engine: Engine;
  /** Environment variables under which Pulumi, kubectl and Helm work on this lab. */
  readonly variables: NodeJS.ProcessEnv;
  /** The environment document of the deployed stack. */
  document(): Promise<EnvironmentDocument>;
  /** Ends every process and removes what the lab wrote. */
  stop(): Promise<void>;
  /** Leaves everything up when this program ends. */
  keep(): void;
}

export interface LabOptions {
  readonly stack: string;
  readonly toolchain: LabToolchain;
  readonly charts?: readonly ChartOverride[];
  /** Told in words what happens, one line a call. */
  readonly report?: (line: string) => void;
  /** Folder for what the lab writes. @default .gatehouse/<stack> of the project */
  readonly stateDir?: string;
  /** Gives the identity provider a free port although the stack file's own is free: labs that start together would both take that. */
  readonly freePort?: boolean;
  /** Milliseconds for which the identity provider does not find a new object yet, where the vendor is so. @default 0 */
  readonly replicationMilliseconds?: number;
  /** Text of an audit policy: the API server writes its log by it. */
  readonly auditPolicy?: string;
  /** Stacks that come after this one on the same machines ({@link nextStack}): the identity provider has their people from the start. */
  readonly followedBy?: readonly string[];
}

/** Starts a lab for a stack: everything but the deployment itself. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const scenario = scenarioOf(options.stack);
  const stateDir = options.stateDir ?? stateFolder(options.stack);
  await refuseSecondLab(stateDir, marker);
  const processes = createProcesses({ stateDir });
  const endEngine = (): void => void sweep(marker, stateDir);
  // Watched before the folder is there: a Ctrl-C between the two would leave it behind.
  const unwatch = watchForInterruption(stateDir, processes, endEngine);
  claim(stateDir);
  const stop = async (): Promise<void> => {
    endEngine();
    await processes.stopAll();
    rmSync(stateDir, { recursive: true, force: true });
    unwatch();
  };
  const keep = (): void => {
    unwatch();
    processes.keep();
  };

  try {
    return { ...(await buildUp({ scenario, stateDir, processes }, options)), stop, keep };
  } catch (error) {
    await processes.stopAll();
    if (!existsSync(join(stateDir, "logs"))) {
      // Refused before anything ran: there is nothing to read up on.
      rmSync(stateDir, { recursive: true, force: true });
    }
    throw error;
  }
}

/** What there is before anything of a lab runs. */
type Ground = Pick<Lab, "scenario" | "stateDir" | "processes">;

async function buildUp(ground: Ground, options: LabOptions): Promise<Omit<Lab, "stop" | "keep">> {
  const { scenario, stateDir } = ground;
  const { stack, toolchain } = options;
  const configFile = stackFileIn(stateDir, stack);
  const charts = chartsBefore(scenario.installed ?? [], options.charts ?? []);
  const environment = await ownStackFile(configFile, charts.ofPlatforms, options);
  await prepareIdentityProvider(environment.idp, options.report ?? silent);
  const authority = await createCertificateAuthority({
    directory: join(stateDir, "certificates"),
    name: "lab-ca",
    commonName: "Gatehouse lab CA",
  });
  const people = peopleWithSecrets([stack, ...(options.followedBy ?? [])].map(scenarioOf));
  const binDirectory = join(stateDir, "bin");
  const servers = await startServers({ ...ground, environment, authority, people, binDirectory }, options);
  const { cluster, identityProvider } = servers;
  const tools = [toolchain.helm, toolchain.pulumi];
  const variables = {
    ...labVariables({ stateDir, binDirectory, tools, cluster, authority, identityProvider: identityProvider.environment }),
    [marker]: stateDir,
  };
  const machines = { ...ground, ...servers, authority, people, toolchain, variables };
  return { ...machines, ...(await prepareStack(machines, charts.installed)) };
}

/** A lab without what is one stack's alone. */
type Machines = Omit<Lab, "environment" | "engine" | "document" | "stop" | "keep">;

/** What the scenario has in the cluster before the stack, and a Pulumi stack by the lab's copy of its file. */
async function prepareStack(
  machines: Machines,
  installed: Parameters<typeof installCharts>[0],
): Promise<Pick<Lab, "environment" | "engine" | "document">> {
  const { scenario, stateDir, toolchain, cluster, authority, identityProvider, variables } = machines;
  const { stack } = scenario;
  const configFile = stackFileIn(stateDir, stack);
  completeStackFile(configFile, scenario.filledIn ?? [], {
    "api-server": cluster.server,
    "api-server-authority": readFileSync(cluster.caFile, "utf8"),
    "lab-authority": authority.certificate,
  });
  const api = clusterApi(cluster.kubeconfigPath);
  await installCharts(installed, { helm: toolchain.helm, stateDir, environment: variables });
  await createNamespaces(scenario.namespaces, api);
  await putObjects(scenario.objects ?? [], api);
  const stateFile = join(stateDir, "state", ".pulumi", "stacks", projectName(), `${stack}.json`);
  const engine = createEngine({
    ...{ pulumi: toolchain.pulumi.path, stack, configFile, project: projectFolder },
    ...{ environment: variables, stateFile },
  });
  await createStack(stack, stateDir, toolchain, variables);
  await takeOverSecrets(identityProvider.clientSecrets ?? {}, {
    ...{ pulumi: toolchain.pulumi, stack, stateDir, configFile },
    environment: variables,
  });
  return { engine, environment: readStackFile(configFile), document: async () => readDocument(await engine.outputs()) };
}

/**
 * Another stack on the machines of a lab, which was started with it in `followedBy`: the cluster and the identity provider go on, with
 * whatever the former stack left there. The lab that was started ends both.
 */
export async function nextStack(lab: Lab, stack: string): Promise<Lab> {
  const scenario = scenarioOf(stack);
  const unknown = scenario.people.filter(({ login }) => !lab.people.some((person) => person.login === login));
  if (unknown.length > 0) {
    const logins = unknown.map(({ login }) => login).join(", ");
    throw new Error(`nextStack: expected a lab that was started with '${stack}' in followedBy, got one without ${logins}.`);
  }
  const configFile = stackFileIn(lab.stateDir, stack);
  const { installed, ofPlatforms } = chartsBefore(scenario.installed ?? [], []);
  await copyStackFile({ source: stackFileIn(stacksFolder, stack), target: configFile, charts: ofPlatforms, helm: lab.toolchain.helm });
  moveTo(configFile, readStackFile(configFile), new URL(lab.identityProvider.issuer).host);
  const machines = { ...lab, scenario };
  return { ...machines, ...(await prepareStack(machines, installed)) };
}

const stacksFolder = join(projectFolder, "stacks");
const stackFileIn = (folder: string, stack: string): string => join(folder, `Pulumi.${stack}.yaml`);

const silent = (): void => undefined;

/** The lab's copy of the stack file, with the charts that were asked for and a port that is free; what it describes. */
async function ownStackFile(target: string, charts: readonly ChartOverride[], options: LabOptions): Promise<Environment> {
  const source = stackFileIn(stacksFolder, options.stack);
  await copyStackFile({ source, target, charts, helm: options.toolchain.helm });
  await moveToFreePort(target, readStackFile(target), options.freePort);
  return readStackFile(target);
}

/** Pulumi's plugins, the cluster and the identity provider, which do not wait for each other. */
async function startServers(
  lab: Ground & Pick<Lab, "environment" | "authority" | "people"> & { readonly binDirectory: string },
  { toolchain, auditPolicy, replicationMilliseconds, report = silent }: LabOptions,
): Promise<Pick<Lab, "plugins" | "cluster" | "identityProvider">> {
  const { stateDir, processes, environment, authority, people, binDirectory } = lab;
  const { issuer } = identityProviderFacts(environment.idp);
  const checklist = checklistOf(environment);
  const [plugins, cluster, identityProvider] = await Promise.all([
    ensurePlugins({ path: process.env["PATH"] ?? "", binDirectory, report }),
    startCluster({ stateDir, toolchain, processes, auditPolicy, authenticationConfiguration: authenticationConfiguration([]) }),
    startIdentityProvider({ people, issuer, stateDir, authority, processes, report, checklist, replicationMilliseconds }, environment.idp),
  ]);
  return { plugins, cluster, identityProvider };
}

const projectName = (): string => (parse(readFileSync(join(projectFolder, "Pulumi.yaml"), "utf8")) as { name: string }).name;

/**
 * Creates the stack from a project file beside the copied stack file. `pulumi stack init` writes the encryption salt into
 * the stack file of the project it stands in, and takes no other file: the tree must stay as it is.
 */
async function createStack(stack: string, stateDir: string, toolchain: LabToolchain, env: NodeJS.ProcessEnv): Promise<void> {
  writeFileSync(join(stateDir, "Pulumi.yaml"), `name: ${projectName()}\nruntime: nodejs\n`);
  const { status, stderr } = await run(toolchain.pulumi.path, ["stack", "init", stack, "--no-select", "--non-interactive"], {
    cwd: stateDir,
    env,
  });
  if (status !== 0) {
    throw new Error(`pulumi stack init: expected it to succeed, got exit status ${status}:\n${stderr}`);
  }
}

/** Ends what an earlier lab of this stack left up, and removes what it wrote. */
export async function endLab(stack: string): Promise<{ name: string; pid: number; outcome: string }[]> {
  const stateDir = stateFolder(scenarioOf(stack).stack);
  const ended = existsSync(stateDir) ? await down(stateDir) : [];
  sweep(marker, stateDir);
  rmSync(stateDir, { recursive: true, force: true });
  return ended;
}

/** Makes the API server accept ID tokens of the deployed clients, so that people can ask it themselves. */
export async function trustClients(lab: Lab, document: EnvironmentDocument): Promise<void> {
  const generated = Object.values(document.platforms).flatMap(({ files }) =>
    // With a kubeconfig beside it, it is the cluster's own; a platform that is an issuer itself is not up yet.
    files?.["kubeconfig.yaml"] === undefined ? [] : (files["authentication-configuration.yaml"] ?? []),
  );
  if (generated[0] !== undefined) {
    // The cluster is a platform of the stack: it trusts what the stack says, to the letter, and nothing else.
    await lab.cluster.updateAuthenticationConfiguration(generated[0]);
    return;
  }
  // Where groups arrive without a prefix, the platform stands between: such a token is not meant for the API server itself.
  const direct = Object.values(document.platforms).filter(({ files, groups }) => groups.prefix !== "" && files === undefined);
  if (direct.length === 0) {
    return;
  }
  const configuration = authenticationConfiguration(
    direct.map((platform) => ({
      issuer: platform.issuer,
      audiences: [platform.clientId],
      ca: lab.authority.certificate,
      usernameClaim: platform.username.claim,
      usernamePrefix: platform.username.prefix,
      groupsClaim: platform.groups.claim,
      groupsPrefix: platform.groups.prefix,
    })),
  );
  await lab.cluster.updateAuthenticationConfiguration(configuration);
}
