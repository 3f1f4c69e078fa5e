/** What a failed update looks like, and what to do about it: each kind of identity provider and platform adds what its vendor says. */

/** One reason why resources of some types fail. `gatehouse explain` reads them: those of the kinds first, then the ones that all share. */
export interface FailureCause {
  readonly cause: "locked" | "exists" | "pending" | "gone" | "permission" | "throttled" | "replication" | "outage" | "connection";
  /** Types of resources, as the engine prints them: `azuread:index:Group`. */
  readonly types: RegExp;
  /** What the error says. */
  readonly sign: RegExp;
  /** What to do, in sentences. @param type of the resource that failed */
  remedy(type: string): string;
}

/** The last sentence of most remedies. */
export const runAgain = "Run the update again: it goes on where it stopped.";

/** What to do about an object of the identity provider that is there already. */
export function takeInOrDelete(): string {
  return (
    "An object of this name is there already. If an update that was killed made it, delete it there, or take it in: " +
    "`pulumi import <type token> <name> <its id> --parent parent=<URN> --protect=false --generate-code=false` " +
    `(\`pulumi stack --show-urns\` has URN and token of its like). ${runAgain} If it is somebody else's, name another, or write a group as \`existing\`.`
  );
}
