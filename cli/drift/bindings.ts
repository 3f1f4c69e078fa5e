import { compareText, isReservedName, type EnvironmentDocument } from "../../model";
import { isAccountIn, isMade, isOwnHolder, isPlatformRole, makerOf, platformsIn } from "./makers";
import { placeOf, subjectText } from "./names";
import type { DriftFinding, LiveBinding, LiveSubject } from "./types";

type Declared = EnvironmentDocument["access"][number]["bindings"][number];

interface DeclaredBinding extends Declared {
  /** `Group okta:Kasten Admins`, sorted. */
  readonly subjects: readonly string[];
}

/**
 * Compares the declared bindings with those of the cluster. Pure.
 *
 * Shadow access is found by subject, whatever made the binding: one that names a group or person of the environment, by the
 * prefixed name that the platforms hand to RBAC, and is not declared. It is found by role, whoever the subject is: a role of a platform,
 * and power over a platform's namespace, unless the platform's chart gives it.
 *
 * @param today the day in UTC, by which what a service account was declared to hold has ended
 * @param powerful places of the undeclared bindings that give power over a platform's namespace
 */
export function bindingDrift(
  document: EnvironmentDocument,
  live: readonly LiveBinding[],
  powerful: ReadonlySet<string>,
  today: string,
): DriftFinding[] {
  const declared = declaredBindings(document);
  const present = new Map(live.map((binding) => [placeOf(binding), binding]));
  const missingOrChanged = [...declared].flatMap(([place, binding]) => compareBinding(place, binding, present.get(place)));
  const reaches = environmentReach(document);
  const undeclared = live.filter((binding) => !declared.has(placeOf(binding)));
  const leftover = undeclared.flatMap((binding) => leftoverFinding(document, binding, reaches));
  const shadow = undeclared.flatMap((binding) => {
    const left = leftoverSubjects(document, binding, reaches);
    const byRole = handGiven(document, binding, powerful).filter(
      (subject) => !left.includes(subject) && !isDeclaredAccount(document, binding, subject, today),
    );
    const reached = binding.subjects.filter((subject) => reaches(subject, binding.roleRef.name) || byRole.includes(subject));
    return reached.length === 0 ? [] : [shadowFinding(document, binding, [...new Set(reached.map(subjectText))])];
  });
  const order = ({ kind, what }: DriftFinding): string => `${kind}\n${what}`;
  return [...shadow, ...leftover, ...missingOrChanged].sort((left, right) => compareText(order(left), order(right)));
}

/** The kinds of binding objects that the environment has, and so must be asked for. */
export function bindingKindsOf(document: EnvironmentDocument): Set<Declared["kind"]> {
  return new Set(["ClusterRoleBinding", "RoleBinding", ...document.access.flatMap(({ bindings }) => bindings.map(({ kind }) => kind))]);
}

function declaredBindings(document: EnvironmentDocument): Map<string, DeclaredBinding> {
  const declared = new Map<string, DeclaredBinding>();
  for (const grant of document.access) {
    const subject = subjectText(grant.subject);
    for (const binding of grant.bindings) {
      const earlier = declared.get(placeOf(binding));
      const subjects = [...new Set([...(earlier?.subjects ?? []), subject])].sort(compareText);
      declared.set(placeOf(binding), { ...binding, subjects });
    }
  }
  return declared;
}

/** Groups of certificates that whoever makes the cluster gives out: they may do anything, whatever else binds them. */
const clusterOwners = ["Group system:masters", "Group kubeadm:cluster-admins"];

/** To whom a binding gives a platform's role, or power over its namespace, by somebody's hand. */
function handGiven(document: EnvironmentDocument, binding: LiveBinding, powerful: ReadonlySet<string>): LiveSubject[] {
  if (isMade(document, binding)) {
    return [];
  }
  const judged =
    isPlatformRole(document, binding) || powerful.has(placeOf(binding))
      ? binding.subjects
      : binding.subjects.filter((subject) => holdsClusterHere(document, binding, subject));
  const given = judged.filter((subject) => !clusterOwners.includes(subjectText(subject)) && !isOwnHolder(document, subject));
  // Of a chart's binding that was changed by hand, the chart's accounts are in the platform's namespace, and others are others'.
  const namespace = makerOf(document, binding)?.release?.namespace;
  const others = namespace === undefined ? given : given.filter((subject) => !isAccountIn(subject, namespace));
  return others.length === 0 ? given : others;
}

