import { compareText, stableJson, type PolicyRule } from "../../model";
import type { LabelSelector, RbacRole, RbacState } from "./state";

/**
 * The state as the controller will leave it: the rules of a ClusterRole with an aggregation rule are those of the roles that it
 * selects, in the order of their names, each once, and its own are overwritten (k8s.io/kubernetes v1.36.3,
 * pkg/controller/clusterroleaggregation). For a plan; a live cluster's roles have been filled in already.
 */
export function aggregated(state: RbacState): RbacState {
  const roles = new Map(state.roles.map((role) => [`${role.kind} ${role.namespace}/${role.name}`, role]));
  const gathering = [...roles].filter(([, { aggregation }]) => aggregation !== undefined);
  const sources = new Map(gathering.map(([key, role]) => [key, selected(role, state.roles)]));
  // A gathered role may be gathered again (view into edit into admin). Each turn carries rules one step further.
  for (let turn = 0; turn <= gathering.length; turn += 1) {
    let changed = false;
    for (const [key] of gathering) {
      const role = roles.get(key);
      const rules = gathered((sources.get(key) ?? []).flatMap((source) => roles.get(source)?.rules ?? []));
      if (role !== undefined && stableJson(role.rules) !== stableJson(rules)) {
        roles.set(key, { ...role, rules });
        changed = true;
      }
    }
    if (!changed) {
      break;
    }
  }
  return { bindings: state.bindings, roles: [...roles.values()] };
}

/** The keys of the ClusterRoles whose rules a role gathers, itself left out, in the controller's order. */
function selected(role: RbacRole, all: readonly RbacRole[]): string[] {
  if (role.aggregation === undefined) {
    return [];
  }
  const others = all
    .filter(({ kind, name }) => kind === "ClusterRole" && name !== role.name)
    .sort((left, right) => compareText(left.name, right.name));
  return role.aggregation.flatMap((selector) =>
    others.filter(({ labels }) => selects(selector, labels)).map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
  );
}

function gathered(rules: readonly PolicyRule[]): PolicyRule[] {
  return [...new Map(rules.map((rule) => [stableJson(rule), rule])).values()];
}

/** The names of the ClusterRoles that a role's rules are gathered from; empty for a role with rules of its own. */
export function aggregatedFrom(role: RbacRole, state: RbacState): RbacRole[] {
  const keys = new Set(selected(role, state.roles));
  return state.roles.filter(({ kind, namespace, name }) => keys.has(`${kind} ${namespace}/${name}`));
}

/** Whether a selector selects an object with these labels (apimachinery, LabelSelectorAsSelector and Requirement.Matches). */
export function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const has = (key: string): boolean => Object.hasOwn(labels, key);
  return (
    Object.entries(matchLabels).every(([key, value]) => has(key) && labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      switch (operator) {
        case "In":
          return has(key) && values.includes(labels[key] ?? "");
        case "NotIn":
          return !has(key) || !values.includes(labels[key] ?? "");
        case "Exists":
          return has(key);
        case "DoesNotExist":
          return !has(key);
        default:
          return false;
      }
    })
  );
}
