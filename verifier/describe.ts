import { textLines } from "../model";
import { permits } from "./permits";
import type { Check, ClusterVerdict, TokenVerdict } from "./verdict";

const marks = { true: "ok  ", false: "FAIL", null: "-   " } as const;

/** A verdict in words, for a terminal: checks, identity, grants, causes with their remedies, warnings. Never the token. */
export function describeVerdict(verdict: TokenVerdict): string {
  const lines = [
    headline(verdict),
    ...verdict.checks.map(checkLine),
    ...(verdict.identity === null
      ? []
      : [`Username: ${verdict.identity.username}`, `Groups:   ${verdict.identity.groups.join(", ") || "none"}`]),
    ...permits(verdict),
    ...verdict.lackingGroups.map(
      ({ displayName, claimValue, roles }) => `Lacking: '${displayName}' (${claimValue}), which would give ${roles.join(", ")}.`,
    ),
    ...verdict.causes.flatMap(({ message, remedy }) => [`Likely cause: ${message}`, `  Remedy: ${remedy}`]),
    ...adviceLines(verdict),
    ...verdict.warnings.map(({ message }) => `Warning: ${message}`),
  ];
  return textLines(lines);
}

/** A decision by the rules of one API server in words, for a terminal. Never the token. */
export function describeClusterVerdict(verdict: ClusterVerdict): string {
  const { decision } = verdict;
  const lines = [
    decision.accepted
      ? `The API server accepts the token until ${verdict.expiresAt ?? "an unknown time"}.`
      : `The API server refuses the token (${decision.code ?? ""}).`,
    ...verdict.checks.map(checkLine),
    ...(decision.user === null
      ? []
      : [
          `Username: ${decision.user.username}`,
          `Groups:   ${decision.user.groups.join(", ") || "none"}`,
          `UID:      ${decision.user.uid || "none"}`,
          ...Object.entries(decision.user.extra).map(([key, values]) => `Extra:    ${key} = ${values.join(", ")}`),
        ]),
    ...adviceLines(verdict),
  ];
  return textLines(lines);
}

/** Apart from the checks: the platform lets these pass. */
function adviceLines({ advice, notes }: ClusterVerdict): string[] {
  return [
    ...advice.flatMap(({ code, message, remedy }) => [`Advice (${code}): ${message}`, `  Do: ${remedy}`]),
    ...notes.map((note) => `Note: ${note}`),
  ];
}

function headline({ outcome, platform, code, expiresAt }: TokenVerdict): string {
  switch (outcome) {
    case "accepted":
      return `The token is accepted by '${platform ?? ""}' until ${expiresAt ?? "an unknown time"}.`;
    case "rejected":
      return `The token is bad (${code ?? ""}).`;
    case "not-for-platform":
      return `The token is good, but opens nothing at ${platform === null ? "any platform of this environment" : `'${platform}'`} (${code ?? ""}).`;
    default:
      return outcome satisfies never;
  }
}

function checkLine(check: Check): string {
  const mark = marks[`${check.ok}`];
  return check.ok === true
    ? `  ${mark} ${check.name}: ${check.got}`
    : `  ${mark} ${check.name}: expected ${check.expected}, got ${check.got}`;
}