/** The cluster's own roles that reach every platform's Secrets and accounts. */
const strongRoles = ["cluster-admin", "admin", "edit"];

/** Whether a binding gives a service account of a platform's namespace such a role in the whole cluster: whoever runs pods there is that account. */
function holdsClusterHere(document: EnvironmentDocument, { kind, roleRef }: LiveBinding, subject: LiveSubject): boolean {
  return (
    kind === "ClusterRoleBinding" &&
    roleRef.kind === "ClusterRole" &&
    strongRoles.includes(roleRef.name) &&
    subject.kind === "ServiceAccount" &&
    platformsIn(document, subject.namespace).length > 0
  );
}

/** Whether the stack knows that a service account holds just this, and still does. */
function isDeclaredAccount(
  { serviceAccounts = [] }: EnvironmentDocument,
  { kind, namespace, roleRef }: LiveBinding,
  subject: LiveSubject,
  today: string,
): boolean {
  return serviceAccounts.some(
    ({ account, until, roles }) =>
      namesAccount(subject, account) &&
      (until === null || until >= today) &&
      roles.some(
        (role) =>
          role.kind === kind && role.namespace === namespace && role.roleRef.kind === roleRef.kind && role.roleRef.name === roleRef.name,
      ),
  );
}

/** A service account stands in a binding as such, or by the user name that the API server gives it. */
function namesAccount({ kind, name, namespace }: LiveSubject, account: { readonly namespace: string; readonly name: string }): boolean {
  return kind === "ServiceAccount"
    ? namespace === account.namespace && name === account.name
    : kind === "User" && name === `system:serviceaccount:${account.namespace}:${account.name}`;
}

/** Who is everybody to Kubernetes, the people of the environment among them. */
const everybody = ["Group system:authenticated", "Group system:unauthenticated", "User system:anonymous"];
/** Roles that Kubernetes itself, or kubeadm, gives to everybody: discovery, one's own rights, the cluster's address. */
const givenToEverybody = ["system:basic-user", "system:discovery", "system:public-info-viewer", "kubeadm:bootstrap-signer-clusterinfo"];

/**
 * Whether a subject is one that a token of the environment can be: a group or a person under a platform's prefix, listed or not,
 * since only the identity provider says who that is; where no prefix tells them apart, a group of the environment or a listed
 * sign-in name; or everybody.
 */
export function environmentReach(document: EnvironmentDocument): (subject: LiveBinding["subjects"][number], role: string) => boolean {
  const names = new Set([...groupSubjects(document).keys(), ...document.access.map(({ subject }) => subjectText(subject))]);
  const platforms = Object.values(document.platforms);
  const prefixes = {
    User: platforms.map(({ username: { prefix } }) => prefix),
    Group: platforms.filter(({ groups: { claim } }) => claim !== "").map(({ groups: { prefix } }) => prefix),
  };
  const logins = Object.values(document.groups).flatMap(({ members }) => (members ?? []).map((login) => login.toLowerCase()));
  return (subject, role) => {
    if (everybody.includes(subjectText(subject))) {
      return !givenToEverybody.includes(role);
    }
    const { kind, name } = subject;
    const prefixed = (kind === "User" || kind === "Group") && prefixes[kind].some((prefix) => prefix !== "" && name.startsWith(prefix));
    const login = kind === "User" && prefixes.User.includes("") && logins.includes(name.toLowerCase());
    return prefixed || login || names.has(subjectText(subject));
  };
}

/** The groups of the environment by every name that RBAC can have for them. */
function groupSubjects(document: EnvironmentDocument): Map<string, EnvironmentDocument["groups"][string]> {
  return new Map(
    Object.values(document.platforms).flatMap(({ groups: { claim, prefix }, groupsFrom }) =>
      claim === ""
        ? []
        : Object.values(document.groups).map(
            (group) => [`Group ${prefix}${groupsFrom === "directory" ? group.displayName : group.claimValue}`, group] as const,
          ),
    ),
  );
}

