import { identityProviders, platforms, runAgain, takeInOrDelete, type FailureCause } from "../../model";
import { engineCauses } from "./engine";
import { helmCauses } from "./helm";
import { kubernetesCauses } from "./kubernetes";
import { engineType, readLog, type SaidAbout } from "./log";

/** One failed resource of an update, and what to do about it. */
export interface FailureExplanation {
  /** Name of the resource in the stack; `the stack` where the engine did not begin. */
  readonly resource: string;
  /** `azuread:index:Group`, as Pulumi prints it. */
  readonly type: string;
  readonly cause: FailureCause["cause"];
  readonly remedy: string;
}

/** Resources of identity providers: all that is neither the engine's nor the cluster's. */
const registration = /^(?!pulumi:|kubernetes:|gatehouse:|random:)/;

/** The same, and the providers before them. */
const vendor = /^(?:pulumi:providers:(?!kubernetes$)|(?!pulumi:|kubernetes:|gatehouse:|random:))/;

/** What all vendors' resources share; only what no vendor, chart or engine has a better word for comes down to here. */
const sharedCauses: readonly FailureCause[] = [
  { cause: "exists", types: registration, sign: /\balready exists\b/, remedy: takeInOrDelete },
  {
    cause: "permission",
    types: registration,
    sign: /\b403\b/,
    remedy: () => `The account that deploys may not do this. Grant it the permission, then: ${runAgain}`,
  },
  {
    cause: "credentials",
    types: vendor,
    sign: /\b401\b|\bUnauthorized\b/,
    remedy: () =>
      `The identity provider does not take the credentials of the account that deploys: they are wrong, or have ended. Set them anew. ${runAgain}`,
  },
  {
    cause: "invalid",
    types: /^pulumi:providers:/,
    sign: /missing required property:? '?(\w{1,60})/,
    remedy: (type, [, name = ""]) =>
      `The provider is not told ${name}: \`pulumi config set ${type.split(":").at(-1) ?? ""}:${name}\`, or its environment variable.`,
  },
  {
    cause: "credentials",
    types: vendor,
    sign: /x509: certificate (?:signed by unknown authority|has expired|is valid for)|tls: failed to verify certificate/,
    remedy: () =>
      `The identity provider's certificate is not trusted here, has ended, or is for another name. Check the address, a proxy in between, this machine's clock, and SSL_CERT_FILE for a private authority. ${runAgain}`,
  },
  {
    cause: "throttled",
    types: registration,
    sign: /\b429\b|TooManyRequests/,
    remedy: () => `The identity provider kept asking for patience until the time was up. Wait, then: ${runAgain}`,
  },
  {
    cause: "outage",
    types: registration,
    sign: /\b50[0234]\b|ServiceUnavailable|InternalServerError/,
    remedy: () => `The identity provider failed until the time was up. ${runAgain}`,
  },
  {
    cause: "connection",
    types: /^(?!pulumi:pulumi:|gatehouse:|random:)/,
    sign: /\bEOF\b|ECONNRESET|ECONNREFUSED|connection re(set|fused)|socket hang up|no reply within|no such host|TLS handshake|timed? ?out|transport is closing|error reading from server|unable to return a response in the time allotted/i,
    remedy: () =>
      `The connection broke, and the provider does not repeat what may have been done. ${runAgain} If it then says that the object exists, import it; delete it there only when you are sure that nobody uses it.`,
  },
];

/** The most specific word comes first: what the engine says of itself, what a vendor's API or Helm says, what all share. */
const causes: readonly FailureCause[] = [
  ...engineCauses,
  ...helmCauses,
  ...[...Object.values(identityProviders), ...Object.values(platforms)].flatMap(({ failureCauses = [] }) => failureCauses),
  ...kubernetesCauses,
  ...sharedCauses,
];

/**
 * Reads what a failed `pulumi up` printed, and explains the failures that it knows.
 * @param output everything that the command wrote, with or without its progress, as a terminal or a pipeline has kept it
 * @returns one explanation for each resource, in the order of the output
 */
export function explainFailures(output: string): FailureExplanation[] {
  const found = new Map<string, FailureExplanation>();
  for (const said of readLog(output)) {
    const explanation = explain(said);
    if (explanation !== undefined && !found.has(explanation.resource)) {
      found.set(explanation.resource, explanation);
    }
  }
  return [...found.values()];
}

/** Whether something failed, and every failure has this cause; one that nobody can explain has another. */
export function allHaveCause(output: string, cause: FailureCause["cause"]): boolean {
  const failures = readLog(output)
    // What the engine says last, that the update failed, is no failure of its own.
    .filter(({ type, text }) => type !== engineType && /\berror\b/i.test(text))
    .map((said) => explain(said)?.cause);
  const ofEngine = readLog(output).flatMap((said) => (said.type === engineType ? (explain(said)?.cause ?? []) : []));
  return failures.length > 0 && [...failures, ...ofEngine].every((found) => found === cause);
}

function explain(said: SaidAbout): FailureExplanation | undefined {
  const { type, resource } = said;
  const named = { resource: type === engineType ? "the stack" : resource, type };
  for (const speaker of speakers(said)) {
    for (const known of causes) {
      const match = known.types.test(speaker) ? known.sign.exec(said.text) : null;
      if (match !== null) {
        return { ...named, cause: known.cause, remedy: known.remedy(speaker, match) };
      }
    }
  }
  return undefined;
}

/** Who can have said it: a look-up that fails is told of the stack, in the words of the provider that was asked (sdk/nodejs/runtime/invoke.ts); its line may be broken. */
function speakers({ type, text }: SaidAbout): string[] {
  const invoked = type === engineType ? /\binvocation of (\w[\w./:-]{1,200}) returned\s+an\s+error/.exec(text)?.[1] : undefined;
  return invoked === undefined ? [type] : [invoked, type];
}
