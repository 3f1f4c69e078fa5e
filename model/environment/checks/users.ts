import { identityProviderFacts, identityProviderOf } from "../../identity-providers";
import { platformOf, type PlatformSpec } from "../../platforms";
import { memberSchema } from "../../text/names";
import { describeReceived, type Problem } from "../../text/problems";
import type { WithIdentityProvider } from "./check";

/** A binding that names a person holds the text that arrives from tokens: one that nobody knows beforehand would bind nobody, or somebody else. */
export const users: WithIdentityProvider = {
  name: "what arrives for each person with a grant of their own is known beforehand",
  asksIdentityProvider: true,
  find({ idp, platforms }) {
    const definition = identityProviderOf(idp);
    const facts = identityProviderFacts(idp);
    const userFault = (user: string): Omit<Problem, "path"> | undefined =>
      definition.memberNames === "user-names" || memberSchema.safeParse(user).success
        ? definition.userFault?.(idp, user)
        : { expected: "an e-mail address, the sign-in name of a person", received: describeReceived(user, []) };
    return Object.entries(platforms).flatMap(([name, spec]) => {
      const claim = claimFault(spec, facts);
      return spec.access.flatMap(({ user }, position): Problem[] => {
        const fault = user === undefined ? undefined : (claim ?? userFault(user) ?? subjectFault(spec, definition.userValue?.(idp, user)));
        return fault === undefined ? [] : [{ path: ["platforms", name, "access", position, "user"], ...fault }];
      });
    });
  },
};

/** Why the platform could not keep what the stack file says of a person's tokens; undefined where it can, and where that is looked up. */
function subjectFault(spec: PlatformSpec, subject: string | undefined): Omit<Problem, "path"> | undefined {
  const rule = platformOf(spec).people?.(spec).subjects;
  return subject === undefined || rule === undefined || rule.pattern.test(subject)
    ? undefined
    : {
        expected: rule.expected,
        received: describeReceived(subject, []),
        fix: "let people sign in through an identity provider whose sub fits, such as Keycloak or Dex between this one and the platform",
      };
}

/** Why nobody knows what the platform's claim will carry for a person; undefined where it is the stable one. */
function claimFault(spec: PlatformSpec, facts: ReturnType<typeof identityProviderFacts>): Omit<Problem, "path"> | undefined {
  const { title, pairwiseSubject, stableUsernameClaim } = facts.capabilities;
  const { claim } = platformOf(spec).identity(spec, facts).username;
  if (claim === "sub" && pairwiseSubject) {
    return {
      expected: `a claim whose value is known beforehand: ${title} gives each client another sub for one person`,
      received: '"sub"',
      fix:
        stableUsernameClaim === "sub"
          ? "grant to a group"
          : `name people by ${stableUsernameClaim} where the platform can, or grant to a group`,
    };
  }
  return claim === stableUsernameClaim
    ? undefined
    : {
        expected: `the claim ${stableUsernameClaim}, which names a person for good: the value of another can change, or be given to somebody else`,
        received: describeReceived(claim, []),
        fix: `leave the other claim out for ${stableUsernameClaim}, or grant to a group`,
      };
}
