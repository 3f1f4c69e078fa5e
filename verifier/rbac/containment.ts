import type { AccessRequest, PolicyRule } from "../../model";

/**
 * A right that cannot be split: one verb on one kind of thing under one name, each either a single value or every value. `place` is
 * the namespace of a RoleBinding; undefined: the whole cluster.
 */
export type Right =
  | {
      readonly verb: string;
      readonly apiGroup: string;
      readonly resource: string;
      /** Undefined: every name, and none. */
      readonly name: string | undefined;
      readonly place: string | undefined;
    }
  | { readonly verb: string; readonly url: string };

/** The rights that a rule gives where it is bound. Paths are no part of a namespace: a RoleBinding gives none of them. */
export function* rightsOf(rule: PolicyRule, place: string | undefined): Generator<Right> {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names: readonly (string | undefined)[] = resourceNames.length === 0 ? [undefined] : resourceNames;
  for (const verb of verbs) {
    for (const apiGroup of apiGroups) {
      for (const resource of resources) {
        for (const name of names) {
          yield { verb, apiGroup, resource, name, place };
        }
      }
    }
    if (place === undefined) {
      for (const url of nonResourceURLs) {
        yield { verb, url };
      }
    }
  }
}

/**
 * Whether a rule, bound at a place, gives a right whole. This decides containment in any number of rules: verbs, API groups,
 * resources, subresources, names, namespaces and paths are open sets, so a right with a wildcard holds a request that no rule names
 * one by one. The rule that allows that request has the wildcard too, and so gives all of the right.
 */
export function ruleGives(rule: PolicyRule, place: string | undefined, right: Right): boolean {
  if (!(rule.verbs.includes("*") || rule.verbs.includes(right.verb))) {
    return false;
  }
  if ("url" in right) {
    return place === undefined && (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, right.url));
  }
  return (
    (place === undefined || place === right.place) &&
    covers(rule.apiGroups, right.apiGroup) &&
    (rule.resources ?? []).some((resource) => resourceCovers(resource, right.resource)) &&
    (rule.resourceNames === undefined ||
      rule.resourceNames.length === 0 ||
      (right.name !== undefined && rule.resourceNames.includes(right.name)))
  );
}

function covers(patterns: readonly string[] = [], value: string): boolean {
  return patterns.includes("*") || patterns.includes(value);
}

/** `pods/log` lies within `*`, `pods/log` and, where both of its parts are there, within every `log`. */
function resourceCovers(pattern: string, resource: string): boolean {
  if (pattern === "*" || pattern === resource) {
    return true;
  }
  const [, subresource] = split(resource);
  return subresource !== "" && pattern === `*/${subresource}`;
}

function split(resource: string): [string, string] {
  const slash = resource.indexOf("/");
  return slash < 0 ? [resource, ""] : [resource.slice(0, slash), resource.slice(slash + 1)];
}

function urlCovers(pattern: string, url: string): boolean {
  if (pattern === url) {
    return true;
  }
  const prefix = prefixOf(pattern);
  if (prefix === "/") {
    // Every path of a request begins with a slash: `/*` gives what `*` does.
    return true;
  }
  // `/a*` lies within `/*`, and so does `/a`; a pattern without a star at its end covers itself alone.
  return prefix !== undefined && (prefixOf(url) ?? url).startsWith(prefix);
}

function prefixOf(url: string): string | undefined {
  return url.endsWith("*") ? url.replace(/\*+$/, "") : undefined;
}

/** What no rule names stands for all the values of a wildcard that nobody thought of. A rule may name one of these words; then the next is taken. */
function unnamedWord(attempt: number): string {
  // Another first letter each time: no prefix of a path covers two of them.
  return attempt === 0 ? "unnamed" : `${String.fromCodePoint(0x3b1 + attempt)}unnamed`;
}
const mostWords = 20_000;

/**
 * A request that a right holds and that `refused` says was not allowed before: the plainest one first. There is one whenever no
 * rule gave the right whole, if only with a value that no rule names.
 */
export function witnessOf(right: Right, refused: (request: AccessRequest) => boolean): AccessRequest {
  for (let attempt = 0; attempt < mostWords; attempt += 1) {
    for (const candidate of candidatesOf(right, unnamedWord(attempt))) {
      if (refused(candidate)) {
        return candidate;
      }
    }
  }
  throw new Error(`Expected a request that no rule gave, got none among ${mostWords} words for ${JSON.stringify(right)}.`);
}

function* candidatesOf(right: Right, unnamed: string): Generator<AccessRequest> {
  const open = (value: string, examples: readonly string[]): readonly string[] => (value === "*" ? [...examples, unnamed] : [value]);
  const verbs = open(right.verb, ["get", "list", "create", "update", "patch", "delete", "watch", "deletecollection", "impersonate"]);
  if ("url" in right) {
    const prefix = prefixOf(right.url);
    const paths = prefix === undefined ? [right.url] : [prefix === "" ? "/metrics" : prefix, `${prefix || "/"}${unnamed}`];
    for (const path of paths) {
      for (const verb of verbs) {
        yield { verb, path };
      }
    }
    return;
  }
  const [resource, subresource] = split(right.resource);
  for (const one of open(resource, subresource === "" ? ["secrets", "pods"] : ["pods", "deployments"])) {
    for (const apiGroup of open(right.apiGroup, ["", "apps", "rbac.authorization.k8s.io"])) {
      for (const namespace of right.place === undefined ? ["", "default", unnamed] : [right.place]) {
        for (const name of right.name === undefined ? ["", unnamed] : [right.name]) {
          for (const verb of verbs) {
            yield { verb, apiGroup, resource: one, subresource, name, namespace };
          }
        }
      }
    }
  }
}
