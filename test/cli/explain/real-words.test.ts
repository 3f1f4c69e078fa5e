/**
 * What Helm, the API server, the engine and the vendors' providers say in public reports and in their sources, where an earlier reader was
 * silent or named another cause.
 */
import { explainFailures } from "../../../cli/explain/failures";

const release = "kubernetes:helm.sh/v3:Release";
const binding = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding";
const secret = "kubernetes:core/v1:Secret";
const stack = "pulumi:pulumi:Stack";
const oktaApp = "okta:app/oAuth:OAuth";
const entraGroup = "azuread:index/group:Group";
const principal = "azuread:index/servicePrincipal:ServicePrincipal";
const policy = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";

test.each<[type: string, words: string, cause: string, remedy: string]>([
  // Helm: pkg/action, pkg/kube, pkg/engine; pulumi-kubernetes#1848
  [release, "rpc error: code = Unavailable desc = transport is closing", "connection", "The connection broke"],
  [release, 'UPGRADE FAILED: "k10" has no deployed releases', "pending", "`helm history` says how far it came"],
  [release, 'no ServiceAccount with the name "k10-k10" found', "gone", "`helm rollback` to the last deployed revision"],
  [
    release,
    "unable to convert unstructured object to apps/v1, Kind=Deployment: cannot convert int64 to string",
    "invalid",
    "under `values`",
  ],
  [
    release,
    'template: k10/templates/x.yaml:5:4: executing "x" at <include "k10.x" .>: error calling include: no',
    "invalid",
    "under `values`",
  ],
  [release, "YAML parse error on k10/templates/rbac.yaml: error converting YAML to JSON: yaml: line 12", "invalid", "under `values`"],
  [
    release,
    'Secret "sh.helm.release.v1.k10.v1" is invalid: data: Too long: must have at most 1048576 bytes',
    "invalid",
    "larger than the Secret in which Helm keeps it",
  ],
  [
    release,
    "chart requires kubeVersion: >= 1.25.0-0 which is incompatible with Kubernetes v1.24.3",
    "invalid",
    "asks for Kubernetes >= 1.25.0-0, and the cluster is v1.24.3",
  ],
  [release, "could not download chart: unauthorized: authentication required", "credentials", "`helm registry login`"],
  [release, 'create: failed to create: namespaces "kasten-io" not found', "missing", "The namespace 'kasten-io' is not there"],
  [release, 'object is being deleted: serviceaccounts "k10-k10" already exists', "delayed", "still being deleted"],
  [release, "the server was unable to return a response in the time allotted", "connection", "The connection broke"],
  ...(
    [
      'failed to call webhook: Post "https://kyverno-svc.kyverno.svc:443/validate/fail?timeout=10s": no endpoints available for service',
      'failed to call webhook: Post "https://x.svc:443/y?timeout=10s": context deadline exceeded',
      'Post "https://x.svc:443/mutate?timeout=10s": x509: certificate signed by unknown authority',
      'Post "https://x.svc:443/mutate": dial tcp 10.0.0.1:443: connect: connection refused',
    ] as const
  ).flatMap((why): [string, string, string, string][] =>
    [release, binding].map((type) => [
      type,
      `Internal error occurred: failed calling webhook "validate.example.com": ${why}`,
      "policy",
      "its webhook validate.example.com about the object, and that does not answer",
    ]),
  ),
  // The API server, and the provider before it
  [
    binding,
    'ClusterRoleBinding "x" is invalid: roleRef: Invalid value: rbac.RoleRef{Kind:"ClusterRole"}: cannot change roleRef',
    "conflict",
    "binds another role",
  ],
  [binding, "the object has been modified; please apply your changes to the latest version and try again", "conflict", "at this moment"],
  [binding, "the server could not find the requested resource", "missing", "Install the platform first"],
  [secret, "Secret \"k10\" is invalid: data: Forbidden: field is immutable when 'immutable' is set", "invalid", "lets nobody change"],
  [
    "kubernetes:apps/v1:Deployment",
    "the Kubernetes API server reported that \"shop/x\" failed to fully initialize or become live: 'x' timed out waiting to be Ready",
    "unready",
    "The connection is not the reason",
  ],
  [binding, "x509: certificate has expired or is not yet valid: current time 2026-11-29T00:00:00Z", "credentials", "this machine's clock"],
  [
    binding,
    'configured Kubernetes cluster is unreachable: Get "https://1.2.3.4:6443/openapi/v2": x509: certificate signed by unknown authority',
    "credentials",
    "`certificate-authority-data`",
  ],
  // The engine
  [
    stack,
    "failed to decrypt encrypted configuration value 'okta:apiToken': [400] Message authentication failed",
    "credentials",
    "PULUMI_CONFIG_PASSPHRASE",
  ],
  [stack, "Error: Cannot find module '@pulumi/okta'", "missing", "`npm ci`"],
  [stack, "stack has 1 pending operations: creating urn:pulumi:x", "engine", "`pulumi refresh`"],
  [stack, "preview failed: 1 policy violation", "policy", "docs/policies.md"],
  [
    stack,
    'failed to read stack: blob (key ".pulumi/stacks/x.json") (code=PermissionDenied): AccessDenied',
    "credentials",
    "the store of its state",
  ],
  [stack, "problem logging in: unable to open bucket s3://x: no credentials", "credentials", "the store of its state"],
  [stack, "write /root/.pulumi/x: no space left on device", "engine", "The disk"],
  [stack, "[429] Too Many Requests", "throttled", "The engine's own backend"],
  // Okta: okta/terraform-provider-okta#1204, #1552, #2370
  [
    oktaApp,
    "failed to set authentication policy for an OAuth application: error finding default ACCESS_POLICY the API returned an unknown error",
    "permission",
    "okta.policies.read",
  ],
  [
    "pulumi:providers:okta",
    "error with v6 SDK client: failed to verify credentials: 401 Unauthorized",
    "credentials",
    "Okta does not know the API token",
  ],
  ["pulumi:providers:okta", "resource 'default' has a problem: missing required property: orgName", "invalid", "okta:orgName"],
  [oktaApp, 'Post "https://okta.example.com/api/v1/apps": x509: certificate signed by unknown authority', "credentials", "SSL_CERT_FILE"],
  // Entra ID: Microsoft Graph's error codes
  [
    principal,
    "unexpected status 409 (409 Conflict) with error: Request_MultipleObjectsWithSameKeyValue: the service principal name 8f is already in use.",
    "exists",
    "import",
  ],
  [
    principal,
    "unexpected status 400 with OData error: Request_BadRequest: The appId '8f' of the service principal does not reference a valid application object.",
    "delayed",
    "not every part of the directory knows it yet",
  ],
  [
    policy,
    'unexpected status 400 with error: BadRequest: 1040: Policy contains invalid applications: {"8f"}',
    "delayed",
    "Nothing is to be mended",
  ],
  [policy, "unexpected status 400 with error: BadRequest: Security Defaults is enabled in the tenant.", "policy", "security defaults"],
  [
    entraGroup,
    "unexpected status 400 (400 Bad Request) with error: Request_BadRequest: One or more added object references already exist for the following modified properties: 'members'.",
    "conflict",
    "`pulumi refresh`",
  ],
  [
    "azuread:index/application:Application",
    "unexpected status 400 (400 Bad Request) with error: Request_BadRequest: Values of identifierUris property must use a verified domain.",
    "invalid",
    "must use a verified domain",
  ],
  // Keycloak
  [
    "keycloak:openid/client:Client",
    'error sending GET request to /admin/realms/lab: 401 Unauthorized. Response body: {"error":"HTTP 401 Unauthorized"}',
    "credentials",
    "Set them anew",
  ],
])("%s: %s", (type, words, cause, remedy) => {
  const [explanation, ...others] = explainFailures(`Diagnostics:\n  ${type} (it):\n    error: ${words}\n`);
  expect(others).toEqual([]);
  expect(explanation).toMatchObject({ cause, remedy: expect.stringContaining(remedy) as string });
});

test.each([
  ["a warning that a policy is advisory", "Policies:\n    ✅ gatehouse\n"],
  ["an update that went well", "Resources:\n    12 unchanged\n\nDuration: 3s\n"],
  ["a program that failed in its own way", `Diagnostics:\n  ${stack} (x):\n    error: Program exited with non-zero exit code: 1\n`],
])("%s is not explained by guessing", (_what, text) => {
  expect(explainFailures(text)).toEqual([]);
});
