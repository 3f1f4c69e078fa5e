import { platformOf, type BindingTarget, type PlatformSpec } from "../platforms";
import { compareText } from "../text/stable-order";

/** A binding as a cluster has it. */
export interface PresentBinding {
  readonly kind: BindingTarget["kind"];
  readonly name: string;
  readonly namespace?: string;
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string }[];
}

/** `Group` or `User`, by the name that RBAC sees. */
type Subject = PresentBinding["subjects"][number];

/** What one subject holds by one binding. */
export interface HeldAccess {
  readonly subject: Subject;
  readonly role: { readonly kind: string; readonly name: string };
  /** Left out: in the whole cluster. */
  readonly namespace?: string;
  /** The object that gives it. */
  readonly binding: string;
}

/** A grant that bindings of a cluster amount to. */
export interface AdoptedGrant {
  /** The group, or the person, by the name that RBAC sees. */
  readonly subject: Subject;
  readonly role: string;
  readonly namespaces?: readonly string[];
}

/** What a cluster gives to the people of one platform, as grants and as what no grant says. */
export interface AdoptedAccess {
  /** All that is held today, sorted. */
  readonly held: readonly HeldAccess[];
  readonly grants: readonly AdoptedGrant[];
  /** What no grant says, and so stays with the objects that give it. */
  readonly left: readonly HeldAccess[];
}

/**
 * Reads bindings as grants. A role counts where every binding that it needs is there: half of one is no grant, since the whole would be
 * more than there was.
 * @param concerns whether a subject is somebody whom this platform's tokens can name
 * @param grantable whether a grant can be given to a subject; left out: to groups
 */
export function adoptedAccess(
  spec: PlatformSpec,
  bindings: readonly PresentBinding[],
  concerns: (subject: Subject, role: string) => boolean,
  grantable: (subject: Subject) => boolean = ({ kind }) => kind === "Group",
): AdoptedAccess {
  const held = bindings
    .flatMap((binding) =>
      binding.subjects
        .filter((subject) => (subject.kind === "Group" || subject.kind === "User") && concerns(subject, binding.roleRef.name))
        .map((subject): HeldAccess => ({ subject, role: binding.roleRef, namespace: binding.namespace, binding: placeOf(binding) })),
    )
    .sort((left, right) => compareText(keyOf(left), keyOf(right)));
  const present = new Set(held.map(accessKey));
  const subjects = new Map(held.filter(({ subject }) => grantable(subject)).map(({ subject }) => [subjectKey(subject), subject]));
  const found = [...subjects.values()].flatMap((subject) =>
    Object.entries(platformOf(spec).roles).flatMap(([role, { scope }]) =>
      scope === "cluster"
        ? clusterGrant(spec, present, subject, role)
        : scope === "namespaced"
          ? namespacedGrant(spec, { held, present }, subject, role)
          : [],
    ),
  );
  const covered = new Set(found.flatMap(({ covers }) => covers));
  return { held, grants: found.map(({ grant }) => grant), left: held.filter((access) => !covered.has(accessKey(access))) };
}

interface Found {
  readonly grant: AdoptedGrant;
  /** Keys of what the grant gives. */
  readonly covers: readonly string[];
}

function clusterGrant(spec: PlatformSpec, present: ReadonlySet<string>, subject: Subject, role: string): Found[] {
  const covers = keysOf(platformOf(spec).bindings(spec, { group: subject.name, role }), subject);
  return isHeld(covers, present) ? [{ grant: { subject, role }, covers }] : [];
}

function namespacedGrant(
  spec: PlatformSpec,
  { held, present }: { readonly held: readonly HeldAccess[]; readonly present: ReadonlySet<string> },
  subject: Subject,
  role: string,
): Found[] {
  const own = subjectKey(subject);
  const places = [
    ...new Set(held.flatMap((access) => (subjectKey(access.subject) === own && access.namespace !== undefined ? [access.namespace] : []))),
  ];
  const found = places
    .sort(compareText)
    .map((namespace) => ({
      namespace,
      covers: keysOf(platformOf(spec).bindings(spec, { group: subject.name, role, namespaces: [namespace] }), subject),
    }))
    .filter(({ covers }) => isHeld(covers, present));
  return found.length === 0
    ? []
    : [
        {
          grant: { subject, role, namespaces: found.map(({ namespace }) => namespace) },
          covers: found.flatMap(({ covers }) => covers),
        },
      ];
}

/** @param present keys of all that is held */
function isHeld(keys: readonly string[], present: ReadonlySet<string>): boolean {
  return keys.length > 0 && keys.every((key) => present.has(key));
}

function keysOf(targets: readonly BindingTarget[], subject: Subject): string[] {
  return targets.map(({ namespace, roleRef }) => accessKey({ subject, role: roleRef, namespace }));
}

/** One text for one subject. */
export function subjectKey({ kind, name }: Subject): string {
  return `${kind} ${name}`;
}

/** What is held, whichever object gives it. */
export function accessKey({ subject, role, namespace }: Omit<HeldAccess, "binding">): string {
  return `${subjectKey(subject)}: ${role.kind} ${role.name} ${namespace === undefined ? "in the cluster" : `in ${namespace}`}`;
}

function keyOf(access: HeldAccess): string {
  return `${accessKey(access)}\n${access.binding}`;
}

function placeOf({ kind, namespace, name }: PresentBinding): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
