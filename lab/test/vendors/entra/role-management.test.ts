import { caller, openBench, type Bench } from "./support";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

describe("directory roles", () => {
  const path = "/v1.0/roleManagement/directory/roleAssignments";
  const groupsAdministrator = "fdd7a751-b60b-444a-984c-02652fe8fa1c";

  test("a list asks for a role or a principal, and expands the principal only", async () => {
    expect(await bench.graph("GET", path)).toMatchObject({ status: 400 });
    const query = `$filter=${encodeURIComponent(`roleDefinitionId eq '${groupsAdministrator}'`)}`;
    expect(await bench.graph("GET", `${path}?${query}&$expand=directoryScope`)).toMatchObject({ status: 400 });
    expect(await bench.graph("GET", `${path}?${query}&$expand=principal`)).toMatchObject({ status: 200, json: { value: [] } });
  });

  test("giving one takes RoleManagement.ReadWrite.Directory; what may be activated takes a licence", async () => {
    const body = { roleDefinitionId: groupsAdministrator, principalId: caller.objectId, directoryScopeId: "/" };
    expect(await bench.graph("POST", path, body)).toMatchObject({ status: 403 });
    const eligible = await bench.graph("GET", "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances");
    expect(eligible).toMatchObject({ status: 400, json: { error: { code: "AadPremiumLicenseRequired" } } });
  });
});
