import { isUrlRequest, type AccessRequest } from "../../model";
import { decideAccess, type RbacIndex } from "./decide";
import { accountOf, systemNames } from "./identity";
import type { RbacIdentity } from "./state";

/** Whom a request asks to act as: the Impersonate-* headers. */
export interface WantedIdentity extends RbacIdentity {
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Who asks. Only a service account's node, which its token names, matters beside name and groups. */
export interface Requester extends RbacIdentity {
  /** The value of `authentication.kubernetes.io/node-name` in the requester's extra. */
  readonly node?: string;
}

/** The modes, in the order in which the API server tries them; `legacy` is the one verb `impersonate`. */
export const impersonationModes = ["associated-node", "arbitrary-node", "serviceaccount", "user-info", "legacy"] as const;
export type ImpersonationMode = (typeof impersonationModes)[number];

export interface ImpersonationDecision {
  /** The first mode that lets the requester; null when none does. */
  readonly mode: ImpersonationMode | null;
  /** Who the request then is from; null when no mode does. Its own rights are another question. */
  readonly identity: RbacIdentity | null;
  /** What the last mode that applies lacked, such as `impersonate users bob`. */
  readonly lacks: string | null;
}

interface Check {
  readonly verb: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name: string;
  readonly namespace?: string;
}

/**
 * Whether somebody may make a request as somebody else, by Kubernetes 1.36's constrained impersonation (KEP-5284) or the old verb:
 * k8s.io/apiserver v0.36.3, pkg/endpoints/filters/impersonation/mode.go. A constrained mode asks for two things: the right to be
 * that identity (`impersonate:<mode>`), and the right to do this very thing so (`impersonate-on:<mode>:<verb>`).
 * @param constrained false for an API server without the feature: below 1.36, or switched off
 */
export function decideImpersonation(
  index: RbacIndex,
  requester: Requester,
  wanted: WantedIdentity,
  request: AccessRequest,
  constrained = true,
): ImpersonationDecision {
  let lacks: string | null = null;
  for (const mode of constrained ? impersonationModes : (["legacy"] as const)) {
    if (!applies(mode, requester, wanted)) {
      continue;
    }
    const missing = missingOf(index, requester, wanted, request, mode);
    if (missing === undefined) {
      return { mode, identity: effective(wanted, mode), lacks: null };
    }
    lacks = missing;
  }
  return { mode: null, identity: null, lacks };
}

function applies(mode: ImpersonationMode, requester: Requester, wanted: WantedIdentity): boolean {
  const node = nodeOf(wanted.username);
  switch (mode) {
    case "associated-node":
      return onlyName(wanted) && node !== undefined && accountNamed(requester.username) !== undefined && requester.node === node;
    case "arbitrary-node":
      return onlyName(wanted) && node !== undefined;
    case "serviceaccount":
      return onlyName(wanted) && accountNamed(wanted.username) !== undefined;
    case "user-info":
      return node === undefined && accountNamed(wanted.username) === undefined;
    case "legacy":
      return true;
    default:
      return mode satisfies never;
  }
}

function onlyName({ groups, uid = "", extra = {} }: WantedIdentity): boolean {
  return groups.length === 0 && uid === "" && Object.keys(extra).length === 0;
}

/** What a requester lacks for a mode; undefined when nothing. */
function missingOf(
  index: RbacIndex,
  requester: Requester,
  wanted: WantedIdentity,
  request: AccessRequest,
  mode: ImpersonationMode,
): string | undefined {
  const holds = (asked: AccessRequest): boolean => decideAccess(index, requester, asked).allowed;
  const may = ({ subresource = "", namespace = "", ...check }: Check): boolean => holds({ ...check, subresource, namespace });
  const verb = mode === "legacy" ? "impersonate" : `impersonate:${mode}`;
  if (mode !== "legacy") {
    const on = `impersonate-on:${mode}:${request.verb}`;
    if (!holds({ ...request, verb: on })) {
      return `${on} ${isUrlRequest(request) ? request.path : request.resource}`;
    }
    const refused = refusedByItself(wanted);
    if (refused !== undefined) {
      return refused;
    }
  }
  return [
    [userCheck(wanted, verb, mode)],
    uidChecks(wanted, verb),
    groupChecks(wanted, verb, mode, may),
    extraChecks(wanted, verb, mode, may),
  ]
    .flat()
    .filter((check) => !may(check))
    .map((check) => `${verb} ${check.resource} ${check.name}`)[0];
}

function userCheck({ username, groups }: WantedIdentity, verb: string, mode: ImpersonationMode): Check {
  const apiGroup = mode === "legacy" ? "" : "authentication.k8s.io";
  const account = accountNamed(username);
  if (account !== undefined && (mode === "legacy" || groups.length === 0)) {
    return { verb, apiGroup, resource: "serviceaccounts", ...account };
  }
  const node = nodeOf(username);
  if (node !== undefined && mode !== "legacy") {
    // The agent of a node is asked about all nodes at once, since the answer is kept for its pods on the others.
    return { verb, apiGroup, resource: "nodes", name: mode === "associated-node" ? "*" : node };
  }
  return { verb, apiGroup, resource: "users", name: username };
}

function uidChecks({ uid = "" }: WantedIdentity, verb: string): Check[] {
  return uid === "" ? [] : [{ verb, apiGroup: "authentication.k8s.io", resource: "uids", name: uid }];
}

/** From four on, the right to all at once is enough (manyAuthorizationChecksInLoop). */
const many = 4;

function groupChecks({ groups }: WantedIdentity, verb: string, mode: ImpersonationMode, may: (check: Check) => boolean): Check[] {
  const one = (name: string): Check => ({
    verb,
    apiGroup: mode === "legacy" ? "" : "authentication.k8s.io",
    resource: "groups",
    name,
  });
  return mode !== "legacy" && groups.length >= many && may(one("*")) ? [] : groups.map(one);
}

function extraChecks({ extra = {} }: WantedIdentity, verb: string, mode: ImpersonationMode, may: (check: Check) => boolean): Check[] {
  const one = (subresource: string, name: string): Check => ({
    verb,
    apiGroup: "authentication.k8s.io",
    resource: "userextras",
    subresource,
    name,
  });
  const large = Object.keys(extra).length >= many || Object.values(extra).flat().length >= many;
  return mode !== "legacy" && large && may(one("*", "*"))
    ? []
    : Object.entries(extra).flatMap(([key, values]) => values.map((value) => one(key, value)));
}

/** What constrained impersonation refuses whatever the rights. */
function refusedByItself({ groups, extra = {} }: WantedIdentity): string | undefined {
  if (groups.includes("")) {
    return "a group with a name";
  }
  if (groups.includes(systemNames.masters)) {
    return `another group than ${systemNames.masters}, which only the verb impersonate gives`;
  }
  const bad = Object.entries(extra).find(
    ([key, values]) => !domainPath.test(key) || key !== key.toLowerCase() || values.length === 0 || values.includes(""),
  );
  return bad === undefined ? undefined : `extra with a key like example.com/key in lower case and values, got '${bad[0]}'`;
}

function effective(wanted: WantedIdentity, mode: ImpersonationMode): RbacIdentity {
  const { username } = wanted;
  const account = accountNamed(username);
  const fixed =
    mode !== "legacy" && nodeOf(username) !== undefined
      ? ["system:nodes"]
      : account !== undefined && wanted.groups.length === 0
        ? [systemNames.accounts, `${systemNames.accounts}:${account.namespace}`]
        : wanted.groups;
  const implicit =
    username === systemNames.anonymous
      ? [systemNames.unauthenticated]
      : fixed.includes(systemNames.unauthenticated)
        ? []
        : [systemNames.authenticated];
  return { username, groups: [...new Set([...fixed, ...implicit])] };
}

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*$`);
const dnsLabel = new RegExp(`^(?=.{1,63}$)${label}$`);
/** apimachinery, IsDomainPrefixedPath. */
const domainPath = new RegExp(`^(?=[^/]{1,253}/)${label}(\\.${label})*/[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+$`);

/** A user name that is a service account's in the eyes of impersonation, which also looks at the form of the names. */
function accountNamed(username: string): { readonly namespace: string; readonly name: string } | undefined {
  const account = accountOf(username);
  return account !== undefined && dnsLabel.test(account.namespace) && subdomain.test(account.name) ? account : undefined;
}

function nodeOf(username: string): string | undefined {
  const prefix = "system:node:";
  const name = username.startsWith(prefix) ? username.slice(prefix.length) : "";
  return subdomain.test(name) ? name : undefined;
}
