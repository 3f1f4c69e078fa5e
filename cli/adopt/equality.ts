/** Why a stack would not leave access as it is: each thing that needs a person's decision first. Pure. */
import { identityProviderFacts, platformOf, type Environment, type FoundClient, type FoundPlatform, type Problem } from "../../model";
import type { FoundAccess } from "./access";

/** Who could sign in, or carried a group, and would not any more; or the other way round. */
export function signInProblems({ assigned, carries, keepsAssignments }: FoundClient, { access, groups }: FoundAccess): Problem[] {
  const granted = [...groups.values()];
  const ids = new Set(granted.map(({ id }) => id));
  return [
    ...(keepsAssignments ? [] : (assigned ?? []))
      .filter(({ id }) => !ids.has(id))
      .map(({ name }) => ({
        path: ["client", "assignments"],
        expected: `each assigned group to hold a role, since the stack assigns those that do; '${name}' may sign in`,
        received: "no role",
        fix: "bind it to a role, or remove its assignment first",
      })),
    ...granted
      .filter(({ id }) => assigned !== undefined && !assigned.some((group) => group.id === id))
      .map(({ name }) => ({
        path: ["client", "assignments"],
        expected: `each group with a role to be assigned to the client, since the stack assigns it; '${name}' holds one`,
        received: "no assignment, so its members cannot sign in today",
        fix: "assign it first, or delete its bindings",
      })),
    ...granted
      .filter((group) => !carries(group))
      .map(({ name }) => ({
        path: ["client", "claim"],
        expected: `tokens to carry '${name}', which holds a role`,
        received: "a claim that leaves it out, so its bindings give nobody anything today",
        fix: "let the claim carry it first, or delete its bindings",
      })),
    ...leftGroups({ access, groups }).map((subject) => ({
      path: ["access"],
      expected: `a role that a grant can give, since tokens carry groups with a grant alone; ${subject} holds others`,
      received: access.left
        .filter((left) => left.subject.name === subject)
        .map(({ role, binding }) => `${role.kind} ${role.name} by ${binding}`)
        .join(", "),
      fix: `complete the bindings of one of the platform's roles for it (docs/adoption.md), or delete them`,
    })),
  ];
}

/** What keeps tokens out today, and would not any more. */
export function requiredClaimProblems({ requiredClaims = {} }: FoundPlatform, own: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(requiredClaims)
    .filter(([claim, value]) => own[claim] !== value)
    .map(([claim]) => ({
      path: ["requiredClaims", claim],
      expected: `no required claim beside those of the stack (${Object.keys(own).join(", ") || "none"}), or more tokens would be accepted than today`,
      received: claim,
      fix: "let the identity provider decide who may have tokens of the client (assign its groups, or a sign-in flow), and remove the rule",
    }));
}

function leftGroups({ access: { left }, groups }: Pick<FoundAccess, "access" | "groups">): string[] {
  return [
    ...new Set(left.filter(({ subject }) => subject.kind === "Group" && !groups.has(subject.name)).map(({ subject }) => subject.name)),
  ];
}

/** What stays with bindings made by hand must go on reaching whom it reaches. */
export function leftProblems(
  { access: { left }, groups }: FoundAccess,
  { found: { prefixes }, keepsUserNames }: { readonly found: FoundPlatform; readonly keepsUserNames: boolean },
): Problem[] {
  const people = keepsUserNames
    ? []
    : [...new Set(left.filter(({ subject }) => subject.kind === "User").map(({ subject }) => subject.name))];
  const renamed = !prefixes.keepsGroup;
  return [
    ...people.map((name) => ({
      path: ["access"],
      expected: "a role that a grant can give, to a person whom the identity provider knows by that name: RBAC will see another one",
      received: `User ${name}, bound by ${left
        .filter(({ subject }) => subject.name === name)
        .map(({ binding }) => binding)
        .join(", ")}`,
      fix: "complete the bindings of one of the platform's roles for them, or put them into a group that holds it, and delete the binding",
    })),
    ...(renamed
      ? left
          .filter(({ subject }) => subject.kind === "Group" && groups.has(subject.name))
          .map(({ subject, role, binding }) => ({
            path: ["access"],
            expected: `every binding of ${subject.name} to be a grant, since its name gets a prefix`,
            received: `${role.kind} ${role.name} by ${binding}`,
            fix: "complete the role's bindings, or delete this one",
          }))
      : []),
  ];
}

export function noGrants({ access: { left }, strangers }: FoundAccess): Problem {
  return {
    path: ["access"],
    expected: "a group, or a person, that holds a role of the platform",
    received:
      left.length === 0
        ? `no binding that reaches anybody${strangers.length === 0 ? "" : `, but bindings of ${strangers.map(({ name }) => name).join(", ")}, whom the identity provider does not know`}`
        : left.map(({ subject, binding }) => `${subject.kind} ${subject.name} by ${binding}`).join(", "),
    fix: "make a group at the identity provider for the people who have access, bind it to the same roles, then adopt",
  };
}

/** The redirects that the stack registers for a platform. */
export function ownRedirects({ platforms, idp }: Environment, platform: string): readonly string[] {
  const spec = platforms[platform];
  return spec === undefined ? [] : platformOf(spec).requirements(spec, identityProviderFacts(idp)).redirectUris;
}

/** A client that signs people in at another installation too: the stack would leave that one without its redirect. */
export function sharedClientProblems({ redirectUris }: FoundClient, environment: Environment, platform: string): Problem[] {
  const own = ownRedirects(environment, platform);
  const callbacks = new Set(own.map(callbackOf));
  return redirectUris
    .filter((uri) => !own.includes(uri) && callbackOf(uri) !== undefined && callbacks.has(callbackOf(uri)))
    .map((uri) => ({
      path: ["client", "redirects"],
      expected: `a client of this installation alone, whose redirects are ${own.join(", ")}`,
      received: `${uri}, of another installation`,
      fix: "give the other one a client of its own; where it is an old address of this one, remove it",
    }));
}

/** The end of a callback's path, which all installations of one kind have alike: `oidc/redirect`. */
function callbackOf(uri: string): string | undefined {
  const segments = URL.canParse(uri) ? new URL(uri).pathname.split("/").filter((segment) => segment !== "") : [];
  return segments.length < 2 ? undefined : segments.slice(-2).join("/");
}
