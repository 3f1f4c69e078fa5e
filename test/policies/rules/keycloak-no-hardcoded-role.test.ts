import { keycloakNoHardcodedRole } from "../../../policies/rules/keycloak-no-hardcoded-role";
import { keycloak } from "../../../policies/types";
import { judges } from "../../../policies/rule";
import { run, unknown } from "../harness";

// The resource's presence is the violation: there is no passing fixture of its type.
describe(keycloakNoHardcodedRole.id, () => {
  const message = 'HardcodedRoleProtocolMapper: expected roles through groups, found "a role for every person"';

  it("leaves other mappers alone", async () => {
    expect(judges(keycloakNoHardcodedRole, keycloak.groupMapper)).toBe(false);
    expect(await run(keycloakNoHardcodedRole, [{ type: keycloak.groupMapper, props: {} }])).toEqual([]);
  });

  it("reports the mapper", async () => {
    expect(await run(keycloakNoHardcodedRole, [{ type: keycloak.hardcodedRole, props: { roleId: "r" } }])).toEqual([message]);
  });

  it("reports it before its role exists", async () => {
    expect(await run(keycloakNoHardcodedRole, [{ type: keycloak.hardcodedRole, props: { roleId: unknown } }])).toEqual([message]);
  });
});
