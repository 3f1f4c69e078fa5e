import { gatehouse } from "../harness";

const ping = `config:
  gatehouse:idp:
    kind: external
    preset: ping
    issuer: https://auth.pingone.eu/0a1b2c3d-0000-4000-8000-000000000000/as
    clients:
      k10: { clientId: k10, secret: { config: "clients:k10" } }
      cluster: { clientId: kube }
  gatehouse:groups:
    admins: { existing: Backup Admins }
  gatehouse:platforms:
    k10: { kind: kasten, host: https://k10.example.com, chart: { version: 8.0.15 }, access: [ { group: admins, role: admin } ] }
    cluster: { kind: kubernetes, server: https://kube.example.com, access: [ { group: admins, role: cluster-view } ] }
`;
const files = { "ping.yaml": ping, "broken.yaml": ping.replace("kind: external", "kind: ldap") };

test("redirect by redirect, client by client, in plain text", async () => {
  const { status, stdout } = await gatehouse(["checklist", "ping.yaml"], { files });
  expect(status).toBe(0);
  expect(stdout).toContain(
    [
      "The clients are made by hand, by the owner of PingOne (https://auth.pingone.eu/0a1b2c3d-0000-4000-8000-000000000000/as).",
      "",
      "cluster: a client for Kubernetes API server",
      "",
      "  [ ] Public client: no secret, code flow with PKCE (S256) required.",
      "  [ ] Implicit, password, device and client credentials grants off; grant types: authorization_code.",
      "  [ ] Redirect URI, exactly: http://localhost:18000",
      "  [ ] Redirect URI, exactly: http://localhost:8000",
    ].join("\n"),
  );
  expect(stdout).toContain("  [ ] Redirect URI, exactly: https://k10.example.com/k10/auth-svc/v0/oidc/redirect\n");
  expect(stdout).toContain("  [ ] Sign-out redirect URI, exactly: https://k10.example.com/k10/\n");
  expect(stdout).toContain("PKCE must not be required, since the platform sends no code challenge.");
  expect(stdout).toContain("  [ ] A claim groups lists the person's groups, and can carry: Backup Admins.\n");
  expect(stdout).toContain("[SIZE_LIMIT_EXCEEDED]");
});

test("Markdown has boxes to tick, JSON the same facts", async () => {
  const { stdout: markdown } = await gatehouse(["checklist", "--format", "markdown", "ping.yaml"], { files });
  expect(markdown).toContain(
    "## k10: a client for Kasten K10\n\n- [ ] Confidential client, code flow only; it sends its secret by `client_secret_basic`",
  );
  const { stdout: json } = await gatehouse(["checklist", "--format", "json", "ping.yaml"], { files });
  expect(JSON.parse(json)).toMatchObject({
    identityProvider: { kind: "external", title: "PingOne" },
    clientsByHand: true,
    clients: [
      { platform: "cluster", type: "public", redirectUris: ["http://localhost:18000", "http://localhost:8000"], groups: ["Backup Admins"] },
      { platform: "k10", type: "confidential", clientAuthentication: "client_secret_basic", codeChallenge: false },
    ],
  });
});

test("a stack that makes its clients says so; Keycloak's roles are named", async () => {
  const keycloak = ping
    .replace(/kind: external[^]*gatehouse:groups/, "kind: keycloak\n    issuer: https://kc.example.com/realms/main\n  gatehouse:groups")
    .replace("Backup Admins", "/Backup Admins");
  const { stdout } = await gatehouse(["checklist", "keycloak.yaml"], { files: { "keycloak.yaml": keycloak } });
  expect(stdout).toContain("The stack makes the clients below at Keycloak (https://kc.example.com/realms/main)");
  expect(stdout).toContain("manage-clients and manage-users of realm-management.");
  expect(stdout).toContain("can carry: Backup Admins.");
});

test("a file that is refused has no checklist", async () => {
  expect(await gatehouse(["checklist", "broken.yaml"], { files })).toMatchObject({
    status: 1,
    stdout: "",
    stderr: "broken.yaml: refused; gatehouse validate broken.yaml says why.\n",
  });
});
