import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { createEngine, projectFolder, type Engine, type Lab, type LabToolchain } from "../lab/story/session";
import { run } from "../lab/machine/processes";

/** Where the two sides' Pulumi.yaml stand. */
export const projects = { gatehouse: projectFolder, flat: join(projectFolder, "bench", "flat") } as const;

/**
 * Makes a stack of a project on the lab, with its stack file among the lab's own files: the tree stays as it is.
 * `pulumi stack init` writes the encryption salt into the stack file of the folder it stands in, hence the project file there.
 */
export async function openStack(options: {
  readonly lab: Lab;
  readonly toolchain: LabToolchain;
  readonly project: string;
  readonly stack: string;
  readonly config: Readonly<Record<string, unknown>>;
}): Promise<Engine> {
  const { lab, toolchain, project, stack, config } = options;
  const folder = join(lab.stateDir, "bench", stack);
  mkdirSync(folder, { recursive: true });
  const { name } = parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")) as { name: string };
  writeFileSync(join(folder, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
  const configFile = join(folder, `Pulumi.${stack}.yaml`);
  writeFileSync(configFile, stringify({ config }), { mode: 0o600 });
  const { status, stderr } = await run(toolchain.pulumi.path, ["stack", "init", stack, "--no-select", "--non-interactive"], {
    cwd: folder,
    env: lab.variables,
  });
  if (status !== 0) {
    throw new Error(`pulumi stack init ${stack}: expected it to succeed, got exit status ${status}:\n${stderr}`);
  }
  return createEngine({ pulumi: toolchain.pulumi.path, stack, configFile, project, environment: lab.variables });
}

/** How many resources a deployed stack holds, by what they are. */
export interface ResourceCounts {
  /** Everything that the vendors' providers made: what costs requests. */
  readonly managed: number;
  /** Components: they group, and cost no request. */
  readonly components: number;
}

/** What a deployed stack holds. */
export interface DeployedStack {
  readonly resources: ResourceCounts;
  /** Who may do what, sorted: `okta:Bench k10-view-3: ClusterRole k10-config-view` and, in a namespace, ` in shop`. */
  readonly access: readonly string[];
}

export async function readDeployed(engine: Engine): Promise<DeployedStack> {
  const { deployment } = JSON.parse((await engine.run(["stack", "export"])).stdout) as {
    deployment: { resources?: StateResource[] };
  };
  const resources = (deployment.resources ?? []).filter(({ type }) => !type.startsWith("pulumi:"));
  const managed = resources.filter(({ custom }) => custom).length;
  return {
    resources: { managed, components: resources.length - managed },
    access: resources
      .filter(({ type }) => /:(Cluster)?RoleBinding$/.test(type))
      .flatMap(grantsOf)
      .sort(),
  };
}

interface StateResource {
  readonly type: string;
  readonly custom: boolean;
  readonly outputs?: unknown;
}

function grantsOf({ outputs }: StateResource): string[] {
  const { metadata, roleRef, subjects } = outputs as {
    metadata: { namespace?: string };
    roleRef: { kind: string; name: string };
    subjects: { name: string }[];
  };
  const scope = metadata.namespace === undefined ? "" : ` in ${metadata.namespace}`;
  return subjects.map(({ name }) => `${name}: ${roleRef.kind} ${roleRef.name}${scope}`);
}
