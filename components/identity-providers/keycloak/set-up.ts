import * as pulumi from "@pulumi/pulumi";
import {
  claimValueOf,
  diagnosticRedirectUri,
  groupName,
  keycloakDefaultScopes,
  keycloakRealm,
  rotationRuleOf,
  rotationSchedule,
  type KeycloakSpec,
} from "../../../model";
import type { IdentityProvider, IdentityProviderInputs } from "../contract";
import { KeycloakApplication } from "./keycloak-application";
import { KeycloakDirectory } from "./keycloak-directory";

/** Sets up a realm of Keycloak for an environment: groups and members now, one client for each platform that asks. */
export function setUpKeycloak({ spec, environment, scope, stack, today }: IdentityProviderInputs<KeycloakSpec>): IdentityProvider {
  const { realm } = keycloakRealm(spec.issuer);
  const directory = new KeycloakDirectory(scope.name("groups"), { realm, groups: environment.groups }, scope.options);
  const id = (key: string): pulumi.Output<string> => directory.groupIds.apply((ids) => ids[key] ?? "");
  const claimValue = (key: string): string => claimValueOf(spec, key, groupName(environment.groups[key] ?? {})) ?? "";
  const ownScopes = keycloakDefaultScopes(spec);

  return {
    groups: Object.fromEntries(
      Object.keys(environment.groups).map((key) => [key, { id: id(key), claimValue: pulumi.output(claimValue(key)) }]),
    ),
    register(platform, requirements, granted, people) {
      const publicClient = requirements.clientAuthentication === "none";
      const existing = spec.existingClients?.[platform];
      const schedule = rotationSchedule(rotationRuleOf(spec, platform) ?? spec.secret, today);
      const keepsSecret = existing !== undefined && schedule.secrets[0].start === "initial";
      const defaultScopes = [...ownScopes, ...(existing?.defaultScopes ?? []).filter((scope) => !ownScopes.includes(scope))];
      const optionalScopes = new Set([...requirements.scopes, ...(existing?.optionalScopes ?? [])]);
      const application = new KeycloakApplication(
        scope.name(`${platform}-app`),
        {
          realm,
          clientId: existing?.clientId ?? `${platform}-${stack}`,
          displayName: `${platform} (${stack})`,
          publicClient,
          redirectUris: [...requirements.redirectUris, ...(spec.diagnosticRedirect ? [diagnosticRedirectUri] : [])],
          postLogoutRedirectUris: [...requirements.postLogoutRedirectUris],
          refreshTokens: requirements.grantTypes.includes("refresh_token"),
          requirePkce: requirements.sendsCodeChallenge ?? false,
          defaultScopes,
          optionalScopes: [...optionalScopes].filter((scope) => scope !== "openid" && !defaultScopes.includes(scope)),
          grantedGroups: Object.fromEntries(granted.map((key) => [key, { id: id(key), claimValue: claimValue(key) }])),
          grantedUserIds: Object.fromEntries(people.map((person) => [person.login, person.id])),
          groupClaims: requirements.readsGroups === false ? undefined : spec.groupClaims,
          groupsClaim: spec.groupsClaim,
          restrictSignIn: spec.signIn === "granted",
          acr: spec.requiredAcr,
          tokenLifetimeSeconds: spec.tokenLifetimeSeconds,
          browserFlowId: existing?.browserFlowId,
          secretKeeper: keepsSecret ? undefined : schedule.secrets[0].start,
        },
        scope.options,
      );
      return {
        clientId: application.clientId,
        clientSecret: publicClient ? undefined : application.clientSecret,
        isAdoptedSecret: keepsSecret,
        // Keycloak's client secrets have no end of their own; by the policy that keeps two of them, the lifetime at least is theirs.
        secretExpiresAt: pulumi.output(publicClient ? null : schedule.secrets[0].expiresAt),
        secretRotatesAt: publicClient ? null : schedule.next,
      };
    },
  };
}
