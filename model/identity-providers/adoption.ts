/**
 * What an identity provider says of a client that was made by hand, for `gatehouse adopt`. Only questions that read: the answers are
 * handed in, from the management API or from files.
 */
import type { AdoptionRemark, ImportedResource } from "../platforms/adoption";
import type { Problem } from "../text/problems";
import { pathOnly, UnreadableDirectoryError, type DirectorySource } from "./directory";

/** One question to the management API; `file` is where its answer stands when it was asked by somebody else. */
export interface ManagementQuestion {
  readonly path: string;
  readonly file: string;
  /**
   * A file with the answers to all questions of this kind, where somebody fetched them together: the answer is the object of which one of
   * these properties has this value, or all of the list where there is no value. Left out: each has a file of its own.
   */
  readonly among?: { readonly file: string; readonly value?: string; readonly properties?: readonly string[] };
  /** Whether it is a list of which each answer is a page, by the vendor's own parameters. Left out: no, or by what the answer says itself. */
  readonly paged?: true;
}

/** The answer's JSON; undefined where nothing is there (404). A list comes whole, as an array: its pages are put together. */
export type AskManagement = (question: ManagementQuestion) => Promise<unknown>;

/** A group at the identity provider. */
export interface FoundGroup {
  readonly id: string;
  /** What a stack file writes under `existing`. */
  readonly existing: string;
  /** Its name, for people and for the key. */
  readonly name: string;
  /** What tokens carry for it today; left out where that is `existing`. */
  readonly claimValue?: string;
  /** Why a stack cannot grant anything to it, in words that follow "which", and the way out; left out where it can. */
  readonly fault?: { readonly which: string; readonly fix: string };
}

/** A person at the identity provider. */
export interface FoundPerson {
  readonly id: string;
  /** What a stack file writes under `user`. */
  readonly login: string;
}

/** Who holds the grants of a stack: groups by their keys, and the people with a grant of their own. */
export interface FoundHolders {
  readonly groups: Readonly<Record<string, FoundGroup>>;
  readonly people: readonly FoundPerson[];
}

/** The client of one platform. */
export interface FoundClient {
  /** Its name for people. */
  readonly label: string;
  /** Settings below `gatehouse:idp` that keep it as it is. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly redirectUris: readonly string[];
  /** Last day on which the client secret in use is certainly valid, `YYYY-MM-DD`; left out where it has no end. */
  readonly secretEndsOn?: string;
  /** The groups that may sign in; undefined: everybody in the organisation. */
  readonly assigned?: readonly FoundGroup[];
  /** Whether a group that may sign in without a grant goes on doing so: the stack looks after its own assignments alone. */
  readonly keepsAssignments: boolean;
  /** Whether the identity provider hands the client secret in use to the stack itself, so that nobody copies it from the cluster. Left out: no. */
  readonly handsOutSecret?: true;
  /** The groups of which a token would carry this value: one, none, or several. */
  groups(claimValue: string): Promise<readonly FoundGroup[]>;
  /** Whether a token carries the group today. */
  readonly carries: (group: FoundGroup) => boolean;
  /** What of the stack's resources is there already, for the holders of its grants. */
  resources(holders: FoundHolders): Promise<readonly ImportedResource[]>;
  readonly remarks: readonly AdoptionRemark[];
  /** What a person does after the first update, a sentence each. Left out: nothing. */
  readonly byHand?: readonly string[];
  readonly problems: readonly Problem[];
}

/** What is known of a client before the identity provider is asked. */
export interface WantedClient {
  /** Key of the platform in the stack file. */
  readonly platform: string;
  readonly clientId: string;
  /** The claim that the platform reads groups from; empty where it reads none. */
  readonly groupsClaim: string;
  /** Whether it reads groups by their names from the directory, whatever tokens carry. Left out: from tokens. */
  readonly readsDirectory?: boolean;
  /** The claim that the platform reads a person's name from. */
  readonly usernameClaim: string;
  /** The scopes that the platform asks for; undefined where nothing says them. */
  readonly scopes?: readonly string[];
  readonly issuer: string;
  /** Whether the platform has no client secret. */
  readonly isPublic: boolean;
  /** The day in UTC, `YYYY-MM-DD`. */
  readonly today: string;
}

/**
 * How a client, and the groups that tokens name, are read at an identity provider: one file of its kind, and the line `adoption` of its
 * definition.
 */
export interface IdentityProviderAdoption {
  /** Whether the issuer is this vendor's by its address alone. */
  isIssuer(issuer: string): boolean;
  /** The settings below `gatehouse:idp` that say the issuer. */
  settings(issuer: string): Readonly<Record<string, unknown>>;
  /**
   * The management API, with the read-only credentials that the evidence takes as well.
   * @throws UnreadableDirectoryError, which names what is missing
   */
  open(source: DirectorySource): Promise<AskManagement>;
  /** The client by its id. */
  client(ask: AskManagement, wanted: WantedClient): Promise<FoundClient>;
  /** The people whose tokens would carry this value in a claim that names a person; undefined where nobody can tell beforehand. */
  people(ask: AskManagement, claim: string, value: string): Promise<readonly FoundPerson[] | undefined>;
}

/**
 * An answer in the shape that a reader knows.
 * @param otherwise what stands for an answer where nothing is there
 * @throws UnreadableDirectoryError without a piece of the answer
 */
export async function askFor<Shape>(
  ask: AskManagement,
  question: ManagementQuestion,
  schema: { safeParse(value: unknown): { success: true; data: Shape } | { success: false } },
  otherwise?: unknown,
): Promise<Shape> {
  const read = schema.safeParse((await ask(question)) ?? otherwise);
  if (!read.success) {
    throw new UnreadableDirectoryError(
      "directory_answer",
      `Expected the answer to GET ${pathOnly(question.path)} (${question.file}) as the identity provider gives it, got something else.`,
    );
  }
  return read.data;
}
