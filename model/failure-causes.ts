/** What a failed update looks like, and what to do about it: each kind of identity provider and platform adds what its vendor says. */

/** Why a resource failed. A closed union; docs/errors.md lists it. */
export const failureKinds = {
  locked: "Another update holds the stack, or one that was killed does.",
  credentials: "The credentials of the account that deploys are refused, have ended, or are missing.",
  permission: "The account that deploys may not do this.",
  policy: "A rule of the vendor or the cluster refuses it: a webhook, a policy, a quota, a licence.",
  replication: "The vendor has made it, the state has it, and one part of the vendor did not know it yet: the same update mends it.",
  delayed: "The vendor has made it, or taken it away, and not every part of the vendor knows that yet.",
  exists: "An object of this name is there already.",
  owned: "An object that the chart brings belongs to another release, or to nobody.",
  missing: "Something that is named is not there.",
  ambiguous: "Several things have the name that is looked up.",
  invalid: "What was asked for is refused as such: a value, a chart, a rule of the vendor's data.",
  conflict: "Somebody else changed the same thing, or owns its fields.",
  pending: "Helm is at work on the release, or was killed at it.",
  unready: "Helm waited for the chart's pods, and they did not become ready in time.",
  gone: "It was taken away outside Pulumi.",
  throttled: "The vendor asked for patience until the time was up.",
  outage: "The vendor failed until the time was up.",
  connection: "The connection broke, or there was none.",
  engine: "The Pulumi engine could not begin or could not hold its state.",
} as const;

/** One reason why resources of some types fail. `gatehouse explain` reads them: those of the kinds first, then the ones that all share. */
export interface FailureCause {
  readonly cause: keyof typeof failureKinds;
  /** Types of resources, as the engine prints them: `azuread:index:Group`. */
  readonly types: RegExp;
  /** What the error says. It is given everything that was said about one resource, line ends included. */
  readonly sign: RegExp;
  /** What to do, in sentences. @param type of the resource that failed @param match what the sign found */
  remedy(type: string, match: RegExpExecArray): string;
}

/** The last sentence of most remedies. */
export const runAgain = "Run the update again: it goes on where it stopped.";

/** What to do about an object of the identity provider that is there already. */
export function takeInOrDelete(): string {
  return (
    "An object of this name is there already. If an update that was killed made it, take it in: " +
    "`pulumi import <type token> <name> <its id> --parent parent=<URN> --protect=false --generate-code=false` " +
    "(`pulumi stack --show-urns` has URN and token of its like); delete it there only when you are sure that nobody uses it. " +
    `${runAgain} If it is somebody else's, name another, or write a group as \`existing\`.`
  );
}
