/** What an identity provider of the lab is to the story around it. The vendors' folders have this in common, and nothing else. */
import type { Checklist, Environment } from "../../model";
import type { CertificateAuthority } from "../machine/certificates";
import type { Processes } from "../machine/processes";

export type IdentityProviderKind = Environment["idp"]["kind"];
export type IdentityProviderSpec<Kind extends IdentityProviderKind = IdentityProviderKind> = Extract<Environment["idp"], { kind: Kind }>;

/** A member of the lab's organisation, with a password and a one-time code that exist only for this lab. */
export interface VendorPerson {
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Groups that are there before any stack, as the identity provider calls them: by name, or by path. */
  readonly existingGroups?: readonly string[];
  /** Left the organisation: the account is there, and disabled. */
  readonly left?: true;
  readonly password: string;
  readonly otp: string;
}

export interface VendorOptions {
  /** Name of the process. @default "identity-provider" */
  readonly name?: string;
  readonly people: readonly VendorPerson[];
  /** What its owner must set by hand, as `gatehouse checklist` prints it. */
  readonly checklist: Checklist;
  /** The issuer that the stack file names: its port is where the lab must listen. */
  readonly issuer: string;
  readonly stateDir: string;
  readonly authority: CertificateAuthority;
  readonly processes: Processes;
  /** Milliseconds for which a new object is not found yet, where the vendor is so (Entra's replicas). @default 0 */
  readonly replicationMilliseconds?: number;
  /** Told in words what happens, one line a call. */
  readonly report?: (line: string) => void;
}

/** The lab's identity provider, running as a process of its own so that `--keep` can leave it up. */
export interface LabIdentityProvider {
  readonly issuer: string;
  /** What the providers' plugins need to reach it, as environment variables; some are secret. */
  readonly environment: Readonly<Record<string, string>>;
  readonly milliseconds: number;
  /** Secrets of clients that its owner made by hand, by platform: what is handed over to whoever deploys. */
  readonly clientSecrets?: Readonly<Record<string, string>>;
  /** The service account of whoever owns it, who gives rights to others; secret. */
  readonly owner?: { readonly clientId: string; readonly clientSecret: string };
  /** Where the lab's own handles are (requests, faults, clock), with the bearer token that opens them; secret. */
  readonly control?: { readonly url: string; readonly token: string };
}

/** One identity provider: `registry.ts` has one line for each kind. */
export interface VendorDefinition<Kind extends IdentityProviderKind> {
  /** Fetches what it needs before anything of a lab is started. @throws Error that says what to install */
  prepare?(report: (line: string) => void, spec: IdentityProviderSpec<Kind>): Promise<unknown>;
  start(options: VendorOptions, spec: IdentityProviderSpec<Kind>): Promise<LabIdentityProvider>;
}
