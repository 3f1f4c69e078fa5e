import type { EnvironmentDocument } from "../../../model";
import { startApiServerLogin } from "./kubernetes/api-server";
import { startKastenRelyingParty } from "./kasten/kasten";
import { startOpenUnisonPortal } from "./openunison/openunison";
import { startKubeSphere } from "./kubesphere/kubesphere";

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

/** A signed-in person as the platform sees her. */
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

/** Starts the relying party that stands for a deployed platform. */
export function startRelyingParty(
  platform: EnvironmentDocument["platforms"][string],
  surroundings: RelyingPartySurroundings,
): Promise<RelyingParty> {
  switch (platform.kind) {
    case "kasten":
      return startKastenRelyingParty({ ...surroundings, ...placeOf(platform), groupsFromUserInfo: platform.groupsFrom === "userinfo" });
    case "kubernetes":
      return startApiServerLogin({ kubeconfig: fileOf(platform, "kubeconfig.yaml"), trusted: surroundings.trusted });
    case "kubesphere3":
      return startKubeSphere({ ...surroundings, release: 3, redirectUri: platform.redirectUris[0] ?? "" });
    case "kubesphere4":
      return startKubeSphere({ ...surroundings, release: 4, redirectUri: platform.redirectUris[0] ?? "" });
    case "openunison":
      return startOpenUnisonPortal({ ...surroundings, exportedTrust: platform.files?.["authentication-configuration.yaml"] });
    default:
      throw new Error(`The lab has no relying party for platforms of kind '${platform.kind}'.`);
  }
}

function fileOf(platform: EnvironmentDocument["platforms"][string], name: string): string {
  const text = platform.files?.[name];
  if (text === undefined) {
    throw new Error(
      `${platform.title}: expected the file ${name} in the environment document, got ${Object.keys(platform.files ?? {}).join(", ") || "none"}.`,
    );
  }
  return text;
}

function placeOf(platform: EnvironmentDocument["platforms"][string]): { namespace: string; release: string } {
  if (platform.release === undefined) {
    throw new Error(`${platform.title}: expected a Helm release in the environment document, got none.`);
  }
  return { namespace: platform.release.namespace, release: platform.release.release };
}
