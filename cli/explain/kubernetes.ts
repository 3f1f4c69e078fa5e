import { runAgain, type FailureCause } from "../../model";
import { silentWebhook } from "./webhook";

/** The components' own objects in the cluster. */
const clusterObject = /^kubernetes:(?!helm\.sh\/)/;
const anything = /^(kubernetes:|pulumi:providers:kubernetes$|pulumi:pulumi:Stack$)/;
/** What an interrupted update can have made, and the next one takes over. */
const ownObject = /^kubernetes:(?:core\/v1:(?:Namespace|Secret)|rbac\.authorization\.k8s\.io\/v1:(?:Cluster)?RoleBinding)$/;

/** What the API server and the provider before it say (pulumi/pulumi-kubernetes, provider/pkg/await and provider/pkg/cluster). */
export const kubernetesCauses: readonly FailureCause[] = [
  silentWebhook(clusterObject),
  {
    cause: "credentials",
    types: anything,
    sign: /x509: certificate (?:signed by unknown authority|has expired|is valid for)|tls: failed to verify certificate/,
    remedy: () =>
      `The API server's certificate is not trusted here, has ended, or is for another name. Check \`certificate-authority-data\` and the address in the kubeconfig, a proxy in between, and this machine's clock. ${runAgain}`,
  },
  {
    cause: "connection",
    types: anything,
    sign: /configured Kubernetes cluster is unreachable|Kubernetes cluster unreachable|unable to load Kubernetes client configuration|invalid configuration: no configuration has been provided/,
    remedy: () =>
      `The cluster was not reached with the kubeconfig that the program has. Check \`kubernetes:kubeconfig\`, KUBECONFIG and \`kubernetes:context\`, and \`kubectl cluster-info\`. ${runAgain}`,
  },
  {
    cause: "credentials",
    types: anything,
    sign: /the server has asked for the client to provide credentials|\bUnauthorized\b|exec plugin|getting credentials: exec/,
    remedy: () =>
      `The API server does not take the credentials of the kubeconfig: they have ended, or the program that gives them failed. Sign in anew. ${runAgain}`,
  },
  {
    cause: "policy",
    types: clusterObject,
    sign: /admission webhook "([^"]{1,200})" denied the request|ValidatingAdmissionPolicy '([^']{1,200})'/,
    remedy: (_type, [, webhook, policy]) =>
      `The cluster's ${webhook === undefined ? `policy ${policy ?? ""}` : `webhook ${webhook}`} refuses the object. Have an exception from whoever looks after it. ${runAgain}`,
  },
  {
    cause: "exists",
    types: ownObject,
    sign: /\balready exists\b/,
    remedy: () =>
      `An object of this name is there already. If an update that was killed made it, let one update take it over: \`pulumi config set kubernetes:upsertExistingObjects true\`, \`pulumi up\`, and \`pulumi config rm\` of the same key (kubernetes plugin 4.29 and later; earlier ones take it over unasked). If it is somebody else's, choose another name.`,
  },
  {
    cause: "conflict",
    types: clusterObject,
    sign: /Apply failed with \d+ conflicts?: conflict with "([^"]{1,200})"|Server-Side Apply field conflict/i,
    remedy: (_type, [, manager]) =>
      `Somebody else has changed this object by hand${manager === undefined ? "" : ` ('${manager}')`}, and owns what they changed. \`gatehouse drift\` says what it is. If the stack shall have it, run one update with PULUMI_K8S_ENABLE_PATCH_FORCE=true.`,
  },
  {
    cause: "conflict",
    types: clusterObject,
    sign: /cannot change roleRef/,
    remedy: () =>
      "A binding of this name is there and binds another role, which Kubernetes lets nobody change. `gatehouse drift` says which role. Once the stack knows the binding, the update makes it again; " +
      "one that the stack never made is somebody else's: ask them before it goes, or choose another name for the platform.",
  },
  {
    cause: "conflict",
    types: clusterObject,
    sign: /the object has been modified; please apply your changes to the latest version/,
    remedy: () => `Somebody else wrote to the object at this moment. ${runAgain}`,
  },
  {
    cause: "invalid",
    types: clusterObject,
    sign: /field is immutable/,
    remedy: () =>
      "Kubernetes lets nobody change this field of the object. Where the object is Gatehouse's own, its name changes with its content: look whether somebody else made one of this name.",
  },
  {
    cause: "unready",
    types: clusterObject,
    // provider/pkg/await: the object is there, and did not come to the state that the provider waits for.
    sign: /failed to fully initialize or become live|timed out waiting to be Ready/,
    remedy: () =>
      `The object is there, and did not become ready in the time that the provider waits. The connection is not the reason: \`kubectl describe\` it. ${runAgain}`,
  },
  {
    cause: "missing",
    types: clusterObject,
    sign: /the server could not find the requested resource|no matches for kind "([^"]{1,100})" in version "([^"]{1,100})"/,
    remedy: (_type, [, kind]) =>
      `The cluster does not serve ${kind ?? "this kind of object"}: its custom resource definition is missing, or the cluster is too old. Install the platform first.`,
  },
  {
    cause: "permission",
    types: clusterObject,
    sign: /attempting to grant RBAC permissions not currently held/,
    remedy: () =>
      `The account that deploys binds a role whose rights it does not hold itself. Give it the verb \`bind\` on that role (kubernetes.io/docs/reference/access-authn-authz/rbac, privilege escalation prevention). ${runAgain}`,
  },
  {
    cause: "permission",
    types: clusterObject,
    sign: /forbidden: User "([^"]{1,200})" cannot (\w+) resource "([^"]{1,100})"/,
    remedy: (_type, [, user = "", verb = "", resource = ""]) =>
      `The account that deploys ('${user}') may not ${verb} ${resource} in the cluster. Grant it that, then: ${runAgain}`,
  },
  {
    cause: "missing",
    types: clusterObject,
    sign: /namespaces? "([^"]{1,100})" not found|because it is being terminated/,
    remedy: (_type, [, name]) =>
      name === undefined
        ? `The namespace is being deleted. When it is gone: ${runAgain}`
        : `The namespace '${name}' is not there. Make it, or correct \`namespaces\` of the grant. ${runAgain}`,
  },
];
