import type { Question } from "../relying-parties";

/** A person of the lab's organisation. Passwords are made anew for each lab. */
export interface ScenarioPerson {
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  /** What the demo calls the person: "administrator". */
  readonly part: string;
  /** Groups that are there before any stack, as the identity provider calls them: by name, or by path. */
  readonly existingGroups?: readonly string[];
  /** Left the organisation: the account is there, and disabled. Keycloak's alone can be. */
  readonly left?: true;
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

/** Makes the proofs of one platform, a line each. */
export function proofsAt(platform: string): (login: string, expected: Proof["expected"], tries: string, question: Question) => Proof {
  return (login, expected, tries, question) => ({ login, platform, tries, question, expected });
}

/** A place in the stack file, and what of the lab belongs there. */
export interface FilledIn {
  /** `["gatehouse:platforms", "cluster", "server"]` */
  readonly at: readonly string[];
  /** `api-server`: its address; `api-server-authority` and `lab-authority`: PEM of the authority behind it, and behind all else. */
  readonly with: "api-server" | "api-server-authority" | "lab-authority";
}

/** The identity provider's certificate is from the lab's own authority: for stacks that must name it. */
export const issuerAuthority: FilledIn = { at: ["gatehouse:idp", "certificateAuthority"], with: "lab-authority" };

/** A product that is in the cluster before any stack. `npm run demo -- --chart <name>=<path>` puts the vendor's in its place. */
export interface InstalledChart {
  /** Name of the Helm release. */
  readonly name: string;
  readonly namespace: string;
  /** A chart folder of the lab, from the project's top. */
  readonly chart: string;
}

/** An object of the organisation that is in the cluster before any stack; where it exists, these fields are put into it. */
export interface OrganisationObject {
  /** Path of the collection: `/apis/tenant.kubesphere.io/v1beta1/workspaces`. */
  readonly collection: string;
  readonly object: Readonly<Record<string, unknown>> & { readonly metadata: { readonly name: string; readonly [field: string]: unknown } };
}

/** A command of the real kubectl, with the kubeconfig that the stack generated for a platform. */
export interface KubectlProof {
  readonly login: string;
  readonly platform: string;
  /** `["get", "pods", "-n", "shop"]` */
  readonly args: readonly string[];
  readonly expected: "allowed" | "denied";
}

/** What surrounds a lab stack: the organisation, the applications in the cluster, and what must be true in the end. */
export interface Scenario {
  /** Name of the stack; its file is stacks/Pulumi.<stack>.yaml. */
  readonly stack: string;
  /** Namespaces of the organisation's own applications, which are there before any stack. */
  readonly namespaces: readonly string[];
  readonly people: readonly ScenarioPerson[];
  readonly installed?: readonly InstalledChart[];
  /** In this order, after {@link installed}. */
  readonly objects?: readonly OrganisationObject[];
  /**
   * Places of the stack file that name what only the running lab knows, as paths below `config`. The file holds an example there.
   */
  readonly filledIn?: readonly FilledIn[];
  /** People who must be refused at sign-in, by platform. */
  readonly refused: readonly { readonly login: string; readonly platform: string }[];
  readonly proofs: readonly Proof[];
  /** Settings of the policy pack's rules, by rule, as `--policy-pack-config` takes them. */
  readonly policies?: Record<string, Record<string, unknown>>;
  /** Tried where kubectl is on PATH. */
  readonly kubectl?: readonly KubectlProof[];
}
