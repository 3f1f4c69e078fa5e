/**
 * How a command can end when something is wrong, by name; docs/errors.md has the status of each. `internal` is no error's own
 * choice: it is what an error that is none of ours ends in.
 */
export const failureExits = ["refused", "notForPlatform", "unavailable", "usage"] as const;
export type FailureExit = (typeof failureExits)[number];

/** What an error came from. Not the library's ErrorOptions: programs that compile for ES2020, as Pulumi's template does, do not know it. */
export interface ErrorCause {
  readonly cause?: unknown;
}

/**
 * The base of every error that Gatehouse throws on purpose, in the manner of jose's `JOSEError`: whoever catches one reads its
 * `code`, never its words.
 *
 * `message` reads 'expected …, got …' with the remedy behind it, and never holds a token or a secret. `cause` is the error that
 * led here, where one did; it is left out where its own words may quote the input (a YAML or JSON parser's do).
 */
export abstract class GatehouseError<Code extends string = string> extends Error {
  /**
   * @param code one of the class's closed union; its meaning never changes
   * @param exit how a command ends with it
   */
  constructor(
    readonly code: Code,
    readonly exit: FailureExit,
    message: string,
    options: ErrorCause = {},
  ) {
    super(message, options);
  }
}
