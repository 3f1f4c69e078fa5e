import * as pulumi from "@pulumi/pulumi";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiServerArgs } from "../../../../components";
import { listing, settled, simulate } from "../../harness";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-api-server-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const args: ApiServerArgs = {
  server: "https://api.example.com:6443",
  clusterName: "prod",
  issuer: "https://acme.okta.com/oauth2/default",
  clientId: pulumi.output("0oa1"),
  scopes: ["openid", "profile", "email"],
  username: { claim: "sub", prefix: "okta:" },
  groups: { claim: "groups", prefix: "okta:" },
};

const make = (changes: Partial<ApiServerArgs> = {}, preview = false) =>
  simulate(({ ApiServer }) => new ApiServer("cluster", { ...args, ...changes }), { preview });

test("makes no object in the cluster, and three files that name the client", async () => {
  const simulation = await make();
  expect(listing(simulation)).toEqual(["gatehouse:index:ApiServer cluster"]);
  const { value, secret } = await settled(simulation.result.files);
  expect(Object.keys(value)).toEqual(["api-server-flags.txt", "authentication-configuration.yaml", "kubeconfig.yaml"]);
  expect(secret).toBe(false);
  expect(value["authentication-configuration.yaml"]).toContain("- 0oa1\n");
  expect(value["api-server-flags.txt"]).toContain("--oidc-client-id=0oa1\n");
  expect(value["kubeconfig.yaml"]).toContain("--oidc-client-id=0oa1");
  expect(await settled(simulation.result.authenticationConfiguration)).toMatchObject({ value: value["authentication-configuration.yaml"] });
  expect((await settled(simulation.result.flags)).value.join("\n") + "\n").toBe(value["api-server-flags.txt"]);
  expect(await settled(simulation.result.kubeconfig)).toMatchObject({ value: value["kubeconfig.yaml"] });
});

test("files are written where the stack asks, and the same ones", async () => {
  const simulation = await make({ outputFolder: join(folder, "generated") });
  const { value } = await settled(simulation.result.files);
  const written = Object.fromEntries(
    readdirSync(join(folder, "generated")).map((file) => [file, readFileSync(join(folder, "generated", file), "utf8")]),
  );
  expect(written).toEqual(value);
});

test("a relative folder starts where Pulumi.yaml is, wherever the program is", async () => {
  const project = vi.spyOn(pulumi.runtime, "getRootDirectory").mockReturnValue(folder);
  try {
    const simulation = await make({ outputFolder: "generated" });
    await settled(simulation.result.files);
    expect(readdirSync(join(folder, "generated"))).toContain("kubeconfig.yaml");
  } finally {
    project.mockRestore();
  }
});

test("a plan writes nothing", async () => {
  const simulation = await make({ outputFolder: join(folder, "generated") }, true);
  expect((await settled(simulation.result.files)).known).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

test("without a client id yet, a plan does not know the files", async () => {
  const simulation = await simulate(
    ({ ApiServer, OktaApplication }) => {
      const { clientId } = new OktaApplication("cluster-app", {
        label: "cluster",
        redirectUris: ["http://localhost:8000"],
        postLogoutRedirectUris: [],
        grantTypes: ["authorization_code"],
        clientAuthentication: "none",
        assignedGroupIds: {},
        secrets: ["initial"],
      });
      return new ApiServer("cluster", { ...args, clientId });
    },
    { preview: true },
  );
  expect((await settled(simulation.result.files)).known).toBe(false);
});
