import { runAgain, type FailureCause } from "../../model";
import { silentWebhook } from "./webhook";

const types = /^kubernetes:helm\.sh\/v[34]:(?:Release|Chart)$/;

/** What came out at the end of a longer sentence, for people: one line, without the point. */
function tail(text = ""): string {
  return text.split("\n")[0]?.trim().replace(/\.+$/, "").slice(0, 300) ?? "";
}

/**
 * What Helm and the provider's Release say (helm/helm, pkg/action and pkg/kube; pulumi/pulumi-kubernetes, provider/pkg/provider/helm_release.go).
 * The reason inside decides, not the sentence around it: "failed to become available within allocated timeout" stands around all of them.
 */
export const helmCauses: readonly FailureCause[] = [
  silentWebhook(types),
  {
    cause: "policy",
    types,
    sign: /admission webhook "([^"]{1,200})" denied the request:? ?([^\n]*)/,
    remedy: (_type, [, webhook = "", why]) =>
      `The cluster's webhook ${webhook} refuses what the chart brings${tail(why) === "" ? "" : `: ${tail(why)}`}. Change the chart's values, or have an exception from whoever looks after that policy. Nothing is to be imported. ${runAgain}`,
  },
  {
    cause: "policy",
    types,
    sign: /ValidatingAdmissionPolicy '([^']{1,200})'[^\n]*denied request|violates PodSecurity|exceeded quota: ([\w.-]+)/,
    remedy: () =>
      `The cluster refuses what the chart brings: an admission policy, Pod Security, or a quota of the namespace. The error names it. Change the values, or have the namespace's rules changed. ${runAgain}`,
  },
  {
    cause: "owned",
    types,
    sign: /(\w+) "([^"]{1,200})" in namespace "([^"]{0,200})" exists and cannot be imported into the current release: invalid ownership metadata[^]*?(?:release-namespace" must equal "[^"]*": current value is "([^"]*)"|release-name" must equal "[^"]*": current value is "([^"]*)"|$)/,
    remedy: (_type, [, kind = "", name = "", , namespace, release]) => {
      const owner =
        namespace !== undefined
          ? `a release in namespace '${namespace}'`
          : release !== undefined
            ? `the release '${release}'`
            : "no Helm release, so somebody made it otherwise";
      return (
        `${kind} '${name}', which the chart brings, is there already and belongs to ${owner}. Find out whose it is (\`helm list --all-namespaces\`) before anything is taken away. ` +
        "If it is this very installation, take that release in with `pulumi import`; if another one is in use, the two cannot share this object: use its namespace and release name, or leave the object out by the chart's values. " +
        `If nobody needs it any more, its owner removes it. ${runAgain}`
      );
    },
  },
  {
    cause: "exists",
    types,
    sign: /cannot re-use a name that is still in use/,
    remedy: () =>
      "A release of this name is there already. If it is the one that is wanted, take it in: `gatehouse adopt` writes what that needs, or `pulumi import kubernetes:helm.sh/v3:Release <name> <namespace>/<release> --parent parent=<URN>`. " +
      "Only where `helm history` shows that an update which was killed installed it, and no revision of it was ever deployed, nothing of it has run: `helm uninstall` it. " +
      `${runAgain} If it is somebody else's, choose another release or namespace.`,
  },
  {
    cause: "pending",
    types,
    // Helm's own lock: a release whose last revision is pending-install, pending-upgrade or pending-rollback.
    sign: /another operation \(install\/upgrade\/rollback\) is in progress/,
    remedy: () =>
      "Helm is at work on this release, or was killed at it. When nothing is under way, look at `helm history`: `helm rollback` it to its last deployed revision; " +
      `only where there is none, nothing of it has run: \`helm uninstall\` it and \`pulumi refresh\`. ${runAgain}`,
  },
  {
    cause: "pending",
    types,
    sign: /has no deployed releases/,
    remedy: () =>
      "Every revision of this release failed, so Helm has nothing to go on from. `helm history` says how far it came: where none of its pods ever ran, `helm uninstall` it and run the update again; " +
      "otherwise keep its volumes, and have whoever knows the platform say how to go on.",
  },
  {
    cause: "gone",
    types,
    // pkg/kube/client.go, Update: the object stands in the last revision and is not in the cluster.
    sign: /no (\w{1,60}) with the name "([^"]{1,200})" found/,
    remedy: (_type, [, kind = "", name = ""]) =>
      `${kind} '${name}' stands in the release's last revision and is not in the cluster: somebody deleted it, or the revision never came so far. \`helm history\` says which; \`helm rollback\` to the last deployed revision makes it again. ${runAgain}`,
  },
  {
    cause: "delayed",
    types,
    sign: /object is being deleted: [^\n]{0,200}already exists/,
    remedy: () => `An object of an earlier release is still being deleted. Wait until it is gone (\`kubectl get\` it), then: ${runAgain}`,
  },
  {
    cause: "invalid",
    types,
    sign: /sh\.helm\.release\.v1\.[^\n]{0,200}Too long/,
    remedy: () =>
      "The release is larger than the Secret in which Helm keeps it (1 MiB). Take large values out of `values`, and let the chart read them from a ConfigMap or Secret of their own.",
  },
  {
    cause: "invalid",
    types,
    sign: /chart requires kubeVersion: ([^\n]{1,80}) which is incompatible with Kubernetes (\S{1,40})/,
    remedy: (_type, [, wanted = "", version = ""]) =>
      `The chart asks for Kubernetes ${tail(wanted)}, and the cluster is ${tail(version)}. Choose the chart's version that fits, or update the cluster first.`,
  },
  {
    cause: "gone",
    types,
    sign: /release: not found/,
    remedy: () => `The release was uninstalled outside Pulumi. \`pulumi refresh\` takes it out of the state. ${runAgain}`,
  },
  {
    cause: "permission",
    types,
    sign: /attempting to grant RBAC permissions not currently held|(?:is forbidden|forbidden): User "([^"]{1,200})" cannot (\w+) resource "([^"]{1,100})"/,
    remedy: (_type, [, user, verb, resource]) =>
      user === undefined
        ? `The chart hands out rights that the account which deploys does not hold itself; Kubernetes asks for them, or for the verbs \`bind\` and \`escalate\` on roles. ${runAgain}`
        : `The account that deploys ('${user}') may not ${verb ?? ""} ${resource ?? ""} in the cluster. Grant it that, then: ${runAgain}`,
  },
  {
    cause: "invalid",
    types,
    sign: /values don't meet the specifications of the schema|YAML parse error on|error converting YAML|nil pointer evaluating|error calling (?:include|tpl|toYaml)|cannot convert \w+ to \w+|execution error at \(([^)]{1,200})\): ([^\n]*)/,
    remedy: (_type, [, at, why]) =>
      `The chart refuses its values${at === undefined ? "" : ` at ${at}: ${tail(why)}`}. Correct them under \`values\` of the platform, or choose the chart's version that they were written for.`,
  },
  {
    cause: "credentials",
    types,
    sign: /(?:unauthorized: authentication required|denied: requested access|pull access denied|\b401 Unauthorized\b)/,
    remedy: () =>
      `The chart's repository or registry does not take this machine's credentials. Sign in (\`helm registry login\`), or set the repository's user and password. ${runAgain}`,
  },
  {
    cause: "missing",
    types,
    sign: /namespaces? "([^"]{1,100})" not found/,
    remedy: (_type, [, name = ""]) =>
      `The namespace '${name}' is not there, or went meanwhile. Make it, or correct \`namespace\`. ${runAgain}`,
  },
  {
    cause: "missing",
    types,
    sign: /chart "?([\w./-]{1,100})"? (?:version "?[^"\s]{0,60}"? )?not found in|no chart (?:version|name) found|failed to (?:download|fetch|pull)|is not a valid chart repository or cannot be reached|no such host[^\n]*(?:index\.yaml|charts?)/i,
    remedy: () =>
      `Helm did not get the chart. Check \`chart.version\`, \`chart.repository\` or \`chart.path\`, and that this machine reaches the repository. ${runAgain}`,
  },
  {
    cause: "missing",
    types,
    sign: /no matches for kind "([^"]{1,100})" in version "([^"]{1,100})"|ensure CRDs are installed first/,
    remedy: (_type, [, kind, version]) =>
      `The cluster does not know ${kind === undefined ? "a kind that the chart uses" : `${kind} (${version ?? ""})`}: its custom resource definition is missing, or the cluster is too old or too new for this chart. Install what brings it first.`,
  },
  {
    cause: "invalid",
    types,
    sign: /field is immutable|updates to statefulset spec for fields other than|is invalid: [^\n]*(?:Forbidden|Invalid value)/,
    remedy: () =>
      "The chart changes something that Kubernetes does not let be changed. The chart's own upgrade notes say how this step is made; do not delete a volume or a StatefulSet before you have read them.",
  },
  {
    cause: "unready",
    types,
    sign: /due to atomic being set: ?([^\n]*)/,
    remedy: (_type, [, why]) =>
      /deadline exceeded|timed out/.test(why ?? "") || tail(why) === ""
        ? `${unready} Helm has put back what was there before, so nothing is to be removed or imported; to see the pods fail, set the chart's \`wait: false\` or watch them while it runs. ${runAgain}`
        : `Helm has put back what was there before, so nothing is to be removed or imported. What went wrong: ${tail(why)}. Mend that, then: ${runAgain}`,
  },
  {
    cause: "unready",
    types,
    sign: /deadline exceeded|timed out waiting for the condition|failed to become available within allocated timeout|BackoffLimitExceeded|(?:pre|post)-(?:install|upgrade) hooks? failed/,
    remedy: () =>
      `${unready} The release is there as failed, and the next update goes on with it: nothing is to be removed or imported. ${runAgain}`,
  },
];

const unready =
  "The chart's pods did not become ready in the time that Helm had. The connection is not the reason. Look at them: `kubectl --namespace <namespace> get pods`, `kubectl describe pod`, `kubectl get events` " +
  "(an image that cannot be pulled, a volume that is not bound, too little memory). Where they only need longer, give more time.";
