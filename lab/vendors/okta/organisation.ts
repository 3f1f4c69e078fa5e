import { ok, type Route } from "./call";
import type { OktaState, PolicyRecord } from "./model";
import { newAuthorizationServer } from "./authorization-servers";
import { catchAllRule } from "./policy-schema";
import { newId, timestamp } from "./store";

export const organisationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/.well-known/okta-organization",
    scope: "none",
    handle: (call) =>
      ok({
        id: call.store.state.orgId,
        cell: "lab",
        _links: { organization: { href: call.orgUrl } },
        // `idx`: Identity Engine; a Classic org (`v1`) has no app sign-on policies.
        pipeline: "idx",
        settings: {
          analyticsCollectionEnabled: false,
          bugReportingEnabled: true,
          omEnabled: false,
          pssoEnabled: false,
          desktopMFAEnabled: false,
          itpEnabled: false,
        },
      }),
  },
];

function systemPolicies(everyone: string): PolicyRecord[] {
  const now = timestamp();
  const common = { status: "ACTIVE", priority: 1, system: true, created: now, lastUpdated: now } as const;
  return [
    {
      ...common,
      id: newId("rst"),
      type: "ACCESS_POLICY",
      name: "Any two factors",
      description: "Require two factors to access.",
      conditions: null,
      rules: [catchAllRule(newId("rul"), now)],
    },
    {
      ...common,
      id: newId("00p"),
      type: "OKTA_SIGN_ON",
      name: "Default Policy",
      description: "The default policy applies in all situations if no other policy applies.",
      conditions: { people: { groups: { include: [everyone] } } },
      rules: [
        {
          ...common,
          id: newId("0pr"),
          name: "Default Rule",
          type: "SIGN_ON",
          conditions: {
            people: { users: { exclude: [] } },
            network: { connection: "ANYWHERE" },
            authContext: { authType: "ANY" },
            identityProvider: { provider: "ANY" },
          },
          actions: {
            signon: {
              access: "ALLOW",
              requireFactor: false,
              primaryFactor: "PASSWORD_IDP_ANY_FACTOR",
              rememberDeviceByDefault: false,
              session: { maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 0, usePersistentCookie: false },
            },
          },
        },
      ],
    },
  ];
}

/** A new developer organisation: the group Everyone, the system policies, and the custom authorization server `default` with its policy. */
export function newOrganisation(): OktaState {
  const now = timestamp();
  const everyone = newId("00g");
  const server = newAuthorizationServer({
    id: "default",
    name: "default",
    description: "Default Authorization Server for your Applications",
    audiences: ["api://default"],
    issuerMode: "DYNAMIC",
    rotationMode: "AUTO",
    default: true,
  });
  const common = { status: "ACTIVE", priority: 1, system: false, created: now, lastUpdated: now } as const;
  server.policies.push({
    ...common,
    id: newId("00p"),
    type: "OAUTH_AUTHORIZATION_POLICY",
    name: "Default Policy",
    description: "Default policy description",
    conditions: { clients: { include: ["ALL_CLIENTS"] } },
    rules: [
      {
        ...common,
        id: newId("0pr"),
        name: "Default Policy Rule",
        type: "RESOURCE_ACCESS",
        conditions: {
          people: { groups: { include: ["EVERYONE"] } },
          grantTypes: { include: ["authorization_code", "implicit", "client_credentials", "password"] },
          scopes: { include: ["*"] },
        },
        actions: { token: { accessTokenLifetimeMinutes: 60, refreshTokenLifetimeMinutes: 0, refreshTokenWindowMinutes: 10_080 } },
      },
    ],
  });
  return {
    version: 1,
    orgId: newId("00o"),
    groups: [
      {
        id: everyone,
        type: "BUILT_IN",
        created: now,
        lastUpdated: now,
        lastMembershipUpdated: now,
        profile: { name: "Everyone", description: "All users in your organization" },
        members: [],
      },
    ],
    users: [],
    apps: [],
    policies: systemPolicies(everyone),
    authorizationServers: [server],
  };
}
