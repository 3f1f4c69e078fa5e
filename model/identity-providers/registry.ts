import { z } from "zod";
import type { IdentityProviderDefinition, IdentityProviderFacts } from "./definition";
import { entra, type EntraInput, type EntraSpec } from "./entra";
import { external, type ExternalInput, type ExternalSpec } from "./external";
import { keycloak, type KeycloakInput, type KeycloakSpec } from "./keycloak";
import { okta, type OktaInput, type OktaSpec } from "./okta";
import type { RotationRule } from "./rotation";

/** `gatehouse:idp`, whichever kind. */
export type IdentityProviderSpec = OktaSpec | EntraSpec | KeycloakSpec | ExternalSpec;

/** `gatehouse:idp` as it is written, with defaults left out. */
export type IdentityProviderInput = OktaInput | EntraInput | KeycloakInput | ExternalInput;

/** Every identity provider that Gatehouse knows. A new one adds its definition here. */
export const identityProviders: {
  readonly [Kind in IdentityProviderSpec["kind"]]: IdentityProviderDefinition<Extract<IdentityProviderSpec, { kind: Kind }>>;
} = {
  okta,
  entra,
  keycloak,
  external,
};

export const identityProviderSchema = z.discriminatedUnion(
  "kind",
  Object.values(identityProviders).map(({ schema }) => schema) as unknown as [z.core.$ZodTypeDiscriminable],
) as unknown as z.ZodType<IdentityProviderSpec>;

/** The definition that belongs to a stack's identity provider. */
export function identityProviderOf<Kind extends IdentityProviderSpec["kind"]>(
  spec: Extract<IdentityProviderSpec, { kind: Kind }>,
): IdentityProviderDefinition<Extract<IdentityProviderSpec, { kind: Kind }>> {
  return identityProviders[spec.kind];
}

/** The facts of an environment's identity provider. */
export function identityProviderFacts(spec: IdentityProviderSpec): IdentityProviderFacts {
  return identityProviderOf(spec).facts(spec);
}

/** What a token will carry for a group, as far as the stack file says it; undefined where only the vendor knows. */
export function claimValueOf(spec: IdentityProviderSpec, key: string, name: string): string | undefined {
  const { claimValue } = identityProviderOf(spec);
  return claimValue === undefined
    ? identityProviderFacts(spec).capabilities.claimValue === "name"
      ? name
      : undefined
    : claimValue(spec, key, name);
}

/** The rule by which a stack's identity provider rotates client secrets; undefined where the stack makes none. */
export function rotationRuleOf(spec: IdentityProviderSpec, platform?: string): RotationRule | undefined {
  return identityProviderOf(spec).rotation?.(spec, platform);
}

/** The definition of a kind that a document names; undefined for a kind that this version does not know. */
export function identityProviderOfKind(kind: string): IdentityProviderDefinition<IdentityProviderSpec> | undefined {
  return Object.hasOwn(identityProviders, kind)
    ? (identityProviders[kind as keyof typeof identityProviders] as unknown as IdentityProviderDefinition<IdentityProviderSpec>)
    : undefined;
}
