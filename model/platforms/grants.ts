import { z } from "zod";
import { addProblem, describeReceived } from "../text/problems";
import { daySchema } from "../text/calendar-schemas";
import { dnsLabelSchema, keySchema, loginSchema } from "../text/names";
import { grantReviewFields } from "./reviews";
import type { GrantSpec, RoleDescription } from "./definition";
import { holderOf } from "./holder";

/** The `access` list of a platform with the given roles: roles checked by name, scopes by what the role needs, doubles refused. */
export function accessSchema<Roles extends Record<string, RoleDescription>>(roles: Roles) {
  return grantList(roles, grantSchema(roles));
}

/** The same for a platform that has workspaces as well as namespaces. */
export function workspaceAccessSchema<Roles extends Record<string, RoleDescription>>(roles: Roles) {
  const workspaces = z
    .array(dnsLabelSchema)
    .min(1, "at least one workspace")
    .max(500, "at most 500 workspaces")
    .optional()
    .describe("Where the role holds, for roles given by workspace.");
  return grantList(roles, grantSchema(roles).extend({ workspaces }));
}

function grantSchema<Roles extends Record<string, RoleDescription>>(roles: Roles) {
  const names = Object.keys(roles) as [Extract<keyof Roles, string>, ...Extract<keyof Roles, string>[]];
  return z.strictObject({
    group: keySchema.optional().describe("A key of gatehouse:groups."),
    user: loginSchema
      .optional()
      .describe("Instead of a group: the sign-in name of one person, where what their tokens will carry is known beforehand."),
    role: z.enum(names).describe(names.map((name) => `${name}: ${roles[name]?.permits ?? ""}`).join("; ")),
    namespaces: z
      .array(dnsLabelSchema)
      .min(1, "at least one namespace")
      .max(500, "at most 500 namespaces: grant a role of the whole cluster, or give some a stack of their own")
      .optional()
      .describe("Where the role holds, for roles given by namespace."),
    until: daySchema.optional().describe("The last day of the grant in UTC; it is taken away by the first up after it."),
    ...grantReviewFields,
  });
}

function grantList<Grant extends z.ZodType<GrantSpec>>(roles: Readonly<Record<string, RoleDescription>>, grant: Grant) {
  return z
    .array(grant)
    .min(1, "at least one grant: without one nobody could sign in")
    .superRefine((grants, context) => {
      grants.forEach((item, position) => {
        checkHolder(item, context, position);
        checkScope(item, roles[item.role], context, position);
      });
      checkDoubles(grants, context);
    });
}

function checkHolder({ group, user }: GrantSpec, context: z.core.$RefinementCtx, position: number): void {
  if ((group === undefined) === (user === undefined)) {
    addProblem(context, group === undefined ? [position, "group"] : [position], {
      expected: "exactly one of group (a key of gatehouse:groups) and user (the sign-in name of one person)",
      received: group === undefined ? "nothing" : "both",
    });
  }
}

function checkScope(grant: GrantSpec, role: RoleDescription | undefined, context: z.core.$RefinementCtx, position: number): void {
  if (role?.scope === "namespaced" && grant.namespaces === undefined) {
    addProblem(context, [position, "namespaces"], {
      expected: `the namespaces in which the role '${grant.role}' holds`,
      received: "nothing",
      fix: "add namespaces: [name, ...]",
    });
  }
  if (role?.scope === "workspace" && grant.workspaces === undefined) {
    addProblem(context, [position, "workspaces"], {
      expected: `the workspaces in which the role '${grant.role}' holds`,
      received: "nothing",
      fix: "add workspaces: [name, ...]",
    });
  }
  const unfit = [
    { key: "namespaces", list: grant.namespaces, by: "namespaced", word: "namespace" },
    { key: "workspaces", list: grant.workspaces, by: "workspace", word: "workspace" },
  ] as const;
  for (const { key, list, by, word } of unfit) {
    if (role !== undefined && role.scope !== by && list !== undefined) {
      addProblem(context, [position, key], {
        expected: `no ${key}: the role '${grant.role}' holds in ${{ cluster: "the whole platform", namespaced: "namespaces", workspace: "workspaces" }[role.scope]}`,
        received: `a list of ${list.length}`,
        fix: `remove the key, or give a role that is granted by ${word}`,
      });
    }
  }
}

/** The same group, role and namespace twice: the later line would silently decide about `until`. */
function checkDoubles(grants: readonly GrantSpec[], context: z.core.$RefinementCtx): void {
  const seen = new Map<string, number>();
  grants.forEach((grant, position) => {
    for (const key of ["namespaces", "workspaces"] as const) {
      const again = (grant[key] ?? []).findIndex((place, index, places) => places.indexOf(place) < index);
      if (again >= 0) {
        addProblem(context, [position, key, again], {
          expected: `each ${key === "namespaces" ? "namespace" : "workspace"} once`,
          received: describeReceived(grant[key]?.[again], []),
          fix: "remove the second one",
        });
      }
    }
    for (const place of new Set(grant.namespaces ?? grant.workspaces ?? [""])) {
      const key = JSON.stringify([holderOf(grant), grant.role, place]);
      const earlier = seen.get(key);
      if (earlier !== undefined) {
        const where = place === "" ? "" : ` in ${grant.namespaces === undefined ? "workspace" : "namespace"} '${place}'`;
        addProblem(context, [position], {
          expected: `each grant once; access[${earlier}] already gives '${grant.role}' to '${holderOf(grant)}'${where}`,
          received: "the same grant again",
          fix: "keep one of the two",
        });
        return;
      }
      seen.set(key, position);
    }
  });
}
