import { compareText, isUrlRequest, ruleAllows, type AccessRequest, type PolicyRule } from "../../model";
import { identityKeys, subjectKey, systemNames } from "./identity";
import { bindingText, roleText, type RbacBinding, type RbacIdentity, type RbacRole, type RbacState, type RbacSubject } from "./state";

/** How one right comes to somebody: who is bound, by what, to which role, and the rule that says yes. */
export interface AccessPath {
  readonly subject: RbacSubject;
  readonly binding: RbacBinding;
  readonly role: RbacRole;
  readonly rule: PolicyRule;
}

/** An answer as the API server's RBAC would give it. */
export interface AccessDecision {
  readonly allowed: boolean;
  /** `superuser`: members of system:masters are not asked about. Null when not allowed. */
  readonly by: AccessPath | "superuser" | null;
  /** Bindings that name a role which is not there; they grant nothing. */
  readonly dangling: readonly string[];
}

/** A binding under one of its subjects. */
interface Bound {
  readonly binding: RbacBinding;
  readonly subject: RbacSubject;
}

/** A state made ready for many questions. Bindings of one place are found by subject, so a question costs what it touches. */
export interface RbacIndex {
  readonly state: RbacState;
  roleOf(binding: RbacBinding): RbacRole | undefined;
  /** The bindings of a subject in one namespace; for the empty text, those of the whole cluster. */
  boundIn(namespace: string, key: string): readonly Bound[];
  /** Every namespace with a RoleBinding of the subject. */
  namespacesOf(key: string): readonly string[];
}

/** Makes a state ready. Of two objects with one name the later counts, as with two writes. */
export function indexRbac(state: RbacState): RbacIndex {
  const roles = new Map(state.roles.map((role) => [roleKey(role.kind, role.namespace, role.name), role]));
  const bindings = [...new Map(state.bindings.map((binding) => [bindingText(binding), binding])).values()];
  const places = new Map<string, Map<string, Bound[]>>();
  const namespaces = new Map<string, Set<string>>();
  for (const binding of bindings) {
    const place = entryOf(places, binding.namespace, () => new Map<string, Bound[]>());
    const seen = new Set<string>();
    for (const subject of binding.subjects) {
      const key = subjectKey(subject, binding.namespace);
      if (key === undefined || seen.has(key)) {
        continue;
      }
      seen.add(key);
      entryOf(place, key, () => []).push({ binding, subject });
      if (binding.namespace !== "") {
        entryOf(namespaces, key, () => new Set<string>()).add(binding.namespace);
      }
    }
  }
  return {
    state: { roles: [...roles.values()], bindings },
    roleOf: ({ roleRef, namespace, kind }) =>
      // A ClusterRoleBinding cannot name a Role, which is in a namespace.
      roleRef.kind === "Role"
        ? kind === "RoleBinding"
          ? roles.get(roleKey("Role", namespace, roleRef.name))
          : undefined
        : roles.get(roleKey(roleRef.kind, "", roleRef.name)),
    boundIn: (namespace, key) => places.get(namespace)?.get(key) ?? [],
    namespacesOf: (key) => [...(namespaces.get(key) ?? [])].sort(compareText),
  };
}

function roleKey(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}

function entryOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) {
    return found;
  }
  const made = make();
  map.set(key, made);
  return made;
}

/**
 * Decides one request as the API server's RBAC does (k8s.io/kubernetes v1.36.3, plugin/pkg/auth/authorizer/rbac and
 * pkg/registry/rbac/validation): bindings of the whole cluster, then those of the request's namespace; any rule that says yes is
 * enough. The groups are taken as given: {@link withImplicitGroups} adds those that the API server adds.
 */
export function decideAccess(index: RbacIndex, identity: RbacIdentity, request: AccessRequest): AccessDecision {
  if (identity.groups.includes(systemNames.masters)) {
    return { allowed: true, by: "superuser", dangling: [] };
  }
  const dangling: string[] = [];
  for (const { binding, subject } of boundTo(index, identity, placesOf(request))) {
    const role = index.roleOf(binding);
    if (role === undefined) {
      dangling.push(`${bindingText(binding)}: ${binding.roleRef.kind} ${binding.roleRef.name} is not there`);
      continue;
    }
    const rule = role.rules.find((candidate) => ruleAllows(candidate, request));
    if (rule !== undefined) {
      return { allowed: true, by: { subject, binding, role, rule }, dangling };
    }
  }
  return { allowed: false, by: null, dangling };
}

/** Where bindings count for a request: in the whole cluster, and in its own namespace. */
function placesOf(request: AccessRequest): string[] {
  return isUrlRequest(request) || request.namespace === "" ? [""] : ["", request.namespace];
}

function* boundTo(index: RbacIndex, identity: RbacIdentity, places: readonly string[]): Generator<Bound> {
  const keys = identityKeys(identity);
  for (const place of places) {
    for (const key of keys) {
      yield* index.boundIn(place, key);
    }
  }
}

/** Everything that an identity holds, with where: each rule with its way, for the whole cluster first. */
export function accessOf(index: RbacIndex, identity: RbacIdentity): AccessPath[] {
  const keys = identityKeys(identity);
  const namespaces = [...new Set(keys.flatMap((key) => index.namespacesOf(key)))].sort(compareText);
  return [...boundTo(index, identity, ["", ...namespaces])].flatMap(({ binding, subject }) => {
    const role = index.roleOf(binding);
    return role === undefined ? [] : role.rules.map((rule) => ({ subject, binding, role, rule }));
  });
}

/** Everybody who may make a request, each subject once, with the first way by place and name. */
export function whoCan(index: RbacIndex, request: AccessRequest): AccessPath[] {
  const places = new Set(placesOf(request));
  const ruleOf = new Map<RbacRole, PolicyRule | undefined>();
  for (const role of index.state.roles) {
    ruleOf.set(
      role,
      role.rules.find((rule) => ruleAllows(rule, request)),
    );
  }
  const found = new Map<string, AccessPath>();
  const inOrder = index.state.bindings.filter(({ namespace }) => places.has(namespace)).sort(byPlaceAndName);
  for (const binding of inOrder) {
    const role = index.roleOf(binding);
    const rule = role === undefined ? undefined : ruleOf.get(role);
    if (role === undefined || rule === undefined) {
      continue;
    }
    for (const subject of binding.subjects) {
      const key = subjectKey(subject, binding.namespace);
      if (key !== undefined && !found.has(key)) {
        found.set(key, { subject, binding, role, rule });
      }
    }
  }
  return [...found].sort(([left], [right]) => compareText(left, right)).map(([, path]) => path);
}

function byPlaceAndName(left: RbacBinding, right: RbacBinding): number {
  return compareText(left.namespace, right.namespace) || compareText(left.name, right.name);
}

/** `Group okta:admins, by ClusterRoleBinding x, ClusterRole cluster-admin` */
export function pathText({ subject, binding, role }: AccessPath): string {
  const name = subject.kind === "ServiceAccount" ? `${subject.namespace || binding.namespace}/${subject.name}` : subject.name;
  return `${subject.kind} ${name}, by ${bindingText(binding)}, ${roleText(role)}`;
}
