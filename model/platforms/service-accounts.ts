/** Programs that hold a platform's role by a service account: known to the stack, bound by whoever runs them. docs/decisions. */
import { z } from "zod";
import { daySchema } from "../text/calendar-schemas";
import { dnsLabelSchema, objectNameSchema } from "../text/names";
import { addProblem, describeReceived } from "../text/problems";
import type { RoleDescription, ServiceAccountSpec } from "./definition";
import { ownerSchema } from "./reviews";

const form = "a service account as namespace/name, such as ci/deployer";

const accountSchema = z.string(form).refine((text) => {
  const [namespace, name, ...rest] = text.split("/");
  return rest.length === 0 && dnsLabelSchema.safeParse(namespace).success && objectNameSchema.safeParse(name).success;
}, form);

/** The `serviceAccounts` list of a platform with the given roles. */
export function serviceAccountsSchema<Roles extends Record<string, RoleDescription>>(roles: Roles) {
  const names = Object.keys(roles) as [Extract<keyof Roles, string>, ...Extract<keyof Roles, string>[]];
  const account = z.strictObject({
    account: accountSchema.describe("namespace/name of the service account."),
    role: z.enum(names).describe("The platform's role that it holds."),
    namespaces: z
      .array(dnsLabelSchema)
      .min(1, "at least one namespace")
      .max(500, "at most 500 namespaces")
      .optional()
      .describe("Where it holds the role, for roles given by namespace."),
    owner: ownerSchema.describe("Who answers for the program: a name, an address or a team."),
    until: daySchema.optional().describe("The last day in UTC; from the day after, drift names its bindings."),
  });
  return z
    .array(account)
    .min(1, "at least one service account, or the key left out")
    .max(200, "at most 200 service accounts")
    .superRefine((accounts, context) => {
      accounts.forEach((item, position) => {
        checkScope(item, roles[item.role], context, position);
      });
      checkDoubles(accounts, context);
    })
    .optional()
    .describe(
      "Programs that hold a role of the platform. Whoever runs them binds them; drift names neither those bindings nor asks for them, and reports list them.",
    );
}

function checkScope(
  { role, namespaces }: ServiceAccountSpec,
  description: RoleDescription | undefined,
  context: z.core.$RefinementCtx,
  position: number,
): void {
  const byNamespace = description?.scope === "namespaced";
  if (byNamespace === (namespaces === undefined)) {
    addProblem(context, [position, "namespaces"], {
      expected: byNamespace ? `the namespaces in which the role '${role}' is held` : `no namespaces: the role '${role}' holds everywhere`,
      received: namespaces === undefined ? "nothing" : `a list of ${namespaces.length}`,
      fix: byNamespace ? "add namespaces: [name, ...]" : "remove the key, or name a role that is given by namespace",
    });
  }
}

/** One account, role and place twice: which end counts would be a guess. */
function checkDoubles(accounts: readonly ServiceAccountSpec[], context: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  accounts.forEach(({ account, role, namespaces = [""] }, position) => {
    const keys = namespaces.map((namespace) => JSON.stringify([account, role, namespace]));
    if (keys.some((key) => seen.has(key)) || new Set(keys).size < keys.length) {
      addProblem(context, [position], {
        expected: "each service account, role and namespace once",
        received: describeReceived(account, []),
        fix: "keep one of the two",
      });
    }
    keys.forEach((key) => seen.add(key));
  });
}
