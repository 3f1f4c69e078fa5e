import { explainFailures } from "../../../cli/explain/failures";
import { gatehouse } from "../harness";
import { cpuSeconds } from "../../cpu-seconds";

const about = (type: string, words: string) =>
  explainFailures(`Diagnostics:\n  ${type} (it):\n    error: 1 error occurred:\n    \t* ${words}\n`).map(({ cause, remedy }) => ({
    cause,
    remedy,
  }));

const release = "kubernetes:helm.sh/v3:Release";
const binding = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding";

/** What the providers say (their sources are cited where the causes stand), its cause, and words of the remedy. */
test.each<[string, string, string, string]>([
  // Entra ID
  [
    "azuread:index:Application",
    'clientcredentials: received HTTP status 401 with response: {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}',
    "credentials",
    "its value is needed, not its id",
  ],
  ["pulumi:providers:azuread", "AADSTS7000222: The provided client secret keys for app 'x' are expired.", "credentials", "has expired"],
  [
    "azuread:index:Group",
    "AADSTS700016: Application with identifier 'x' was not found in the directory 'y'.",
    "credentials",
    "Check client id and tenant",
  ],
  [
    "azuread:index:Group",
    "AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:x'.",
    "credentials",
    "issuer, subject and audience",
  ],
  ["azuread:index:Group", "AADSTS53003: Access has been blocked by Conditional Access policies.", "policy", "Conditional Access stops"],
  ["azuread:index:Group", "AADSTS999999: something new.", "credentials", "error?code=999999"],
  [
    "azuread:index:AppRoleAssignment",
    "creating app role assignment: unexpected status 400 (400 Bad Request) with error: Request_BadRequest: Permission being assigned was not found on application",
    "delayed",
    "Nothing is to be mended",
  ],
  [
    "azuread:index:AppRoleAssignment",
    "unexpected status 404 (404 Not Found) with error: Request_ResourceNotFound: Resource 'x' does not exist or one of its queried reference-property objects are not present.",
    "delayed",
    "If it stays so",
  ],
  [
    "azuread:index:AppRoleAssignment",
    "unexpected status 400 with error: Request_BadRequest: Permission being assigned already exists on the object",
    "exists",
    "`pulumi import azuread:index/appRoleAssignment:AppRoleAssignment",
  ],
  [
    "azuread:index:Group",
    "unexpected status 400 (400 Bad Request) with error: Request_BadRequest: The group must have at least one owner, hence this owner cannot be removed.",
    "policy",
    "another person as owner first",
  ],
  [
    "azuread:index:ApplicationPassword",
    "CredentialInvalidLifetimeAsPerAppPolicy: Credential lifetime exceeds the max value allowed as per assigned policy",
    "policy",
    "secret.lifetime",
  ],
  [
    "azuread:index:Group",
    "unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: Insufficient privileges",
    "permission",
    "Group.ReadWrite.All",
  ],
  // Okta
  ["okta:index:Group", "failed to create group: the API returned an error: Invalid session", "credentials", "takes no OAuth token"],
  [
    "okta:app:OAuth",
    "failed to create OAuth application: the API returned an error: The access token provided does not contain the required scopes.",
    "permission",
    "okta.apps.manage",
  ],
  [
    "okta:auth:Server",
    "the API returned an error: You do not have permission to perform the requested action",
    "permission",
    "okta.authorizationServers.manage",
  ],
  [
    "okta:app:OAuth",
    "failed to delete application: the API returned an error: Not found: Resource not found: 0oa1 (AppInstance)",
    "gone",
    "`gatehouse drift`",
  ],
  ["okta:app:OAuth", "the API returned an error: Internal Server Error, x-okta-request-id=abc", "outage", "Okta failed"],
  [
    "okta:app:OAuth",
    "the API returned an error: Api validation failed: redirect_uris. Causes: errorSummary: 'redirect_uris' must be https",
    "invalid",
    "Okta refuses a value",
  ],
  // Helm
  [
    release,
    'release k10 failed, and has been rolled back due to atomic being set: cannot patch "gateway" with kind Deployment',
    "unready",
    'What went wrong: cannot patch "gateway" with kind Deployment. Mend that',
  ],
  [
    release,
    'failed to become available within allocated timeout. Error: Helm Release kasten-io/k10: namespaces is forbidden: User "ci" cannot create resource "namespaces" in API group ""',
    "permission",
    "('ci') may not create namespaces",
  ],
  [
    release,
    "execution error at (k10/templates/_helpers.tpl:12:4): auth.oidcAuth.clientID is required",
    "invalid",
    "at k10/templates/_helpers.tpl:12:4: auth.oidcAuth.clientID is required",
  ],
  [release, 'chart "k10" version "99.0.0" not found in https://charts.kasten.io/ repository', "missing", "`chart.version`"],
  [
    release,
    'unable to build kubernetes objects from release manifest: resource mapping not found: no matches for kind "OpenUnison" in version "openunison.tremolo.io/v6"',
    "missing",
    "does not know OpenUnison (openunison.tremolo.io/v6)",
  ],
  [
    release,
    'rendered manifests contain a resource that already exists. Unable to continue with install: Namespace "kasten-io" in namespace "" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"',
    "owned",
    "no Helm release, so somebody made it otherwise",
  ],
  [release, "cannot re-use a name that is still in use", "exists", "`pulumi import kubernetes:helm.sh/v3:Release"],
  // Kubernetes
  [
    binding,
    'Apply failed with 1 conflict: conflict with "kubectl-edit" using rbac.authorization.k8s.io/v1: .subjects',
    "conflict",
    "('kubectl-edit')",
  ],
  [
    binding,
    'clusterrolebindings.rbac.authorization.k8s.io "x" is forbidden: user "ci" (groups=[]) is attempting to grant RBAC permissions not currently held',
    "permission",
    "the verb `bind`",
  ],
  [
    "kubernetes:core/v1:Secret",
    "configured Kubernetes cluster is unreachable: unable to load Kubernetes client configuration from kubeconfig file",
    "connection",
    "kubeconfig",
  ],
  // The engine
  ["pulumi:pulumi:Stack", "fork/exec /usr/bin/node: argument list too long", "engine", "`gatehouse:from: environments/production.yaml`"],
])("%s: %s", (type, words, cause, remedy) => {
  expect(about(type, words)).toEqual([{ cause, remedy: expect.stringContaining(remedy) as string }]);
});

