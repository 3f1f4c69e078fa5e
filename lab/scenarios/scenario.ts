import type { Question } from "../relying-parties";

/** A person of the lab's organisation. Passwords are made anew for each lab. */
export interface ScenarioPerson {
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  /** What the demo calls the person: "administrator". */
  readonly part: string;
  /** Groups that are there before any stack, by name. */
  readonly existingGroups?: readonly string[];
}

/** One thing that a person tries at a platform, and what must come of it. */
export interface Proof {
  readonly login: string;
  readonly platform: string;
  /** In words: "start a backup in namespace shop". */
  readonly tries: string;
  readonly question: Question;
  readonly expected: "allowed" | "denied";
}

/** A place in the stack file, and what of the lab belongs there. */
export interface FilledIn {
  /** `["gatehouse:platforms", "cluster", "server"]` */
  readonly at: readonly string[];
  /** `api-server`: its address; `api-server-authority` and `lab-authority`: PEM of the authority behind it, and behind all else. */
  readonly with: "api-server" | "api-server-authority" | "lab-authority";
}

/** What surrounds a lab stack: the organisation, the applications in the cluster, and what must be true in the end. */
export interface Scenario {
  /** Name of the stack; its file is stacks/Pulumi.<stack>.yaml. */
  readonly stack: string;
  /** Namespaces of the organisation's own applications, which are there before any stack. */
  readonly namespaces: readonly string[];
  readonly people: readonly ScenarioPerson[];
  /**
   * Places of the stack file that name what only the running lab knows, as paths below `config`. The file holds an example there.
   */
  readonly filledIn?: readonly FilledIn[];
  /** People who must be refused at sign-in, by platform. */
  readonly refused: readonly { readonly login: string; readonly platform: string }[];
  readonly proofs: readonly Proof[];
}
