/** What the owner of an external identity provider hands over to whoever deploys: the secrets of clients that were made by hand. */
import { run } from "../../machine/processes";
import type { EnsuredTool } from "../../machine/toolchain";
import { readSettings } from "./stack-file";

export interface HandOver {
  readonly pulumi: EnsuredTool;
  readonly stack: string;
  readonly stateDir: string;
  /** The lab's copy of the stack file. */
  readonly configFile: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Where the stack file says that a client's secret is, as far as a person sets it there before the first update. */
interface Written {
  readonly clients?: Readonly<Record<string, { readonly secret?: { readonly config?: string } }>>;
}

/** Sets each secret in the stack's configuration, where the stack file says that it is, as a person would: `pulumi config set --secret`. */
export async function takeOverSecrets(secrets: Readonly<Record<string, string>>, options: HandOver): Promise<void> {
  const { clients = {} } = readSettings(options.configFile)["idp"] as Written;
  for (const [platform, secret] of Object.entries(secrets)) {
    const key = clients[platform]?.secret?.config;
    if (key !== undefined) {
      await setSecret(key, secret, options);
    }
  }
}

/** Through standard input: every user of the machine can read arguments. */
async function setSecret(key: string, value: string, { pulumi, stack, stateDir, configFile, environment }: HandOver): Promise<void> {
  const { status, stderr } = await run(
    pulumi.path,
    ["config", "set", "--secret", key, "--stack", stack, "--config-file", configFile, "--non-interactive"],
    // The folder of the project file that the stack was made from.
    { cwd: stateDir, env: environment, input: value },
  );
  if (status !== 0) {
    throw new Error(`pulumi config set ${key}: expected it to succeed, got exit status ${status}:\n${stderr}`);
  }
}
