import { z } from "zod";
import { addProblem } from "../problems";
import { daySchema, dnsLabelSchema, keySchema } from "../primitives";
import type { GrantSpec, RoleDescription } from "./definition";

/** The `access` list of a platform with the given roles: roles checked by name, scopes by what the role needs, doubles refused. */
export function accessSchema<Roles extends Record<string, RoleDescription>>(roles: Roles) {
  const names = Object.keys(roles) as [Extract<keyof Roles, string>, ...Extract<keyof Roles, string>[]];
  const grant = z.strictObject({
    group: keySchema.describe("A key of gatehouse:groups."),
    role: z.enum(names).describe(names.map((name) => `${name}: ${roles[name]?.permits ?? ""}`).join("; ")),
    namespaces: z
      .array(dnsLabelSchema)
      .min(1, "at least one namespace")
      .optional()
      .describe("Where the role holds, for roles given by namespace."),
    until: daySchema.optional().describe("The last day of the grant in UTC; it is taken away by the first up after it."),
  });
  return z
    .array(grant)
    .min(1, "at least one grant: without one nobody could sign in")
    .superRefine((grants, context) => {
      grants.forEach((item, position) => checkScope(item, roles[item.role], context, position));
      checkDoubles(grants, context);
    });
}

function checkScope(grant: GrantSpec, role: RoleDescription | undefined, context: z.core.$RefinementCtx, position: number): void {
  if (role?.scope === "namespaced" && grant.namespaces === undefined) {
    addProblem(context, [position, "namespaces"], {
      expected: `the namespaces in which the role '${grant.role}' holds`,
      received: "nothing",
      fix: "add namespaces: [name, ...]",
    });
  }
  if (role?.scope === "cluster" && grant.namespaces !== undefined) {
    addProblem(context, [position, "namespaces"], {
      expected: `no namespaces: the role '${grant.role}' holds in the whole platform`,
      received: `a list of ${grant.namespaces.length}`,
      fix: "remove the key, or give a role that is granted by namespace",
    });
  }
}

/** The same group, role and namespace twice: the later line would silently decide about `until`. */
function checkDoubles(grants: readonly GrantSpec[], context: z.core.$RefinementCtx): void {
  const seen = new Map<string, number>();
  grants.forEach((grant, position) => {
    for (const namespace of grant.namespaces ?? [""]) {
      const key = JSON.stringify([grant.group, grant.role, namespace]);
      const earlier = seen.get(key);
      if (earlier !== undefined) {
        const where = namespace === "" ? "" : ` in namespace '${namespace}'`;
        addProblem(context, [position], {
          expected: `each grant once; access[${earlier}] already gives '${grant.role}' to '${grant.group}'${where}`,
          received: "the same grant again",
          fix: "keep one of the two",
        });
        return;
      }
      seen.set(key, position);
    }
  });
}
