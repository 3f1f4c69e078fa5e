import type { EnvironmentDocument } from "../../model";
import type { RbacBinding, RbacState } from "./state";

/** The RBAC bindings that an environment declares, with all of their subjects; the roles are the chart's and the cluster's. */
export function declaredBindings(document: EnvironmentDocument): RbacState {
  const bindings = new Map<string, RbacBinding>();
  for (const { subject, bindings: declared } of document.access) {
    for (const { kind, name, namespace = "", roleRef } of declared) {
      if (kind === "ClusterRoleBinding" || kind === "RoleBinding") {
        const key = `${kind} ${namespace}/${name}`;
        const subjects = [...(bindings.get(key)?.subjects ?? []), { ...subject, namespace: "" }];
        bindings.set(key, { kind, namespace, name, roleRef, subjects });
      }
    }
  }
  return { roles: [], bindings: [...bindings.values()] };
}

/** A group of the environment under the name that one platform's RBAC has for it. */
export interface GroupSubject {
  readonly platform: string;
  /** Key of the group. */
  readonly group: string;
  readonly displayName: string;
  /** What a token carries. */
  readonly claimValue: string;
  readonly claim: string;
  readonly prefix: string;
  /** What RBAC names. */
  readonly subject: string;
  /** Sign-in names; undefined where others own the membership. */
  readonly members?: readonly string[];
}

/** Every group of the environment at every platform that reads groups. */
export function groupSubjects(document: EnvironmentDocument): GroupSubject[] {
  return Object.entries(document.platforms).flatMap(
    ([
      platform,
      {
        groups: { claim, prefix },
        groupsFrom,
      },
    ]) =>
      claim === ""
        ? []
        : Object.entries(document.groups).map(([group, { displayName, claimValue, members }]) => ({
            platform,
            group,
            displayName,
            claimValue,
            claim,
            prefix,
            subject: `${prefix}${groupsFrom === "directory" ? displayName : claimValue}`,
            ...(members !== undefined && { members }),
          })),
  );
}

/** The subjects that a person is, by sign-in name, as far as the stack owns the membership: `Group okta:admins`, `User ana`. */
export function peopleOf(document: EnvironmentDocument): Record<string, string[]> {
  const people = new Map<string, Set<string>>();
  const add = (login: string, key: string): void => void people.set(login, (people.get(login) ?? new Set<string>()).add(key));
  for (const { members = [], subject } of groupSubjects(document)) {
    members.forEach((login) => add(login, `Group ${subject}`));
  }
  for (const { person, subject } of document.access) {
    if (person !== undefined) {
      add(person.login, `${subject.kind} ${subject.name}`);
    }
  }
  return Object.fromEntries([...people].map(([login, keys]) => [login, [...keys]]));
}
