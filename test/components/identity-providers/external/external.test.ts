import * as pulumi from "@pulumi/pulumi";
import { setUpIdentityProvider } from "../../../../components/identity-providers";
import { programScope } from "../../../../components/scope";
import { parseEnvironment, platformOf, identityProviderFacts } from "../../../../model";
import { kastenRaw } from "../../../fixtures/sample";
import { settled, simulate } from "../../harness";

const today = "2026-11-28";

/** The client of K10 as an external identity provider hands it over; `data` is what the Secret that is there holds. */
async function registered(secret: object, data: Record<string, string> = {}) {
  const { environment } = parseEnvironment(
    {
      idp: { kind: "external", issuer: "https://dex.example.com/dex", clients: { k10: { clientId: "k10", secret } } },
      groups: { admins: { existing: "backup-admins" } },
      platforms: { k10: kastenRaw },
    },
    today,
  );
  const spec = environment.platforms["k10"];
  if (spec === undefined) {
    throw new Error("The environment has no k10.");
  }
  const requirements = platformOf(spec).requirements(spec, identityProviderFacts(environment.idp));
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")]));
  return simulate(
    () => {
      const provider = setUpIdentityProvider({ spec: environment.idp, environment, scope: programScope, stack: "lab", today });
      return { groups: provider.groups, registration: provider.register("k10", requirements, ["admins"], []) };
    },
    { computed: (type) => (type === "kubernetes:core/v1:Secret" ? { data: encoded } : {}) },
  );
}

const kubernetesSecret = { kubernetesSecret: { namespace: "sign-in", name: "k10-client" } };

afterEach(() => {
  pulumi.runtime.setAllConfig({});
  vi.unstubAllEnvs();
});

test("a secret of the stack's configuration is handed on as a secret; nothing is made", async () => {
  pulumi.runtime.setConfig("clients:k10", "from-the-owner");
  vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", '["clients:k10"]');
  const { result, resources, calls } = await registered({ config: "clients:k10" });
  expect(await settled(result.registration.clientSecret ?? pulumi.output(""))).toEqual({
    value: "from-the-owner",
    secret: true,
    known: true,
  });
  expect(await settled(result.registration.clientId)).toMatchObject({ value: "k10", secret: false });
  expect(result.registration).toMatchObject({ secretRotatesAt: null });
  expect([resources, calls]).toEqual([[], []]);
});

test("groups are what tokens carry, byte for byte", async () => {
  pulumi.runtime.setConfig("clients:k10", "from-the-owner");
  const { result } = await registered({ config: "clients:k10" });
  expect(await settled(pulumi.output(result.groups))).toMatchObject({
    value: { admins: { id: "backup-admins", claimValue: "backup-admins" } },
  });
});

test("a secret that is not there, and one in plain text, are refused without being repeated", async () => {
  await expect(registered({ config: "clients:k10" })).rejects.toThrow(
    "clients:k10: expected the client secret in the stack's configuration, got nothing. Fix: pulumi config set --secret clients:k10",
  );
  pulumi.runtime.setConfig("clients:k10", "hunter2");
  vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", '["clients:other"]');
  const plain = registered({ config: "clients:k10" });
  await expect(plain).rejects.toThrow("clients:k10: expected a secret of the stack's configuration, got plain text");
  await expect(plain).rejects.not.toThrow("hunter2");
});

test("a Secret that is there is read, by the key that is named or client-secret, and stays secret", async () => {
  const { result } = await registered(kubernetesSecret, { "client-secret": "in-the-cluster" });
  expect(await settled(result.registration.clientSecret ?? pulumi.output(""))).toEqual({
    value: "in-the-cluster",
    secret: true,
    known: true,
  });
  const other = await registered({ kubernetesSecret: { ...kubernetesSecret.kubernetesSecret, key: "oidc" } }, { oidc: "elsewhere" });
  expect(await settled(other.result.registration.clientSecret ?? pulumi.output(""))).toMatchObject({ value: "elsewhere", secret: true });
});