function compareBinding(place: string, declared: DeclaredBinding, live: LiveBinding | undefined): DriftFinding[] {
  const fix =
    "run `pulumi up`: its plan says what was changed by hand, and it puts back what the stack declares. If the change is wanted, write it into the stack file.";
  if (live === undefined) {
    return [{ kind: "missing-binding", what: place, detail: `expected it to bind ${declared.subjects.join(", ")}; it is not there`, fix }];
  }
  const role = `${live.roleRef.kind} ${live.roleRef.name}`;
  const wanted = `${declared.roleRef.kind} ${declared.roleRef.name}`;
  const subjects = [...new Set(live.subjects.map(subjectText))].sort(compareText);
  const more = subjects.filter((subject) => !declared.subjects.includes(subject));
  const fewer = declared.subjects.filter((subject) => !subjects.includes(subject));
  const details = [
    ...(role === wanted ? [] : [`expected role ${wanted}, got ${role}`]),
    ...(more.length === 0 ? [] : [`it binds ${more.join(", ")} as well`]),
    ...(fewer.length === 0 ? [] : [`it does not bind ${fewer.join(", ")}`]),
  ];
  return details.length === 0 ? [] : [{ kind: "changed-binding", what: place, detail: details.join("; "), fix }];
}

function shadowFinding(document: EnvironmentDocument, binding: LiveBinding, reached: readonly string[]): DriftFinding {
  const groups = groupSubjects(document);
  const people = reached.flatMap((subject) => groups.get(subject)?.members ?? []);
  const known = people.length === 0 ? "" : ` (members the stack lists: ${[...new Set(people)].sort(compareText).join(", ")})`;
  return {
    kind: "shadow-access",
    what: placeOf(binding),
    detail: `gives ${binding.roleRef.kind} ${binding.roleRef.name} to ${reached.join(", ")}${known}; the stack does not declare it`,
    fix: shadowFix(document, binding),
  };
}

function shadowFix(document: EnvironmentDocument, binding: LiveBinding): string {
  if (makerOf(document, binding) !== undefined) {
    return "take them out of the binding, or out of the chart's values: the chart made the binding, and others in it are its own.";
  }
  return binding.subjects.some(({ kind }) => kind === "ServiceAccount")
    ? "delete the binding, or write the access of groups and people into the stack file as grants. A program needs a role of its own, with what it needs and no more; one that rightly holds a platform's role stands under the platform's serviceAccounts."
    : "delete the binding, or write the access into the stack file as a grant.";
}

/** Under which names a binding gives a platform's own role that its people have no longer, since the stack took it over. */
function leftoverSubjects(
  document: EnvironmentDocument,
  { roleRef, subjects }: LiveBinding,
  reaches: ReturnType<typeof environmentReach>,
): LiveSubject[] {
  const roles = Object.values(document.platforms).flatMap(({ adoptedRoles }) => adoptedRoles ?? []);
  return roles.includes(roleRef.name)
    ? subjects.filter(
        (subject) =>
          (subject.kind === "User" || subject.kind === "Group") && !isReservedName(subject.name) && !reaches(subject, roleRef.name),
      )
    : [];
}

/** What is left of a platform from before the stack took it over: its own roles, under names that its people have no longer. */
function leftoverFinding(
  document: EnvironmentDocument,
  binding: LiveBinding,
  reaches: ReturnType<typeof environmentReach>,
): DriftFinding[] {
  const names = leftoverSubjects(document, binding, reaches).map(subjectText);
  return names.length === 0
    ? []
    : [
        {
          kind: "leftover-binding",
          what: placeOf(binding),
          detail: `gives ${binding.roleRef.kind} ${binding.roleRef.name} to ${names.join(", ")}, names without the platform's prefix, from before the stack took it over`,
          fix: "delete the binding. If something else signs in by that name and shall hold the role, bind it to a role of its own.",
        },
      ];
}
