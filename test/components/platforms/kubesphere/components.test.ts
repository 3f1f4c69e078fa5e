import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { KubeSpherePeopleArgs } from "../../../../components";
import { listing, only, secret, settled, simulate, type Simulation } from "../../harness";

const kubernetesSecret = "kubernetes:core/v1:Secret";
const entryType = "pulumi-nodejs:dynamic/kubesphere:IdentityProviderEntry";

const signIn = {
  provider: "okta",
  issuer: "https://example.okta.com",
  clientId: "0oa1",
  redirectUri: "https://console.example.com/oauth/redirect/okta",
  postLogoutRedirectUri: "https://console.example.com/",
  scopes: ["email", "profile"],
};

test("release 4: a Secret of the label and type that KubeSphere looks for, its content secret", async () => {
  const simulation = await simulate(({ KubeSphere4 }) => new KubeSphere4("console", { ...signIn, clientSecret: pulumi.secret("s3cret") }));
  const made = only(simulation, kubernetesSecret);
  expect([made.name, made.parent, made.secretOutputs]).toEqual(["console-provider", "console", ["data", "stringData"]]);
  expect(made.ignoreChanges).toEqual(["data"]);
  expect(made.inputs).toMatchObject({
    type: "config.kubesphere.io/identityprovider",
    metadata: {
      name: "identity-provider-okta",
      namespace: "kubesphere-system",
      labels: { "config.kubesphere.io/type": "identityprovider", "config.kubesphere.io/identityprovider": "okta" },
    },
  });
  expect(contentOf(made)).toMatchObject({ name: "okta", mappingMethod: "lookup", provider: { clientSecret: "s3cret" } });
  expect(await settled(simulation.result.secretName)).toEqual({ value: "identity-provider-okta", known: true, secret: false });
});

/** What a Secret, or a patch of one, holds; it must be kept secret. */
function contentOf(made: { readonly inputs: unknown }): unknown {
  const { data } = made.inputs as { data: { value: { "configuration.yaml": string } } };
  expect(data).toEqual(secret(data.value));
  return parse(Buffer.from(data.value["configuration.yaml"], "base64").toString("utf8"));
}

test("release 4: another content is written into the Secret that is there, by a patch that goes with it", async () => {
  const simulation = await simulate(({ KubeSphere4 }) => new KubeSphere4("console", { ...signIn, clientSecret: pulumi.secret("s3cret") }));
  const patch = only(simulation, "kubernetes:core/v1:SecretPatch");
  expect([patch.name, patch.parent, patch.dependsOn, patch.retainOnDelete]).toEqual([
    "console-provider-content",
    "console",
    ["console-provider"],
    true,
  ]);
  expect(patch.inputs).toMatchObject({
    metadata: { name: "identity-provider-okta", namespace: "kubesphere-system", annotations: { "pulumi.com/patchForce": "true" } },
  });
  expect(patch.secretOutputs).toEqual(["data", "stringData"]);
  expect(contentOf(patch)).toMatchObject({ name: "okta", provider: { clientSecret: "s3cret" } });
  // A patch that named the type would set it on whatever has that name.
  expect(patch.inputs).not.toHaveProperty("type");
});

test("release 3: one entry, marked as this stack's, with the client secret kept secret", async () => {
  const simulation = await simulate(({ KubeSphere3 }) => new KubeSphere3("console", { ...signIn, clientSecret: pulumi.secret("s3cret") }));
  const made = only(simulation, entryType);
  const { __provider: code, configuration, ...inputs } = made.inputs as { __provider: string; configuration: { value: unknown } };
  expect(inputs).toEqual({ provider: "okta", owner: "gatehouse/lab" });
  expect(configuration).toEqual(secret(configuration.value));
  expect(configuration.value).toMatchObject({
    name: "okta",
    provider: { clientID: "0oa1", clientSecret: "s3cret", scopes: ["email", "profile"] },
  });
  // The stored code is what a destroy runs: it must hold no secret of the stack.
  expect(code).toContain("clusterconfigurations/ks-installer");
  expect(code).not.toContain("s3cret");
  expect(made.secretOutputs).toContain("configuration");
});

const role = (name: string, more: { namespace?: string; workspace?: string }, kind: string, roleKind: string, roleName: string) => ({
  name,
  kind,
  roleKind,
  roleName,
  ...more,
});

const people: KubeSpherePeopleArgs = {
  release: 4,
  provider: "okta",
  people: [
    {
      login: "wim@example.com",
      subject: "00uWim",
      username: "wim",
      bindings: [
        role("wim-platform-regular", {}, "GlobalRoleBinding", "GlobalRole", "platform-regular"),
        role("wim-retail-admin", { workspace: "retail" }, "WorkspaceRoleBinding", "WorkspaceRole", "retail-admin"),
      ],
    },
    {
      login: "ana@example.com",
      subject: "00uAna",
      username: "ana",
      bindings: [role("ana-operator", { namespace: "shop" }, "RoleBinding", "Role", "operator")],
    },
  ],
};

/** `get` in a component reads a resource, which the mocks do not list as registered. */
const run = (args: KubeSpherePeopleArgs): Promise<Simulation<unknown>> =>
  simulate(({ KubeSpherePeople }) => new KubeSpherePeople("people", args));

test("people: a User each, her bindings after it; a second run is the same whatever the order", async () => {
  const simulation = await run(people);
  const expected = [
    "gatehouse:index:KubeSpherePeople people",
    "kubernetes:iam.kubesphere.io/v1beta1:GlobalRoleBinding people-wim-platform-regular",
    "kubernetes:iam.kubesphere.io/v1beta1:RoleBinding people-ana-operator-in-shop",
    "kubernetes:iam.kubesphere.io/v1beta1:User people-ana",
    "kubernetes:iam.kubesphere.io/v1beta1:User people-wim",
    "kubernetes:iam.kubesphere.io/v1beta1:WorkspaceRoleBinding people-wim-retail-admin-in-retail",
    "pulumi-nodejs:dynamic/access:RestoredObjects people-restored",
  ];
  expect(listing(simulation)).toEqual(expected);
  const binding = simulation.resources.find((resource) => resource.name === "people-wim-retail-admin-in-retail");
  // The workspace was read first: one that is not there ends the update here.
  expect(binding?.dependsOn).toEqual(["people-wim", "people-workspace-retail"]);
  expect(listing(await run({ ...people, people: [...people.people].reverse() }))).toEqual(expected);
});

test("a release that nobody knows is refused", async () => {
  await expect(run({ ...people, release: 5 })).rejects.toThrow("KubeSphere's release: expected 3 or 4, got 5.");
});
