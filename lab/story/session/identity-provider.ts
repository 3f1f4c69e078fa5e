import { randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import type { Environment } from "../../../model";
import { writePrivate, type CertificateAuthority } from "../../machine/certificates";
import { httpsStatus, type Processes } from "../../machine/processes";
import type { Scenario } from "../scenarios";
import { startEntra } from "./entra";
import { projectFolder } from "./folders";
import { startOkta } from "./okta";

/** The lab's identity provider, running as a process of its own so that `--keep` can leave it up. */
export interface LabIdentityProvider {
  readonly issuer: string;
  /** What the providers' plugins need to reach it, as environment variables; some are secret. */
  readonly environment: Readonly<Record<string, string>>;
  readonly milliseconds: number;
  /** Where the lab's own handles are (requests, faults, clock), with the bearer token that opens them; secret. */
  readonly control?: { readonly url: string; readonly token: string };
}

/** A sign-in name with its password and one-time code, which exist only for this lab. */
export interface Credential {
  readonly login: string;
  readonly password: string;
  readonly otp: string;
}

/** Passwords and codes for a scenario's people, made anew. */
export function makeCredentials(scenario: Scenario): Credential[] {
  return scenario.people.map(({ login }) => ({
    login,
    password: randomBytes(15).toString("base64url"),
    otp: String(randomInt(100_000, 1_000_000)),
  }));
}

export interface IdentityProviderOptions {
  /** Name of the process. @default "identity-provider" */
  readonly name?: string;
  readonly scenario: Scenario;
  readonly credentials: readonly Credential[];
  readonly environment: Environment;
  /** The issuer that the stack file names: its port is where the lab must listen. */
  readonly issuer: string;
  readonly stateDir: string;
  readonly authority: CertificateAuthority;
  readonly processes: Processes;
  /** Milliseconds for which a new object is not found yet, where the vendor is so (Entra's replicas; trap T20). @default 0 */
  readonly replicationMilliseconds?: number;
}

/** Starts the emulated vendor that a stack's `idp.kind` names. */
export function startIdentityProvider(options: IdentityProviderOptions): Promise<LabIdentityProvider> {
  const { idp } = options.environment;
  switch (idp.kind) {
    case "okta":
      return startOkta(options);
    case "entra":
      return startEntra(options, idp);
    default:
      return idp satisfies never;
  }
}

/**
 * Starts a vendor's server as a process. Its configuration holds secrets, so it goes through a file of its owner's alone.
 * @param main path of the server's program below lab/vendors
 */
export async function startServer(
  { name = "identity-provider", stateDir, authority, processes, issuer }: Omit<IdentityProviderOptions, "environment">,
  main: string,
  configuration: object,
  secrets: readonly string[],
): Promise<{ milliseconds: number }> {
  const certificate = await authority.issueServer({ name });
  const file = join(stateDir, `${name}.json`);
  writePrivate(file, JSON.stringify({ ...configuration, certificate: { certPem: certificate.certificate, keyPem: certificate.key } }));
  return processes.start({
    name,
    command: process.execPath,
    args: ["--import", "tsx", join(projectFolder, "lab", "vendors", main), file],
    cwd: projectFolder,
    ready: async () => (await httpsStatus(`${issuer}/.well-known/openid-configuration`, { ca: authority.certificate })).status === 200,
    secrets,
  });
}
