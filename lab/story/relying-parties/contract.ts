/** What a platform's relying party is to the demo: the only thing that `registry.ts` and the kinds' folders have in common. */
import type { EnvironmentDocument } from "../../../model";

/** A platform of the environment document. */
export type DeployedPlatform = EnvironmentDocument["platforms"][string];

/** A platform's sign-in service, as far as the demo needs it. Its pages are relative to `startUrl`: whoami, can-i, raw. */
export interface RelyingParty {
  /** `k10.example.com:443`: key of a host map. */
  readonly host: string;
  /** `127.0.0.1:40123`: value of a host map. */
  readonly address: string;
  /** Where a person starts. */
  readonly startUrl: string;
  /** The ID token of a person's latest session, by sign-in name or subject; it never leaves this process. */
  session(user: string): PersonSession | undefined;
  /** Reads its configuration anew if the cluster would have started new pods. */
  restartIfRolled(): Promise<readonly string[]>;
  stop(): Promise<void>;
  /** False where people's tokens are not meant for the API server: the platform stands between, and acts as them. @default true */
  readonly tokensReachApiServer?: boolean;
}

/** A signed-in person as the platform sees them. */
export interface PersonSession {
  readonly idToken: string;
  /** What the userinfo endpoint said, where it had to be asked for the groups. */
  readonly userInfo?: Readonly<Record<string, unknown>>;
  readonly username: string;
  readonly groups: readonly string[];
  /** The platform's own user that the person became, on a platform that maps people instead of reading their groups. */
  readonly account?: string;
}

export interface RelyingPartySurroundings {
  readonly kubeconfigPath: string;
  /** PEM of the CA behind the identity provider. */
  readonly ca: string;
  readonly certificate: { readonly certPem: string; readonly keyPem: string };
  /** Settles when the API server accepts the tokens that it is meant to accept. */
  readonly trusted: Promise<void>;
  /** Gives the API server another AuthenticationConfiguration, for a platform that is an issuer itself. */
  trust(configuration: string): Promise<void>;
}

/** One platform's relying party: `registry.ts` has one line for each kind. */
export interface RelyingPartyDefinition {
  start(platform: DeployedPlatform, surroundings: RelyingPartySurroundings): Promise<RelyingParty>;
}
