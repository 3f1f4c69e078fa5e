import { platformOf, type BindingTarget, type PlatformSpec } from "../platforms";
import { compareText } from "../text/stable-order";

/** A binding as a cluster has it. */
export interface PresentBinding {
  readonly kind: BindingTarget["kind"];
  readonly name: string;
  readonly namespace?: string;
  /** Of a WorkspaceRoleBinding. */
  readonly workspace?: string;
  /** Of a platform's own RoleBinding; left out: Kubernetes' own. */
  readonly apiGroup?: string;
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string }[];
}

/** `Group` or `User`, by the name that RBAC sees. */
type Subject = PresentBinding["subjects"][number];

/** What one subject holds by one binding. */
export interface HeldAccess {
  readonly subject: Subject;
  readonly role: { readonly kind: string; readonly name: string };
  /** Without a namespace and a workspace: in the whole cluster. */
  readonly namespace?: string;
  readonly workspace?: string;
  /** The object that gives it. */
  readonly binding: string;
}

/** A grant that bindings of a cluster amount to. */
export interface AdoptedGrant {
  /** The group, or the person, by the name that RBAC sees. */
  readonly subject: Subject;
  readonly role: string;
  readonly namespaces?: readonly string[];
  readonly workspaces?: readonly string[];
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
        .map((subject): HeldAccess => ({
          ...{ subject, role: binding.roleRef, namespace: binding.namespace, workspace: binding.workspace },
          binding: bindingPlace(binding),
        })),
    )
    .sort((left, right) => compareText(keyOf(left), keyOf(right)));
  const subjects = new Map(held.filter(({ subject }) => grantable(subject)).map(({ subject }) => [subjectKey(subject), subject]));
  const found = [...subjects.values()].flatMap((subject) => grantsOf(spec, held, subject));
  const covered = new Set(found.flatMap(({ covers }) => covers));
  return { held, grants: found.map(({ grant }) => grant), left: held.filter((access) => !covered.has(accessKey(access))) };
}

interface Found {
  readonly grant: AdoptedGrant;
  /** Keys of what the grant gives. */
  readonly covers: readonly string[];
}

/** A place where a role can hold; empty for the whole cluster. */
interface Place {
  readonly namespace?: string;
  readonly workspace?: string;
}

/** What one subject holds, role by role. A platform that takes people one by one gives each the strongest role in a place, and no second one. */
function grantsOf(spec: PlatformSpec, held: readonly HeldAccess[], subject: Subject): Found[] {
  const definition = platformOf(spec);
  const present = new Set(held.map(accessKey));
  const own = subjectKey(subject);
  const places: Place[] = held
    .filter((access) => subjectKey(access.subject) === own)
    .map(({ namespace, workspace }) => (namespace === undefined ? (workspace === undefined ? {} : { workspace }) : { namespace }));
  const taken = new Set<string>();
  return Object.entries(definition.roles).flatMap(([role, { scope }]) => {
    const found = distinct(
      scope === "cluster" ? [{}] : places.filter((place) => (scope === "workspace" ? place.workspace : place.namespace)),
    )
      .map((place) => ({ place, covers: coversOf(spec, subject, role, place) }))
      .filter(({ place, covers }) => isHeld(covers, present) && !(definition.people !== undefined && taken.has(textOf(place))));
    found.forEach(({ place }) => taken.add(textOf(place)));
    return found.length === 0
      ? []
      : [{ grant: { subject, role, ...whereOf(found.map(({ place }) => place)) }, covers: found.flatMap(({ covers }) => covers) }];
  });
}

function distinct(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [textOf(place), place])).entries()]
    .sort(([left], [right]) => compareText(left, right))
    .map(([, place]) => place);
}

function textOf({ namespace, workspace }: Place): string {
  return namespace === undefined ? (workspace === undefined ? "in the cluster" : `in workspace ${workspace}`) : `in ${namespace}`;
}

function whereOf(places: readonly Place[]): Pick<AdoptedGrant, "namespaces" | "workspaces"> {
  const namespaces = places.flatMap(({ namespace }) => namespace ?? []);
  const workspaces = places.flatMap(({ workspace }) => workspace ?? []);
  return { ...(namespaces.length === 0 ? {} : { namespaces }), ...(workspaces.length === 0 ? {} : { workspaces }) };
}

function coversOf(spec: PlatformSpec, subject: Subject, role: string, { namespace, workspace }: Place): string[] {
  const where = {
    ...(namespace === undefined ? {} : { namespaces: [namespace] }),
    ...(workspace === undefined ? {} : { workspaces: [workspace] }),
  };
  return keysOf(platformOf(spec).bindings(spec, { group: subject.name, role, ...where }), subject);
}

/** @param present keys of all that is held */
function isHeld(keys: readonly string[], present: ReadonlySet<string>): boolean {
  return keys.length > 0 && keys.every((key) => present.has(key));
}

function keysOf(targets: readonly BindingTarget[], subject: Subject): string[] {
  return targets.map(({ namespace, workspace, roleRef }) => accessKey({ subject, role: roleRef, namespace, workspace }));
}

/** One text for one subject. */
export function subjectKey({ kind, name }: Subject): string {
  return `${kind} ${name}`;
}

/** What is held, whichever object gives it. */
export function accessKey({ subject, role, ...place }: Omit<HeldAccess, "binding">): string {
  return `${subjectKey(subject)}: ${role.kind} ${role.name} ${textOf(place)}`;
}

function keyOf(access: HeldAccess): string {
  return `${accessKey(access)}\n${access.binding}`;
}

/** An object for people: `RoleBinding shop/operators`. */
export function bindingPlace({ kind, namespace, name }: Pick<PresentBinding, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
