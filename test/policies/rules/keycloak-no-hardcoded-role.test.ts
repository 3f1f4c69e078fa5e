import { keycloakNoHardcodedRole } from "../../../policies/rules/keycloak-no-hardcoded-role";
import { keycloak } from "../../../policies/types";
import { judges } from "../../../policies/rule";
import { run, unknown } from "../harness";

// The resource's presence is the violation: there is no passing fixture of its type.
describe(keycloakNoHardcodedRole.id, () => {
  const message = 'HardcodedRoleProtocolMapper: expected roles through groups, got "a role for every person"';

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
      'protocolMapper: expected roles through groups, got "oidc-hardcoded-role-mapper"',
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
  ])("reports %s", async (_, type, props, expected) => {
    expect(await run(keycloakNoHardcodedRole, [{ type, props }])).toEqual([expected]);
  });

  it.each([
    [keycloak.hardcodedClaim, { claimName: "tenant" }],
    [keycloak.hardcodedClaim, { claimName: unknown }],
    [keycloak.genericMapper, { protocolMapper: "oidc-audience-mapper", config: { "claim.name": "groups" } }],
  ])("leaves %s with %j alone", async (type, props) => {
    expect(await run(keycloakNoHardcodedRole, [{ type, props }])).toEqual([]);
  });

  it("reports it before its role exists", async () => {
    expect(await run(keycloakNoHardcodedRole, [{ type: keycloak.hardcodedRole, props: { roleId: unknown } }])).toEqual([message]);
  });
});
