import { readFileSync } from "node:fs";
import path from "node:path";
import { deployEnvironment } from "../../../components/environment/deploy";
import { programScope } from "../../../components/scope";
import { InvalidEnvironmentError, parseEnvironment } from "../../../model";
import { withoutPauses } from "../../../lab/test/builtins";
import { settled, simulate } from "../harness";

withoutPauses();

const today = "2026-11-28";
const pem = readFileSync(path.join(__dirname, "../../fixtures/certificates/authority.pem"), "utf8");
const [line = ""] = pem.split("\n").slice(1);
const chart = { version: "3.0.0" };

const platforms = {
  kasten: { kind: "kasten", host: "https://k10.example.com", chart: { version: "8.0.15" }, access: [{ group: "admins", role: "admin" }] },
  kubernetes: { kind: "kubernetes", server: "https://api.example.com:6443", access: [{ group: "admins", role: "cluster-view" }] },
  openunison: {
    kind: "openunison",
    hosts: { portal: "ou.example.com", dashboard: "db.example.com" },
    direct: { apiServerUrl: "https://api.example.com:6443" },
    charts: { "openunison-operator": chart, orchestra: chart, "orchestra-login-portal": chart },
    wait: false,
    access: [{ group: "admins", role: "cluster-view" }],
  },
  kubesphere4: { kind: "kubesphere4", host: "https://ks.example.com", access: [{ user: "ana", role: "platform-admin" }] },
  kubesphere3: { kind: "kubesphere3", host: "https://ks.example.com", access: [{ user: "ana", role: "platform-admin" }] },
} as const;

const parsed = (kind: keyof typeof platforms, certificateAuthority: string | undefined) =>
  parseEnvironment(
    {
      idp: { kind: "keycloak", issuer: "https://keycloak.example.com/realms/main", certificateAuthority },
      groups: { admins: { displayName: "Admins" } },
      platforms: { it: platforms[kind] },
    },
    today,
  ).environment;

async function deployed(kind: keyof typeof platforms, certificateAuthority: string | undefined) {
  const environment = parsed(kind, certificateAuthority);
  const simulation = await simulate(
    () =>
      deployEnvironment({
        environment,
        scope: programScope,
        stack: "lab",
        today,
        members: { "user:ana": [{ login: "ana", id: "7c1e" }] },
      }),
    { computed: (type) => (type === "keycloak:openid/client:Client" ? { clientSecret: "generated" } : {}) },
  );
  return { resources: simulation.resources, document: (await settled(simulation.result)).value };
}

type Deployed = Awaited<ReturnType<typeof deployed>>;
const all = ({ resources, document }: Deployed): string => JSON.stringify([resources.map(({ inputs }) => inputs), document.platforms]);
const files = ({ document }: Deployed): Record<string, string> => document.platforms["it"]?.files ?? {};
const typed = ({ resources }: Deployed, type: string) => resources.filter((resource) => resource.type === type).map(({ inputs }) => inputs);

/** Where each platform has the authority; what it must hold there. */
const places: Readonly<Record<string, (made: Deployed) => void>> = {
  kasten(made) {
    const bundle = typed(made, "kubernetes:core/v1:ConfigMap").find(({ data }) => JSON.stringify(data ?? {}).includes(line));
    expect(Object.keys(bundle?.["data"] as object)).toEqual(["custom-ca-bundle.pem"]);
    const { name } = bundle?.["metadata"] as { name: string };
    expect(typed(made, "kubernetes:helm.sh/v3:Release")[0]).toMatchObject({ values: { cacertconfigmap: { name } } });
  },
  kubernetes(made) {
    expect(files(made)["authentication-configuration.yaml"]).toContain(line);
    expect(files(made)["api-server-flags.txt"]).toContain("--oidc-ca-file=/etc/kubernetes/pki/oidc-issuer-ca.pem");
    expect(files(made)["kubeconfig.yaml"]).toContain("--certificate-authority");
  },
  openunison(made) {
    const trusted = typed(made, "kubernetes:helm.sh/v3:Release").map(
      ({ values }) => (values as { trusted_certs?: unknown } | undefined)?.trusted_certs,
    );
    // With the name unison-ca the proxy would trust that one alone for OpenUnison's own ingress.
    expect(trusted.flat()).toContainEqual({ name: "oidc-issuer", pem_b64: Buffer.from(pem).toString("base64") });
    expect(JSON.stringify(trusted)).not.toContain("unison-ca");
  },
  kubesphere4(made) {
    expect(JSON.stringify(typed(made, "kubernetes:core/v1:ConfigMap"))).toContain(line);
    expect(Object.values(files(made)).join()).toMatch(/extraVolumeMounts[^]*\/etc\/ssl\/certs\//);
  },
};

describe("a private authority behind the issuer", () => {
  test.each(Object.keys(places))("reaches %s by its own way, and no check is skipped", async (kind) => {
    const made = await deployed(kind as keyof typeof platforms, pem);
    places[kind]?.(made);
    expect(all(made)).not.toMatch(/insecure[\w-]*(?:skip|tls)[\w-]*[\\": =]+true/i);
    expect(made.document.identityProvider.certificateAuthorityEnds).toMatch(/^2\d{3}-/);
  });

  test.each(Object.keys(places))("is nowhere on %s where there is none", async (kind) => {
    expect(all(await deployed(kind as keyof typeof platforms, undefined))).not.toMatch(
      /cacertconfigmap|oidc-issuer"|oidc-ca-file|extraVolumeMounts/,
    );
  });

  test("KubeSphere 3 can be told of none, and is refused", () => {
    expect(() => parsed("kubesphere3", pem)).toThrow(InvalidEnvironmentError);
    expect(() => parsed("kubesphere3", pem)).toThrow("an issuer whose certificate is from a public authority");
  });
});
