/**
 * What decides how hard a sign-in is, and who may change that: facts of the environment document, so that a preview says when one of
 * them changes. Each kind of identity provider and platform adds its own.
 */

/** One fact about signing in. */
export interface SignInFact {
  /** A name for people, the same for as long as it means the same: `second factor`. */
  readonly what: string;
  /** A value for people, or a list of names to which each addition is a weakening: owners, groups that are left out. */
  readonly value: string | readonly string[];
  /** Of a list: each name narrows, so that one less is the weakening (claims that every token must have). */
  readonly narrows?: true;
  /** How strict the value is; higher is stricter. Left out where two values cannot be compared: each change counts as a weakening then. */
  readonly strictness?: number;
}

/** A chart that a platform installs, as far as it can hand out access. */
export interface ChartSource {
  /** Name of the release. */
  readonly release: string;
  readonly version: string;
  /** Address of the repository, or path of the folder or archive. */
  readonly source: string;
  /** The stack's own values, beside those that Gatehouse sets. */
  readonly values: Readonly<Record<string, unknown>>;
}
