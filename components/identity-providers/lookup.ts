/**
 * The error for a person or group that the identity provider does not give back.
 * @param where path in the stack file, `gatehouse:groups.auditors.existing`
 * @param what "person 'ana@example.com'"
 * @param cause what the provider said; kept as the error's cause too
 */
export function lookupError(where: string, what: string, provider: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `${where}: the ${what} could not be looked up in ${provider}. Fix: check the spelling, and that the account which deploys may read it. ` +
      `${provider}'s provider said: ${reason}`,
    { cause },
  );
}
