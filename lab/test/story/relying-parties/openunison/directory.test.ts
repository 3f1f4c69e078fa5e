import { directoryConfiguration, withGroupNames } from "../../../../story/relying-parties/openunison/directory";
import { addSecret, ana, ben, makeGroup, openBench, register, tenant, userId, type Bench } from "../../../vendors/entra/support";

const target = {
  spec: {
    params: [
      { name: "clientId", value: "client-1" },
      { name: "tenantId", value: tenant },
    ],
    secretParams: [{ name: "clientSecret", secretKey: "OIDC_CLIENT_SECRET" }],
  },
};

describe("the Target and the chain as OpenUnison reads them", () => {
  const script = 'var id = info.getAttribs().get("oid").getValues().get(0);';

  test("the secret by reference, the attribute from the script", () => {
    expect(directoryConfiguration(target, script, { OIDC_CLIENT_SECRET: "s3cret" })).toEqual({
      tenantId: tenant,
      clientId: "client-1",
      clientSecret: "s3cret",
      personAttribute: "oid",
    });
    expect(directoryConfiguration(target, "findUser()", { OIDC_CLIENT_SECRET: "s3cret" }).personAttribute).toBe("uid");
  });

  test("a secret that is not there, or a tenant", () => {
    expect(() => directoryConfiguration(target, script, {})).toThrow("Target azuread: expected clientSecret");
    const params = target.spec.params.slice(0, 1);
    expect(() => directoryConfiguration({ spec: { ...target.spec, params } }, script, { OIDC_CLIENT_SECRET: "x" })).toThrow(
      "expected tenantId",
    );
  });
});

describe("at Microsoft Graph", () => {
  let bench: Bench;
  let app: { clientId: string; principalId: string };
  let lookUp: (person: Record<string, string[]>, claims: Record<string, unknown>) => ReturnType<typeof withGroupNames>;

  beforeAll(async () => {
    bench = await openBench();
    const registered = await register(bench);
    app = registered;
    const { secret } = await addSecret(bench, registered.objectId);
    const directory = { tenantId: tenant, clientId: registered.clientId, clientSecret: secret, personAttribute: "oid" };
    lookUp = (person, claims) => withGroupNames(person, claims, directory, bench.lab.issuer, { ca: bench.ca });
    await makeGroup(bench, "k8s-admins", [userId(bench, ana.login)]);
    await makeGroup(bench, "Everybody", [userId(bench, ana.login), userId(bench, ben.login)]);
  });
  afterAll(() => bench.close());

  const consent = async (): Promise<void> => {
    const found = await bench.graph("GET", "/v1.0/servicePrincipals?$filter=appId%20eq%20'00000003-0000-0000-c000-000000000000'");
    const [graph] = found.json["value"] as { id: string }[];
    const answer = await bench.graph("POST", `/v1.0/servicePrincipals/${graph?.id ?? ""}/appRoleAssignedTo`, {
      appRoleId: "df021288-bdef-4463-88db-98f22de89214",
      principalId: app.principalId,
      resourceId: graph?.id,
    });
    expect(answer.status).toBe(201);
  };

  test("without consent nobody gets in; with it, ids give way to the names of all of the person's groups", async () => {
    const person = { uid: ["ana"], memberOf: ["guid-1"] };
    const claims = { oid: userId(bench, ana.login) };
    await expect(lookUp(person, claims)).rejects.toThrow("could not find the user: expected status 200");
    await consent();
    const found = await lookUp(person, claims);
    expect(found["uid"]).toEqual(["ana"]);
    expect([...(found["memberOf"] ?? [])].sort()).toEqual(["Everybody", "k8s-admins"]);
    expect((await lookUp(person, { oid: userId(bench, ben.login) }))["memberOf"]).toEqual(["Everybody"]);
  });

  test("a person whom Graph does not know, or whom the token does not name", async () => {
    await expect(lookUp({}, { oid: "99999999-9999-4999-8999-999999999999" })).rejects.toThrow("got 404");
    await expect(lookUp({}, {})).rejects.toThrow("expected the attribute oid of the person, got an empty one");
  });
});
