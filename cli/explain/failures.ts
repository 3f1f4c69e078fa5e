import { identityProviders, platforms, runAgain as again, takeInOrDelete, type FailureCause } from "../../model";

/** One failed resource of an update, and what to do about it. */
export interface FailureExplanation {
  /** Name of the resource in the stack; the stack itself where the engine did not begin. */
  readonly resource: string;
  /** `azuread:index:Group`, as Pulumi prints it. */
  readonly type: string;
  readonly cause: FailureCause["cause"];
  readonly remedy: string;
}

/** Types as they are printed, whose failures are explained. */
const registration = String.raw`(?:azuread|okta):[\w:/]+`;
const release = String.raw`kubernetes:helm\.sh/v3:Release`;
/** The components' own objects in the cluster; of their failures only one has to do with an interrupted update. */
const clusterObject = String.raw`kubernetes:(?:core/v1:(?:Namespace|Secret)|rbac\.authorization\.k8s\.io/v1:(?:Cluster)?RoleBinding)`;
const explained = `${registration}|${release}|${clusterObject}`;

const locked: FailureExplanation = {
  resource: "the stack",
  type: "pulumi:pulumi:Stack",
  cause: "locked",
  remedy: `Another update is under way, or one was killed. When none is (the lock names process and time): \`pulumi cancel\`. ${again}`,
};

const only = (...types: readonly string[]): RegExp => new RegExp(`^(?:${types.join("|")})$`);
const remote = only(registration, release);
// In this order: the vendors' APIs and Kubernetes; Helm.
const exists = /\balready exists\b|cannot re-use a name that is still in use/;

/** What the kinds of identity providers and platforms know comes first: it is more specific than what all share. */
const causes: readonly FailureCause[] = [
  ...[...Object.values(identityProviders), ...Object.values(platforms)].flatMap(({ failureCauses = [] }) => failureCauses),
  {
    cause: "exists",
    types: only(clusterObject),
    sign: exists,
    remedy: () =>
      `An object of this name is there already. If an update that was killed made it, let one update take it over: \`pulumi config set kubernetes:upsertExistingObjects true\`, \`pulumi up\`, and \`pulumi config rm\` of the same key (kubernetes plugin 4.29 and later; earlier ones take it over unasked). If it is somebody else's, choose another name.`,
  },
  {
    cause: "exists",
    types: only(release),
    sign: exists,
    remedy: () =>
      `A release of this name is there already. If an update that was killed installed it, \`helm uninstall\` it. ${again} If it is somebody else's, choose another release or namespace.`,
  },
  {
    cause: "exists",
    types: only(registration),
    sign: exists,
    remedy: takeInOrDelete,
  },
  {
    cause: "pending",
    types: remote,
    // Helm's own lock: a release whose last revision is pending-install, pending-upgrade or pending-rollback.
    sign: /another operation \(install\/upgrade\/rollback\) is in progress/,
    remedy: () =>
      `Helm is at work on this release, or was killed at it. When nothing is under way: \`helm rollback\` it to its last good revision, or \`helm uninstall\` it where there is none and \`pulumi refresh\`. ${again}`,
  },
  {
    cause: "gone",
    types: remote,
    sign: /release: not found/,
    remedy: () => `The release was uninstalled outside Pulumi. \`pulumi refresh\` takes it out of the state. ${again}`,
  },
  {
    cause: "permission",
    types: remote,
    sign: /\b403\b/,
    remedy: () => `The account that deploys may not do this. Grant it the permission, then: ${again}`,
  },
  {
    cause: "throttled",
    types: remote,
    sign: /\b429\b|TooManyRequests/,
    remedy: () => `The identity provider kept asking for patience until the time was up. Wait, then: ${again}`,
  },
  {
    cause: "outage",
    types: remote,
    sign: /\b50[0234]\b|ServiceUnavailable|InternalServerError/,
    remedy: () => `The identity provider failed until the time was up. ${again}`,
  },
  {
    cause: "connection",
    types: remote,
    sign: /\bEOF\b|ECONNRESET|ECONNREFUSED|connection re(set|fused)|socket hang up|no reply within|timed? ?out/i,
    remedy: () =>
      `The connection broke, and the provider does not repeat what may have been done. ${again} If it then says that the object exists, import it or delete it there.`,
  },
];

const headingLine = new RegExp(String.raw`^\s+(${explained}) \(([^)]+)\):$`);
const progressLine = new RegExp(String.raw`^.*?(${explained}) (\S+) .*\berror: `);

/**
 * Reads what a failed `pulumi up` printed, and explains the failures of identity provider resources and releases.
 * @param output everything that the command wrote, with or without its progress
 * @returns one explanation for each resource, in the order of the output
 */
export function explainFailures(output: string): FailureExplanation[] {
  const found = new Map<string, FailureExplanation>();
  let heading: { type: string; resource: string } | undefined;
  for (const line of output.split(/\r?\n/)) {
    if (/\berror: the stack is currently locked by \d+ lock/.test(line)) {
      found.set(locked.resource, locked);
    }
    const place = headingLine.exec(line);
    const progress = progressLine.exec(line);
    // A blank line ends the words about one resource.
    heading = place === null ? (line.trim() === "" ? undefined : heading) : { type: place[1] ?? "", resource: place[2] ?? "" };
    const at = progress === null ? heading : { type: progress[1] ?? "", resource: progress[2] ?? "" };
    const error = /\berror: (.*)$/.exec(line)?.[1] ?? (heading === undefined ? undefined : line);
    const cause =
      at === undefined || error === undefined ? undefined : causes.find(({ types, sign }) => types.test(at.type) && sign.test(error));
    if (at !== undefined && cause !== undefined && !found.has(at.resource)) {
      found.set(at.resource, { ...at, cause: cause.cause, remedy: cause.remedy(at.type) });
    }
  }
  return [...found.values()];
}
