import { gatehouse } from "../harness";

const output = `Updating (prod):
 +  azuread:index:ConditionalAccessPolicy k10-app-mfa **creating failed** error: POST /v1.0/identity/conditionalAccess/policies: unexpected status 403 with OData error: AccessDenied: required scopes are missing in the token.
Diagnostics:
  azuread:index:ConditionalAccessPolicy (k10-app-mfa):
    error: POST /v1.0/identity/conditionalAccess/policies: unexpected status 403 with OData error: AccessDenied

  azuread:index:Group (groups-admins):
    error:   sdk-v2/provider2.go:572: sdk.helper_schema: Could not create group "Kasten Admins": unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: Insufficient privileges to complete the operation.

  azuread:index:AppRoleAssignment (k10-app-group-admins):
    error: 1 error occurred:
    	* creating app role assignment: unexpected status 429 (429 Too Many Requests)

  okta:app:OAuth (dr-app):
    error: the API returned an error: status: 503 ServiceUnavailable

  azuread:index:ServicePrincipal (k10-app-principal):
    error: POST https://127.0.0.1:1/v1.0/servicePrincipals: socket hang up

  azuread:index:Application (other-app):
    error: unexpected status 400 (400 Bad Request) with error: invalid value

  kubernetes:core/v1:Namespace (k10-namespace):
    error: namespaces is forbidden: 403
`;

test("names the permission that Graph does not name, and what else to do, one line a resource", async () => {
  const again = "Run the update again: it goes on where it stopped.";
  expect(await gatehouse(["explain", "up.log"], { files: { "up.log": output } })).toMatchObject({
    status: 0,
    stderr: "",
    stdout: [
      `k10-app-mfa: Microsoft Graph refused it. The account that deploys needs the application permission Policy.Read.All and Policy.ReadWrite.ConditionalAccess, with an administrator's consent. Grant it, wait some minutes, then: ${again}`,
      `groups-admins: Microsoft Graph refused it. The account that deploys needs the application permission Group.ReadWrite.All, with an administrator's consent. Grant it, wait some minutes, then: ${again}`,
      `k10-app-group-admins: The identity provider kept asking for patience until the time was up. Wait, then: ${again}`,
      `dr-app: The identity provider failed until the time was up. ${again}`,
      `k10-app-principal: The connection broke, and the provider does not repeat what may have been done. ${again} If it then says that the object exists, import it; delete it there only when you are sure that nobody uses it.`,
      "",
    ].join("\n"),
  });
});

test("--json gives the same as data; - reads standard input", async () => {
  const { stdout } = await gatehouse(["explain", "--json"], { stdin: output });
  expect(
    (JSON.parse(stdout) as { failures: { resource: string; cause: string }[] }).failures.map(({ resource, cause }) => [resource, cause]),
  ).toEqual([
    ["k10-app-mfa", "permission"],
    ["groups-admins", "permission"],
    ["k10-app-group-admins", "throttled"],
    ["dr-app", "outage"],
    ["k10-app-principal", "connection"],
  ]);
});

test("a service principal that is not replicated yet is no broken connection: the update is run again", async () => {
  const words = `Diagnostics:
  azuread:index:ServicePrincipal (k10-app-principal):
    error: 1 error occurred:
    	* Timed out whilst waiting for new service principal to be replicated in Azure AD
`;
  expect(await gatehouse(["explain"], { stdin: words })).toMatchObject({
    stdout:
      "k10-app-principal: Entra ID did not know its own new service principal everywhere yet. It is there, and in the state. " +
      "Run the update again: it goes on where it stopped.\n",
  });
});

const interrupted = `Diagnostics:
  okta:group:Group (groups-backup-admins):
    error: POST /api/v1/groups: 400 E0000001: Api validation failed: name: name: An object with this field already exists in the current organization

  azuread:index:Group (groups-auditors):
    error: 1 error occurred:
    	* An existing "azuread_group" with name "Auditors" (ID: "1") was found and \`prevent_duplicate_names\` was specified. To be managed via Terraform, this resource needs to be imported into the State.

  kubernetes:helm.sh/v3:Release (k10-release):
    error: failed to create chart release k10: cannot re-use a name that is still in use

  kubernetes:core/v1:ConfigMap (other):
    error: configmaps "other" already exists
`;

test("after an update that was killed: a lock, and objects that are there already", async () => {
  const lock = "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file";
  const { stdout } = await gatehouse(["explain"], { stdin: `${lock}\n` });
  expect(stdout).toBe(
    "the stack: Another update is under way, or one was killed. When none is (the lock names process and time): `pulumi cancel`. Run the update again: it goes on where it stopped.\n",
  );
  const { stdout: exists } = await gatehouse(["explain"], { stdin: interrupted });
  const lines = exists.trimEnd().split("\n");
  expect(lines.map((line) => line.split(":")[0])).toEqual(["groups-backup-admins", "groups-auditors", "k10-release"]);
  expect(lines[0]).toContain("`pulumi import <type token> <name> <its id> --parent parent=<URN> --protect=false --generate-code=false`");
  expect(lines[2]).toContain("`helm uninstall` it");
});

/** As the official kubernetes plugin says it, once without progress and once with it. */
const inTheCluster = `Diagnostics:
  kubernetes:core/v1:Namespace (k10-namespace):
    error: resource "urn:pulumi:x::gatehouse::kubernetes:core/v1:Namespace::k10-namespace" was not successfully created by the Kubernetes API server: namespaces "kasten-io" already exists

  kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding (forbidden):
    error: 403 Forbidden

  kubernetes:helm.sh/v3:Release (upgraded):
    error: another operation (install/upgrade/rollback) is in progress

 -  kubernetes:helm.sh/v3:Release deleted deleting (0s) error: uninstall: Release not loaded: k10: release: not found
`;

test("what an interrupted update leaves in the cluster", async () => {
  const { stdout } = await gatehouse(["explain"], { stdin: inTheCluster });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => line.split(":")[0])).toEqual(["k10-namespace", "upgraded", "deleted"]);
  expect(lines[0]).toContain("`pulumi config set kubernetes:upsertExistingObjects true`");
  expect(lines[1]).toContain("`helm rollback`");
  expect(lines[2]).toContain("`pulumi refresh` takes it out of the state");
});

test("an update that went well has nothing to explain", async () => {
  expect(await gatehouse(["explain", "-"], { stdin: "Resources:\n    + 403 created\n" })).toEqual({
    status: 0,
    stdout: "",
    stderr: "No failure of an identity provider's resource was found there that could be explained.\n",
    runs: [],
  });
});
