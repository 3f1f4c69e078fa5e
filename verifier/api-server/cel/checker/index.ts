/**
 * The types of a CEL expression, as the API server works them out when it loads its configuration: what they do not allow is refused there
 * before any token comes. It evaluates nothing; that is the folder above.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import { Checked } from "./check";
import { expanded } from "./expand";
import { validate } from "./validate";

/** What an expression over `claims` or `user` may name. */
const variables = {
  claims: { claims: "map(string, any)" },
  user: { user: "kubernetes.UserInfo" },
};

/**
 * The type of an expression, as cel-go's checker finds it: that of cel-js knows other types of claims, optionals and lists.
 * @throws Error why the API server refuses the expression
 */
export function checkedType(root: ASTNode, variable: keyof typeof variables): string {
  const checked = new Checked(expanded(root), variables[variable]);
  validate(checked);
  return checked.typeOf(checked.root).text;
}
