import { z } from "zod";
import type { IdentityProviderFacts } from "../identity-providers/definition";
import { addProblem, describeReceived } from "../text/problems";
import { prefixFault } from "../text/trusted-names";
import type { IdentityRule } from "./definition";

/** The literal text before user and group names. */
const prefixSchema = z.string().superRefine((value, context) => {
  const expected = prefixFault(value);
  if (expected !== undefined) {
    const fix = 'leave it out for the default "<idp kind>:", or write one such as "okta:"';
    addProblem(context, [], { expected, received: describeReceived(value, []), fix });
  }
});

/** The settings of a platform that decide under which name RBAC sees a person and their groups. */
export const identityFields = {
  prefix: prefixSchema.optional().describe('Text before user and group names in RBAC. Default: "<idp kind>:".'),
  usernameClaim: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]*$/, "a claim name")
    .optional()
    .describe("The claim that names a person. Default: the identity provider's stable one."),
};

/** The prefix of a platform that has one: the stack's own, or one that no other identity provider's names share. */
export function prefixOf(spec: { readonly prefix?: string }, identityProvider: IdentityProviderFacts): string {
  return spec.prefix ?? `${identityProvider.kind}:`;
}

/** The claim that a stack chose to name people by, for a platform with {@link identityFields}. */
export function chosenClaims({ usernameClaim }: { readonly usernameClaim?: string }): { path: string[]; claim: string }[] {
  return usernameClaim === undefined ? [] : [{ path: ["usernameClaim"], claim: usernameClaim }];
}

/** The identity rule that follows from {@link identityFields}. */
export function identityOf(
  spec: { readonly prefix?: string; readonly usernameClaim?: string },
  identityProvider: IdentityProviderFacts,
): IdentityRule {
  const prefix = prefixOf(spec, identityProvider);
  return {
    username: { claim: spec.usernameClaim ?? identityProvider.capabilities.stableUsernameClaim, prefix },
    groups: { claim: identityProvider.groupsClaim, prefix },
  };
}
