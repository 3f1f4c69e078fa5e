/**
 * What an identity provider says of a client that was made by hand, for `gatehouse adopt`. Only questions that read: the answers are
 * handed in, from the management API or from files.
 */
import type { AdoptionRemark, ImportedResource } from "../platforms/adoption";
import type { Problem } from "../text/problems";

/** One question to the management API; `file` is where its answer stands when it was asked by somebody else. */
export interface ManagementQuestion {
  readonly path: string;
  readonly file: string;
  /** The right that the question needs, for people. */
  readonly right: string;
}

/** The answer's JSON; undefined where nothing is there (404). A list comes whole, its pages put together. */
export type AskManagement = (question: ManagementQuestion) => Promise<unknown>;

/** A group at the identity provider. */
export interface FoundGroup {
  readonly id: string;
  /** What a stack file writes under `existing`. */
  readonly existing: string;
  /** Its name, for people and for the key. */
  readonly name: string;
}

/** The client of one platform. */
export interface FoundClient {
  /** Its name for people. */
  readonly label: string;
  /** Settings below `gatehouse:idp` that keep it as it is. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly redirectUris: readonly string[];
  /** Ids of the groups that may sign in; undefined: everybody in the organisation. */
  readonly assigned?: readonly FoundGroup[];
  /** Whether a token carries the group today. */
  readonly carries: (group: FoundGroup) => boolean;
  readonly resources: readonly ImportedResource[];
  readonly remarks: readonly AdoptionRemark[];
  readonly problems: readonly Problem[];
}

/** How the management API is reached. */
export interface ManagementAccess {
  /** Address without a path. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How a client, and the groups that tokens name, are read at an identity provider. */
export interface IdentityProviderAdoption {
  /** Whether the issuer is this vendor's by its address alone. */
  isIssuer(issuer: string): boolean;
  /** The settings below `gatehouse:idp` that say the issuer. */
  settings(issuer: string): Readonly<Record<string, unknown>>;
  /** The variables that hold read-only credentials, for people. */
  readonly credentials: string;
  /** Address and credentials; undefined where the variables hold none. */
  access(issuer: string, environment: Readonly<Record<string, string | undefined>>): ManagementAccess | undefined;
  /** The client by its id. */
  client(
    ask: AskManagement,
    wanted: { readonly platform: string; readonly clientId: string; readonly groupsClaim: string; readonly issuer: string },
  ): Promise<FoundClient>;
  /** The groups of which a token would carry this value: one, none, or several. */
  groups(ask: AskManagement, claimValue: string): Promise<readonly FoundGroup[]>;
}
