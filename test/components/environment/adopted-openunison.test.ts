import * as pulumi from "@pulumi/pulumi";
import { deployEnvironment } from "../../../components/environment/deploy";
import { programScope } from "../../../components/scope";
import { parseEnvironment } from "../../../model";
import { settled, simulate, type Called } from "../harness";
import { organisation } from "./world";

const today = "2026-11-23";
const secrets = {
  "clients:portal": "the client secret that was there",
  "portal:keystore": "the keystore's password",
  "portal:dashboard": "of it",
};

/** A tenant in which every group that is named is there. */
function tenant({ token, inputs }: Called): Record<string, unknown> {
  return token === "azuread:index/getClientConfig:getClientConfig"
    ? { objectId: "deployer" }
    : { objectId: `id-${String(inputs["displayName"])}` };
}

async function ignoredOfSecret(
  idp: Readonly<Record<string, unknown>>,
  rotatedOn: readonly string[],
): Promise<readonly string[] | undefined> {
  const { environment } = parseEnvironment(
    {
      idp: { ...idp, secret: { adopted: { portal: { config: "clients:portal", endsOn: "2027-03-01" } }, rotatedOn } },
      groups: { admins: { existing: "Security Auditors" } },
      platforms: {
        portal: {
          ...{
            kind: "openunison",
            hosts: { portal: "ou.example.com", dashboard: "db.example.com" },
            direct: { apiServerUrl: "https://api.example.com:6443" },
          },
          charts: {
            "openunison-operator": { version: "3.0.23" },
            orchestra: { version: "3.1.31" },
            "orchestra-login-portal": { version: "2.3.82" },
          },
          ...{ adopted: true, adoptedSecrets: { keystore: "portal:keystore", dashboard: "portal:dashboard" } },
          access: [{ group: "admins", role: "view", namespaces: ["shop"] }],
        },
      },
    },
    today,
  );
  pulumi.runtime.setAllConfig(secrets);
  vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", JSON.stringify(Object.keys(secrets)));
  try {
    const simulation = await simulate(() => deployEnvironment({ environment, scope: programScope, stack: "lab", today }), {
      computed: () => ({ clientId: "c", result: "made", value: "made" }),
      call: (called) => (called.token.startsWith("azuread:") ? tenant(called) : organisation(called)),
    });
    await settled(simulation.result);
    return simulation.resources.find(({ type, name }) => type === "kubernetes:core/v1:Secret" && name.startsWith("portal"))?.ignoreChanges;
  } finally {
    vi.unstubAllEnvs();
  }
}

describe.each([
  ["Okta", { kind: "okta", orgUrl: "https://example.okta.com" }],
  ["Entra ID", { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0" }],
])("OpenUnison on %s, taken over", (_name, idp) => {
  test("its Secret stays as it was until the client's secret is another", async () => {
    expect(await ignoredOfSecret(idp, [])).toEqual(["data", "stringData"]);
    expect(await ignoredOfSecret(idp, ["2026-11-20"])).toBeUndefined();
  });
});
