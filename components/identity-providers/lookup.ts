import * as pulumi from "@pulumi/pulumi";
import { compareText } from "../../model";

/** Ids of the people whom a group lists, by the group's key. */
export type MemberLookUp = (key: string, members: readonly string[]) => Promise<string>[];

/** One look-up a person, however many groups name them: each is a request to the vendor at every preview. */
export function memberLookUp(find: (where: string, login: string) => Promise<string>): MemberLookUp {
  const people = new Map<string, Promise<string>>();
  return (key, members) =>
    [...members].sort(compareText).map((login) => {
      const found = people.get(login) ?? find(`gatehouse:groups.${key}.members`, login);
      people.set(login, found);
      return found;
    });
}

/**
 * The error for a person or group that the identity provider does not give back.
 * @param where path in the stack file, `gatehouse:groups.auditors.existing`
 * @param what "person 'ana@example.com'"
 * @param cause what the provider said
 * @param permission what the account that deploys needs for the look-up, by name
 */
export function lookupError(where: string, what: string, provider: string, cause: unknown, permission?: string): pulumi.RunError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const needed = permission === undefined ? "" : ` (${permission})`;
  // A RunError is shown by its message alone, without a stack that says nothing to the person who wrote the stack file.
  return new pulumi.RunError(
    `${where}: the ${what} could not be looked up in ${provider}. Fix: check the spelling, and that the account which deploys may read it${needed}. ` +
      `${provider}'s provider said: ${reason}`,
  );
}
