import { platforms } from "../../../model";
import { InvalidRbacObjectError, readRbacObjects, type RbacState } from "../../../verifier/rbac";
import { isUnknown, type ResourceState } from "../../engine";

/** The plan's RBAC on both sides, as far as it stands in resources of its own, and what about it cannot be decided. */
export interface PlannedRbac {
  readonly before: RbacState;
  readonly after: RbacState;
  readonly releases: readonly ResourceState[];
  readonly undecided: readonly string[];
}

const release = "kubernetes:helm.sh/v3:Release";
const rbac = /^kubernetes:rbac\.authorization\.k8s\.io\/[^:]+:(Role|ClusterRole|RoleBinding|ClusterRoleBinding)$/;
/** API groups in which nothing but the API server and its own controllers acts. */
const ownGroups = /^(core|apps|batch|autoscaling|policy|[a-z.]+\.k8s\.io)$/;

/** Groups, users and bindings of a platform's own access control are compared by what the environment declares. */
const comparedElsewhere = new Set(Object.values(platforms).flatMap(({ bindingApi }) => bindingApi?.group ?? []));

/** Reads the RBAC of a plan. Pure. */
export function plannedRbac(states: readonly ResourceState[]): PlannedRbac {
  const bindings = states.filter(({ type }) => rbac.test(type));
  const undecided: string[] = [];
  const side = (pick: (state: ResourceState) => ResourceState["before"]): RbacState =>
    readAll(
      bindings.flatMap((state) => pick(state) ?? []),
      undecided,
    );
  const before = side((state) => state.before);
  const after = side((state) => state.after);
  return {
    before,
    after: withoutUnknown(after, undecided),
    releases: states.filter(({ type }) => type === release),
    undecided: [...undecided, ...states.filter(({ changed }) => changed).flatMap(undecidable)],
  };
}

function readAll(objects: readonly unknown[], undecided: string[]): RbacState {
  try {
    return readRbacObjects(objects);
  } catch (error) {
    if (!(error instanceof InvalidRbacObjectError)) {
      throw error;
    }
    undecided.push(error.message);
    return { roles: [], bindings: [] };
  }
}

/** A subject that is known only after the update cannot be compared, and says so. */
function withoutUnknown(state: RbacState, undecided: string[]): RbacState {
  return {
    roles: state.roles.filter((role) => {
      const unknown = [role.name, role.namespace, ...role.rules.flatMap((rule) => Object.values(rule).flat() as string[])].some(isUnknown);
      if (unknown) {
        undecided.push(
          `${role.kind} ${isUnknown(role.name) ? "(known after the update)" : role.name}: parts of its rules are known only after the update.`,
        );
      }
      return !unknown;
    }),
    bindings: state.bindings.map((binding) => {
      const known = binding.subjects.filter(({ name, namespace }) => !isUnknown(name) && !isUnknown(namespace));
      if (known.length < binding.subjects.length || isUnknown(binding.roleRef.name)) {
        undecided.push(`${binding.kind} ${binding.name}: whom it binds, or to what, is known only after the update.`);
      }
      return { ...binding, subjects: known };
    }),
  };
}

/** Why a changed resource may give access that no comparison of rules shows. */
function undecidable({ type, name, after }: ResourceState): string[] {
  if (after === undefined) {
    return [];
  }
  const [provider = "", module = "", kind = ""] = type.split(":");
  if (provider === "pulumi-nodejs" || provider === "pulumi-python" || provider === "command") {
    return [`${name} (${type}): what a program of the plan does is not known.`];
  }
  if (provider !== "kubernetes" || type === release) {
    return [];
  }
  const group = module.split("/")[0] ?? "";
  if (group.startsWith("rbac.")) {
    return kind.endsWith("Patch") ? [`${kind} ${name}: a patch of an object whose other parts are not in the plan.`] : [];
  }
  if (group === "admissionregistration.k8s.io" || group === "apiregistration.k8s.io") {
    return [`${kind} ${name}: it can change what others write, or answer in the place of an API.`];
  }
  return ownGroups.test(group) || comparedElsewhere.has(group) || group === "helm.sh" || group === "yaml"
    ? []
    : [`${kind} ${name} (${group}): what its controller grants is not known.`];
}
