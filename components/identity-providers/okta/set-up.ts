import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import {
  adoptedSecretOf,
  diagnosticRedirectUri,
  grantedGroups,
  groupName,
  identityProviderFacts,
  oktaIssuerMode,
  platformOf,
  rotationRuleOf,
  rotationSchedule,
  type Environment,
  type OktaSpec,
} from "../../../model";
import type { Scope } from "../../scope";
import type { IdentityProvider, IdentityProviderInputs } from "../contract";
import { adoptedSecret, isAdoptedSecret } from "../secret-of-configuration";
import { OktaApplication } from "./okta-application";
import { OktaDirectory } from "./okta-directory";
import { oktaProviderAuthentication, requireEffectiveGroupsClaim } from "./provider-authentication";

/** Sets up Okta for an environment: groups and members now, one app for each platform that asks. */
export function setUpOkta({ spec, environment, scope, stack, today }: IdentityProviderInputs<OktaSpec>): IdentityProvider {
  requireEffectiveGroupsClaim(spec, oktaProviderAuthentication(new pulumi.Config("okta"), process.env));
  const customServer = spec.authorizationServer === "org" ? undefined : spec.authorizationServer.existing;
  const directory = new OktaDirectory(
    scope.name("groups"),
    {
      groups: environment.groups,
      authorizationServerId: customServer,
      groupsClaim: spec.groupsClaim,
      grantedGroups: [...new Set(Object.values(environment.platforms).flatMap(grantedGroups))],
      claimedGroups: claimedGroups(spec, environment),
    },
    scope.options,
  );
  const id = (key: string): pulumi.Output<string> => directory.groupIds.apply((ids) => ids[key] ?? "");
  const everyone = spec.insecureAssignEveryone ? okta.group.getEveryoneGroupOutput({}, scope.options).id : undefined;
  const policyId = authenticationPolicyId(spec, scope);
  return {
    groups: Object.fromEntries(
      Object.entries(environment.groups).map(([key, group]) => [key, { id: id(key), claimValue: pulumi.output(groupName(group)) }]),
    ),
    register(platform, requirements, granted, people) {
      const schedule = rotationSchedule(rotationRuleOf(spec, platform) ?? spec.secret, today);
      const adopted = adoptedSecretOf(spec.secret.adopted, platform);
      const application = new OktaApplication(
        scope.name(`${platform}-app`),
        {
          label: `${platform} (${stack})`,
          redirectUris: [...requirements.redirectUris, ...(spec.diagnosticRedirect ? [diagnosticRedirectUri] : [])],
          postLogoutRedirectUris: [...requirements.postLogoutRedirectUris],
          grantTypes: [...requirements.grantTypes],
          clientAuthentication: requirements.clientAuthentication,
          requirePkce: spec.requirePkce || requirements.sendsCodeChallenge === true,
          assignedGroupIds: { ...Object.fromEntries(granted.map((key) => [key, id(key)])), ...(everyone && { everyone }) },
          assignedUserIds: Object.fromEntries(people.map((person) => [person.login, person.id])),
          claimedGroups:
            customServer === undefined && requirements.readsGroups !== false
              ? granted.map((key) => groupName(environment.groups[key] ?? {}))
              : undefined,
          groupsClaim: spec.groupsClaim,
          authenticationPolicyId: policyId,
          issuerMode: oktaIssuerMode(spec.orgUrl),
          secrets: schedule.secrets.map(({ start }) => start),
          adoptedSecret: adoptedSecret(adopted, schedule),
        },
        scope.options,
      );
      return {
        clientId: application.clientId,
        clientSecret: requirements.clientAuthentication === "none" ? undefined : application.clientSecret,
        isAdoptedSecret: isAdoptedSecret(adopted, schedule),
        // Okta's client secrets have no end of their own.
        secretExpiresAt: pulumi.output(null),
        secretRotatesAt: requirements.clientAuthentication === "none" ? null : schedule.next,
      };
    },
  };
}

/** The groups of platforms that read groups: where people are bound one by one, a token need not carry them. */
function claimedGroups(spec: OktaSpec, { platforms }: Environment): string[] {
  const facts = identityProviderFacts(spec);
  const reading = Object.values(platforms).filter((platform) => platformOf(platform).requirements(platform, facts).readsGroups !== false);
  return [...new Set(reading.flatMap(grantedGroups))];
}

function authenticationPolicyId(spec: OktaSpec, scope: Scope): pulumi.Input<string> | undefined {
  if (spec.authenticationPolicy === undefined) {
    return undefined;
  }
  return "id" in spec.authenticationPolicy
    ? spec.authenticationPolicy.id
    : okta.policy.getPolicyOutput({ name: spec.authenticationPolicy.existing, type: "ACCESS_POLICY" }, scope.options).id;
}