test("what the engine says under no heading is about the stack", () => {
  expect(explainFailures("error: could not decrypt configuration: incorrect passphrase\n")).toMatchObject([
    { resource: "the stack", cause: "credentials" },
  ]);
});

test("nothing of the text that is quoted forges a line", async () => {
  const stdin = `Diagnostics:\n  ${release} (k10):\n    error: admission webhook "x" denied the request: no\r::error::forged ##[error]y\n`;
  const { stdout } = await gatehouse(["explain"], { stdin });
  expect(stdout.split("\n")).toHaveLength(2);
  expect(stdout).not.toMatch(/##\[|^::/m);
});

describe("a megabyte", () => {
  const megabyte = 1024 * 1024;
  test.each<[string, string]>([
    ["of one letter in a line", "x".repeat(megabyte)],
    ["of type tokens in a line", "azuread:index:Group ".repeat(megabyte / 20)],
    ["of headings in a line", "kubernetes:helm.sh/v3:Release (k10): ".repeat(megabyte / 37)],
    ["of the word error", "error: 404 ".repeat(megabyte / 11)],
    ["of lines with a prefix", "runner-1 | kubernetes:helm.sh/v3:Release (k10): error\n".repeat(megabyte / 53)],
    ["of lines that are JSON", '{"msg":"error: 404","n":1}\n'.repeat(megabyte / 27)],
    ["of backslashes", "\\".repeat(megabyte)],
    ["of entities", "&amp;".repeat(megabyte / 5)],
    ["of blanks", " ".repeat(megabyte)],
    ["of short lines", "error: 404\n".repeat(megabyte / 11)],
    ["about one resource", `  azuread:index:Group (g):\n${"    404 AADSTS \n".repeat(megabyte / 16)}`],
  ])("%s is read in time proportional to it", async (_what, text) => {
    // A square of the length would take minutes.
    expect(await cpuSeconds(() => explainFailures(text))).toBeLessThan(20);
  });

  test("around an error does not hide it", () => {
    const text = `Diagnostics:\n  okta:index:Group (groups-a):\n    error: ${"x".repeat(megabyte)} the API returned an error: Invalid token provided\n`;
    expect(explainFailures(text)).toMatchObject([{ resource: "groups-a", cause: "credentials" }]);
  });
});
