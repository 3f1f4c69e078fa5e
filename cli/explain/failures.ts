/**
 * Microsoft Graph application permissions that the account which deploys needs for each type of resource: the "Permissions" table
 * of each operation's page (learn.microsoft.com/graph/api). Graph itself never says which one is missing.
 */
export const graphPermissions: Readonly<Record<string, string>> = {
  Application: "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  ApplicationPassword: "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  ServicePrincipal: "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  AppRoleAssignment: "AppRoleAssignment.ReadWrite.All",
  Group: "Group.ReadWrite.All",
  ConditionalAccessPolicy: "Policy.Read.All and Policy.ReadWrite.ConditionalAccess",
};

/** One failed resource of an update, and what to do about it. */
export interface FailureExplanation {
  /** Name of the resource in the stack; the stack itself where the engine did not begin. */
  readonly resource: string;
  /** `azuread:index:Group`, as Pulumi prints it. */
  readonly type: string;
  readonly cause: "locked" | "exists" | "pending" | "gone" | "permission" | "throttled" | "outage" | "connection";
  readonly remedy: string;
}

const again = "Run the update again: it goes on where it stopped.";

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

/** What a failure of certain types looks like, and what to do about it. */
interface Cause {
  readonly cause: FailureExplanation["cause"];
  readonly of: RegExp;
  readonly sign: RegExp;
  readonly remedy: (type: string) => string;
}

const only = (...types: readonly string[]): RegExp => new RegExp(`^(?:${types.join("|")})$`);
const remote = only(registration, release);
// In this order: Okta; azuread's own `prevent_duplicate_names`; Graph and Kubernetes; Helm.
const exists =
  /already exists in the current organization|was found and .prevent_duplicate_names|\balready exists\b|cannot re-use a name that is still in use/;

const causes: readonly Cause[] = [
  {
    cause: "exists",
    of: only(clusterObject),
    sign: exists,
    remedy: () =>
      `An object of this name is there already. If an update that was killed made it, let one update take it over: \`pulumi config set kubernetes:upsertExistingObjects true\`, \`pulumi up\`, and \`pulumi config rm\` of the same key (kubernetes plugin 4.29 and later; earlier ones take it over unasked). If it is somebody else's, choose another name.`,
  },
  {
    cause: "exists",
    of: only(release),
    sign: exists,
    remedy: () =>
      `A release of this name is there already. If an update that was killed installed it, \`helm uninstall\` it. ${again} If it is somebody else's, choose another release or namespace.`,
  },
  {
    cause: "exists",
    of: only(registration),
    sign: exists,
    remedy: () =>
      `An object of this name is there already. If an update that was killed made it, delete it there, or take it in: \`pulumi import <type token> <name> <its id> --parent parent=<URN> --protect=false --generate-code=false\` (\`pulumi stack --show-urns\` has URN and token of its like). ${again} If it is somebody else's, name another, or write a group as \`existing\`.`,
  },
  {
    cause: "pending",
    of: remote,
    // Helm's own lock: a release whose last revision is pending-install, pending-upgrade or pending-rollback.
    sign: /another operation \(install\/upgrade\/rollback\) is in progress/,
    remedy: () =>
      `Helm is at work on this release, or was killed at it. When nothing is under way: \`helm rollback\` it to its last good revision, or \`helm uninstall\` it where there is none and \`pulumi refresh\`. ${again}`,
  },
  {
    cause: "gone",
    of: remote,
    sign: /release: not found/,
    remedy: () => `The release was uninstalled outside Pulumi. \`pulumi refresh\` takes it out of the state. ${again}`,
  },
  {
    cause: "permission",
    of: remote,
    sign: /\b403\b|Authorization_RequestDenied/,
    remedy: (type) => {
      const needed = graphPermissions[type.split(":").at(-1) ?? ""];
      return needed === undefined
        ? `The account that deploys may not do this. Grant it the permission, then: ${again}`
        : `Microsoft Graph refused it. The account that deploys needs the application permission ${needed}, with an administrator's consent. Grant it, wait some minutes, then: ${again}`;
    },
  },
  {
    cause: "throttled",
    of: remote,
    sign: /\b429\b|TooManyRequests/,
    remedy: () => `The identity provider kept asking for patience until the time was up. Wait, then: ${again}`,
  },
  {
    cause: "outage",
    of: remote,
    sign: /\b50[0234]\b|ServiceUnavailable|InternalServerError/,
    remedy: () => `The identity provider failed until the time was up. ${again}`,
  },
  {
    cause: "connection",
    of: remote,
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
    const cause = at === undefined || error === undefined ? undefined : causes.find(({ of, sign }) => of.test(at.type) && sign.test(error));
    if (at !== undefined && cause !== undefined && !found.has(at.resource)) {
      found.set(at.resource, { ...at, cause: cause.cause, remedy: cause.remedy(at.type) });
    }
  }
  return [...found.values()];
}
