import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import {
  adoptedSecretOf,
  diagnosticRedirectUri,
  groupName,
  rotationRuleOf,
  rotationSchedule,
  startOfDayText,
  type EntraSpec,
  type Environment,
  type ScheduledSecret,
} from "../../../model";
import type { IdentityProvider, IdentityProviderInputs } from "../contract";
import { adoptedSecret, isAdoptedSecret } from "../secret-of-configuration";
import { EntraApplication } from "./entra-application";
import { EntraDirectory, findUser, type EntraGroupArgs } from "./entra-directory";

/** Sets up Entra ID for an environment: groups and members now, one app registration for each platform that asks. */
export function setUpEntra({ spec, environment, scope, stack, today }: IdentityProviderInputs<EntraSpec>): IdentityProvider {
  const ownerIds = pulumi.output(findOwners(spec, scope.options));
  const directory = new EntraDirectory(scope.name("groups"), { groups: groupsOf(spec, environment.groups), ownerIds }, scope.options);
  const id = (key: string): pulumi.Output<string> => directory.groupIds.apply((ids) => ids[key] ?? "");
  const multiFactor =
    spec.conditionalAccess === undefined
      ? undefined
      : { state: spec.conditionalAccess.state, breakGlassGroupId: id(spec.conditionalAccess.breakGlassGroup) };

  return {
    groups: Object.fromEntries(
      // With app roles the token carries the role's value, which is the group's key.
      Object.keys(environment.groups).map((key) => [
        key,
        { id: id(key), claimValue: spec.groupClaims === "appRoles" ? pulumi.output(key) : id(key) },
      ]),
    ),
    register(platform, requirements, granted, people) {
      const schedule = rotationSchedule(rotationRuleOf(spec, platform) ?? spec.secret, today);
      const { secrets, next } = schedule;
      const adopted = adoptedSecretOf(spec.secret.adopted, platform);
      const publicClient = requirements.clientAuthentication === "none";
      const application = new EntraApplication(
        scope.name(`${platform}-app`),
        {
          displayName: `${platform} (${stack})`,
          redirectUris: [...requirements.redirectUris],
          publicClient,
          optionalClaims: optionalClaims(requirements.idTokenClaims),
          diagnosticRedirectUri: spec.diagnosticRedirect ? diagnosticRedirectUri : undefined,
          groupClaims: spec.groupClaims,
          assignedGroups: Object.fromEntries(
            granted.map((key) => [key, { id: id(key), displayName: groupName(environment.groups[key] ?? {}) }]),
          ),
          assignedUserIds: Object.fromEntries(people.map((person) => [person.login, person.id])),
          ownerIds,
          secrets: secrets.map(({ start, expiresAt }) => ({ start, expiresAt: expiresAt ?? undefined })),
          adoptedSecret: adoptedSecret(adopted, schedule),
          insecureAssignEveryone: spec.insecureAssignEveryone,
          insecureImplicitIdTokens: spec.insecureImplicitIdTokens,
          multiFactor,
          readsDirectory: requirements.readsDirectory ?? false,
        },
        scope.options,
      );
      return {
        clientId: application.clientId,
        clientSecret: publicClient ? undefined : application.clientSecret,
        isAdoptedSecret: isAdoptedSecret(adopted, schedule),
        secretExpiresAt: pulumi.output(publicClient ? null : endOf(secrets[0], adopted)),
        secretRotatesAt: publicClient ? null : next,
      };
    },
  };
}

function groupsOf({ roleAssignableGroups }: EntraSpec, groups: Environment["groups"]): Record<string, EntraGroupArgs> {
  return Object.fromEntries(
    Object.entries(groups).map(([key, group]) => [key, roleAssignableGroups.includes(key) ? { ...group, assignableToRole: true } : group]),
  );
}

/** When the active secret ends: one that was there before the stack, on a day of its own. */
function endOf({ start, expiresAt }: ScheduledSecret, adopted: ReturnType<typeof adoptedSecretOf>): string | null {
  return start === "initial" && adopted?.endsOn !== undefined ? startOfDayText(adopted.endsOn) : expiresAt;
}

/** Claims of a version 2 ID token that are there only when the app asks (learn.microsoft.com, optional claims reference). */
const unasked = ["email", "family_name", "given_name", "upn"];

function optionalClaims(wanted: readonly string[] = []): string[] {
  return unasked.filter((claim) => claim === "email" || wanted.includes(claim));
}

/** The account that deploys, and the people whom the stack names. */
async function findOwners(spec: EntraSpec, options: pulumi.InvokeOptions): Promise<string[]> {
  const caller = await azuread.getClientConfig(options);
  const named = await Promise.all(spec.owners.map((owner) => findUser("gatehouse:idp.owners", owner, options)));
  return [...new Set([caller.objectId, ...named])];
}
