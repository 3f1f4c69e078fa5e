import { keycloakNoHardcodedRole } from "../../../policies/rules/keycloak-no-hardcoded-role";
import { keycloak } from "../../../policies/types";
import { judges } from "../../../policies/rule";
import { run, unknown } from "../harness";

// The resource's presence is the violation: there is no passing fixture of its type.
describe(keycloakNoHardcodedRole.id, () => {
  const message = 'HardcodedRoleProtocolMapper: expected access through groups that people are put into, got "a role for every person"';

  it("leaves other mappers alone", async () => {
    expect(judges(keycloakNoHardcodedRole, keycloak.groupMapper)).toBe(false);
    expect(await run(keycloakNoHardcodedRole, [{ type: keycloak.groupMapper, props: {} }])).toEqual([]);
  });

  it("reports the mapper", async () => {
    expect(await run(keycloakNoHardcodedRole, [{ type: keycloak.hardcodedRole, props: { roleId: "r" } }])).toEqual([message]);
  });

  it.each([
    [
      "the generic form",
      keycloak.genericMapper,
      { protocolMapper: "oidc-hardcoded-role-mapper" },
      'protocolMapper: expected groups and roles through mappers of their own, got "oidc-hardcoded-role-mapper"',
    ],
    [
      "a groups claim of one value",
      keycloak.hardcodedClaim,
      { claimName: "groups", claimValue: "k10-admins" },
      "claimName: expected groups and roles through mappers of their own, got \"'groups' of one value for every person\"",
    ],
    [
      "its generic form",
      keycloak.genericClientMapper,
      { protocolMapper: "oidc-hardcoded-claim-mapper", config: { "claim.name": "roles" } },
      "config['claim.name']: expected groups and roles through mappers of their own, got \"'roles' of one value for every person\"",
    ],
    [
      "an attribute as the groups claim",
      keycloak.attributeMapper,
      { claimName: "groups", userAttribute: "team" },
      "claimName: expected groups and roles through mappers of their own, got \"'groups' of an attribute, which people may write\"",
    ],
    [
      "an attribute in the generic form",
      keycloak.genericMapper,
      { protocolMapper: "oidc-usermodel-attribute-mapper", config: { "claim.name": "realm_access.roles" } },
      "config['claim.name']: expected groups and roles through mappers of their own, got \"'realm_access.roles' of an attribute, which people may write\"",
    ],
    [
      "one name for everybody",
      keycloak.hardcodedClaim,
      { claimName: "preferred_username", claimValue: "ana" },
      "claimName: expected groups and roles through mappers of their own, got \"'preferred_username' of one value for every person\"",
    ],
    [
      "a script",
      keycloak.scriptMapper,
      { claimName: "x" },
      'ScriptProtocolMapper: expected access through groups that people are put into, got "a script, which may put anything into a token"',
    ],
    [
      "a script in the generic form",
      keycloak.genericMapper,
      { protocolMapper: "script-mine.js" },
      'protocolMapper: expected groups and roles through mappers of their own, got "script-mine.js"',
    ],
    [
      "the realm's default groups",
      keycloak.defaultGroups,
      { groupIds: ["g"] },
      'groupIds: expected access through groups that people are put into, got "groups for every person of the realm"',
    ],
    [
      "default groups that are not known yet",
      keycloak.defaultGroups,
      { groupIds: unknown },
      'groupIds: expected access through groups that people are put into, got "groups for every person of the realm"',
    ],
    [
      "the realm's default roles",
      keycloak.defaultRoles,
      { defaultRoles: ["offline_access", "k10/admin"] },
      'defaultRoles: expected access through groups that people are put into, got "roles for every person of the realm"',
    ],
    [
      "a group for everybody of a broker",
      keycloak.brokerGroup,
      { group: "g" },
      'HardcodedGroupIdentityProviderMapper: expected access through groups that people are put into, got "a group for every person of another identity provider"',
    ],
    [
      "a role for everybody of a broker",
      keycloak.brokerRole,
      { role: "r" },
      'HardcodedRoleIdentityMapper: expected access through groups that people are put into, got "a role for every person of another identity provider"',
    ],
  ])("reports %s", async (_, type, props, expected) => {
    expect(await run(keycloakNoHardcodedRole, [{ type, props }])).toEqual([expected]);
  });

  it.each([
    [keycloak.hardcodedClaim, { claimName: "tenant" }],
    [keycloak.hardcodedClaim, { claimName: unknown }],
    [keycloak.attributeMapper, { claimName: "department" }],
    [keycloak.propertyMapper, { claimName: "preferred_username", userProperty: "username" }],
    [keycloak.propertyMapper, { claimName: "preferred_username", userProperty: unknown }],
    [keycloak.defaultRoles, { defaultRoles: ["offline_access", "uma_authorization"] }],
    [keycloak.defaultGroups, { groupIds: [] }],
    [keycloak.genericMapper, { protocolMapper: "oidc-audience-mapper", config: { "claim.name": "groups" } }],
  ])("leaves %s with %j alone", async (type, props) => {
    expect(await run(keycloakNoHardcodedRole, [{ type, props }])).toEqual([]);
  });

  it("reports it before its role exists", async () => {
    expect(await run(keycloakNoHardcodedRole, [{ type: keycloak.hardcodedRole, props: { roleId: unknown } }])).toEqual([message]);
  });
});
