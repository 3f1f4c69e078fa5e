import type { EntraApplicationArgs } from "../../../../components";
import { only, settled, simulate } from "../../harness";

const application = "azuread:index/application:Application";
const password = "azuread:index/applicationPassword:ApplicationPassword";

const make = (changes: Partial<EntraApplicationArgs> = {}) =>
  simulate(
    ({ EntraApplication }) =>
      new EntraApplication("cluster-app", {
        displayName: "cluster",
        redirectUris: ["http://localhost:8000"],
        groupClaims: "assigned",
        assignedGroups: {},
        ownerIds: ["owner"],
        secrets: [{ start: "2026-11-23", expiresAt: "2027-05-22T00:00:00Z" }],
        ...changes,
      }),
    { computed: (type) => (type === application ? { clientId: "app-1" } : type === password ? { value: "made-by-entra" } : {}) },
  );

test("a public client has its redirect URIs there, none for the web, and no secret", async () => {
  const simulation = await make({ publicClient: true });
  const { inputs } = only(simulation, application);
  expect(inputs).toMatchObject({ publicClient: { redirectUris: ["http://localhost:8000"] }, web: { redirectUris: [] } });
  expect(simulation.resources.filter(({ type }) => type === password)).toEqual([]);
  expect(await settled(simulation.result.clientSecret)).toMatchObject({ value: "", secret: true });
});

test("the loopback of gatehouse login stands beside them", async () => {
  const { inputs } = only(await make({ publicClient: true, diagnosticRedirectUri: "http://localhost:18999/callback" }), application);
  expect(inputs).toMatchObject({ publicClient: { redirectUris: ["http://localhost:8000", "http://localhost:18999/callback"] } });
});

test("a confidential one is the other way about", async () => {
  const simulation = await make();
  const { inputs } = only(simulation, application);
  expect(inputs).toMatchObject({ web: { redirectUris: ["http://localhost:8000"] } });
  expect(inputs["publicClient"]).toBeUndefined();
  expect(only(simulation, password).inputs).toMatchObject({ endDate: "2027-05-22T00:00:00Z" });
});

test("claims that Entra ID leaves out unasked are asked for", async () => {
  expect(only(await make(), application).inputs["optionalClaims"]).toEqual({ idTokens: [{ name: "email" }] });
  expect(only(await make({ optionalClaims: ["email", "family_name"] }), application).inputs["optionalClaims"]).toEqual({
    idTokens: [{ name: "email" }, { name: "family_name" }],
  });
});

test("a confidential client without a secret is a mistake of the program", async () => {
  await expect(make({ secrets: [] })).rejects.toThrow("expected at least one client secret in the schedule, got none");
});

test("no Conditional Access policy can be made for a public client: the program is told, and nothing is half made", async () => {
  const multiFactor = { state: "enforced", breakGlassGroupId: "group-break-glass" };
  await expect(make({ publicClient: true, multiFactor })).rejects.toThrow(
    "cluster-app: expected no multiFactor for a public client, to which Conditional Access does not apply; got both.",
  );
});
