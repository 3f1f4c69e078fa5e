/** The people of a platform that takes them one by one: what of each is there already, under the names that the program gives. Pure. */
import {
  bindingPlace,
  expandPeople,
  userHolder,
  type Environment,
  type FoundPlatform,
  type GroupMembers,
  type PersonAccess,
  type PresentBinding,
  type Problem,
  type TakenPerson,
} from "../../model";
import type { FoundAccess } from "./access";

/** The people whom a stack would look after. */
export interface AdoptedPeople {
  /** With all that the stack gives them. */
  readonly people: readonly PersonAccess[];
  /** With what is there of it. */
  readonly taken: readonly TakenPerson[];
  /** The bindings that become the stack's own, for people: `RoleBinding shop/ana-operator`. */
  readonly objects: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

export const nobody: AdoptedPeople = { people: [], taken: [], objects: new Set(), problems: [] };

/** Empty for a platform that reads groups. */
export function adoptedPeople(
  environment: Pick<Environment, "platforms">,
  platform: string,
  { held, found, bindings }: { readonly held: FoundAccess; readonly found: FoundPlatform; readonly bindings: readonly PresentBinding[] },
): AdoptedPeople {
  const members: GroupMembers = Object.fromEntries([...held.people.values()].map((person) => [userHolder(person.login), [person]]));
  const people = expandPeople(environment, platform, members);
  const there = new Map(bindings.map((binding) => [bindingPlace(binding), binding]));
  const all = people.flatMap((person) =>
    person.bindings.flatMap((binding) => {
      const present = there.get(bindingPlace(binding));
      return present === undefined ? [] : [{ person, binding, present, isSame: isSame(person, binding, present) }];
    }),
  );
  return {
    people,
    taken: people.map((person) => ({
      username: person.username,
      hasPassword: found.accounts?.some(({ name, hasPassword }) => name === person.username && hasPassword) === true,
      bindings: all
        .filter((one) => one.person === person && one.isSame)
        .map(({ binding: { kind, name, namespace, workspace, roleRef } }) => ({
          kind,
          name,
          namespace,
          workspace,
          roleName: roleRef.name,
        })),
    })),
    objects: new Set(all.filter((one) => one.isSame).map(({ binding }) => bindingPlace(binding))),
    problems: all.filter((one) => !one.isSame).map(({ person, present }) => otherContent(person, present)),
  };
}

type Binding = PersonAccess["bindings"][number];

/** Whether the object gives this person this role, and nobody else anything. */
function isSame({ username }: PersonAccess, { roleRef, workspace }: Binding, present: PresentBinding): boolean {
  const [subject] = present.subjects;
  const sameRole = present.roleRef.kind === roleRef.kind && present.roleRef.name === roleRef.name && present.workspace === workspace;
  return sameRole && present.subjects.length === 1 && subject?.kind === "User" && subject.name === username;
}

function otherContent({ username }: PersonAccess, present: PresentBinding): Problem {
  const subjects = present.subjects.map(({ kind, name }) => `${kind} ${name}`);
  return {
    path: ["access"],
    expected: `${bindingPlace(present)}, whose name is that of the stack's own, to give ${username} alone the role of its name`,
    received: `${present.roleRef.kind} ${present.roleRef.name} for ${subjects.length === 0 ? "nobody" : subjects.join(", ")}`,
    fix: "make the same binding under another name, then delete this one",
  };
}
