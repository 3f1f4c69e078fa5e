/** Platforms that are installed already and stay their owner's: client, groups, Secret and bindings are made, and nothing is installed. */
import { parse } from "yaml";
import { deployEnvironment } from "../../../components/environment/deploy";
import { programScope } from "../../../components/scope";
import { checklistOf, parseEnvironment } from "../../../model";
import { openUnisonRaw } from "../../fixtures/sample";
import { listing, only, settled, simulate } from "../harness";
import { fixture, organisation } from "./world";

const today = "2026-11-29";

interface Written {
  idp: Record<string, unknown>;
  platforms: Record<string, Record<string, unknown>>;
}

function described(platform: Record<string, unknown>, name = "k10") {
  const written = structuredClone(fixture("okta-kasten")) as Written;
  if (platform["kind"] === "kubernetes") {
    written.idp["authorizationServer"] = { existing: "default" };
  }
  written.platforms = { [name]: { ...(name === "k10" ? written.platforms["k10"] : {}), ...platform } };
  return parseEnvironment(written, today).environment;
}

async function deployed(environment: ReturnType<typeof described>, preview = false) {
  const simulation = await simulate(() => deployEnvironment({ environment, scope: programScope, stack: "lab", today }), {
    call: organisation,
    preview,
  });
  return { ...simulation, document: (await settled(simulation.result)).value };
}

const access = [{ group: "backup-admins", role: "cluster-admin" }];
const openUnison = {
  ...openUnisonRaw,
  insecureClusterAdmin: true,
  access,
};

describe("Kasten K10", () => {
  test("the same client, groups and bindings as with an installation, one Secret under a name that stays, no release, no namespace", async () => {
    const simulation = await deployed(described({ installed: true }));
    const installing = await deployed(described({}));
    const left = (names: readonly string[]): string[] => names.filter((name) => !/ k10-(release|namespace|client)$/.test(name));
    expect(listing(simulation)).toEqual([...left(listing(installing)), "kubernetes:core/v1:Secret k10-client"].sort());
    expect(only(simulation, "kubernetes:core/v1:Secret").inputs).toMatchObject({
      metadata: { name: "k10-oidc-client", namespace: "kasten-io" },
      immutable: false,
    });
  });

  test("its owner is given the values, which name the Secret and hold none; no value of the owner's is among them", async () => {
    const { document, resources } = await deployed(described({ installed: true, values: { gateway: { replicas: 2 } } }));
    const platform = document.platforms["k10"];
    const text = platform?.files?.["k10-values.yaml"] ?? "";
    expect((parse(text) as { auth: { oidcAuth: unknown } }).auth.oidcAuth).toMatchObject({
      enabled: true,
      providerURL: "https://acme.okta.com",
      clientSecretName: "k10-oidc-client",
      groupPrefix: "okta:",
    });
    expect(text).not.toContain("replicas");
    const made = resources.find(({ type }) => type.startsWith("random:"))?.name ?? "";
    expect(text).not.toContain(`generated-for-${made}`);
    expect(platform).toMatchObject({ installed: true, charts: [], secret: { name: "k10-oidc-client" }, release: { version: "8.0.15" } });
  });

  test("a plan knows the values already", async () => {
    const planned = await deployed(described({ installed: true }), true);
    expect(only(planned, "kubernetes:core/v1:Secret").inputs).toMatchObject({ metadata: { name: "k10-oidc-client" } });
  });

  test("charts before 7.0, which take all from the Secret: the values name it alone", async () => {
    const { document } = await deployed(described({ installed: true, chart: { version: "5.5.100" } }));
    expect(parse(document.platforms["k10"]?.files?.["k10-values.yaml"] ?? "")).toEqual({
      auth: { oidcAuth: { enabled: true, secretName: "k10-oidc-client" } },
    });
  });

  test("the checklist says what its owner does, and of another platform nothing", () => {
    const [client] = checklistOf(described({ installed: true })).clients;
    expect(client?.ownersPart?.[0]).toContain("--version 8.0.15 --namespace kasten-io --reuse-values --values k10-values.yaml");
    expect(checklistOf(described({})).clients[0]).not.toHaveProperty("ownersPart");
  });

  test.each([
    [{ installed: true, adopted: true }, "platforms.k10.installed: expected one of adopted"],
    [{ installed: true, chart: { version: "8.0.15", path: "charts/k10" } }, "platforms.k10.chart.path: expected it left out"],
    [{ installed: "yes" }, "platforms.k10.installed"],
  ])("%j is refused", (platform, message) => {
    expect(() => described(platform)).toThrow(message);
  });
});

describe("OpenUnison", () => {
  test("one key of the Secret that is there, and nothing of the charts", async () => {
    const simulation = await deployed(described({ ...openUnison, installed: true }, "portal"));
    const { document } = simulation;
    expect(listing(simulation).filter((name) => /helm|Namespace|keystore/.test(name))).toEqual([]);
    const patch = only(simulation, "kubernetes:core/v1:SecretPatch");
    expect(patch.inputs).toMatchObject({
      metadata: { name: "orchestra-secrets-source", namespace: "openunison", annotations: { "pulumi.com/patchForce": "true" } },
    });
    expect(Object.keys((patch.inputs["data"] as { value: object }).value)).toEqual(["OIDC_CLIENT_SECRET"]);
    expect(patch.secretOutputs).toContain("data");
    const values = parse(document.platforms["portal"]?.files?.["openunison-values.yaml"] ?? "") as Record<string, unknown>;
    expect(values["oidc"]).toMatchObject({ client_id: "0oa-portal-app", issuer: "https://acme.okta.com", user_in_idtoken: false });
    expect(Object.keys(values).sort()).toEqual(["enable_impersonation", "network", "oidc", "trusted_certs"]);
    expect(document.platforms["portal"]).toMatchObject({ installed: true, secret: { name: "orchestra-secrets-source" } });
  });
});

test.each([
  ["kubernetes", { kind: "kubernetes", server: "https://api.example.com:6443", access, insecureClusterAdmin: true }],
  ["kubesphere4", { kind: "kubesphere4", host: "https://ks.example.com", access: [{ user: "ana@example.com", role: "platform-regular" }] }],
])("%s is never installed: true changes nothing, false is refused", (_kind, platform) => {
  const without = described(platform, "there");
  const { installed, ...rest } = described({ ...platform, installed: true }, "there").platforms["there"] as Record<string, unknown>;
  expect(installed).toBe(true);
  expect(rest).toEqual(without.platforms["there"]);
  expect(() => described({ ...platform, installed: false }, "there")).toThrow("installed: expected true");
});
