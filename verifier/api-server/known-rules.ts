import type { KubernetesUser } from "./rules";

/** The rules that Gatehouse writes into each AuthenticationConfiguration, so that a verdict about them needs no CEL to be loaded. */
const known: Readonly<Record<string, ((user: KubernetesUser) => boolean) | undefined>> = {
  "!user.username.startsWith('system:')": ({ username }) => !username.startsWith("system:"),
  "user.groups.all(group, !group.startsWith('system:'))": ({ groups }) => groups.every((group) => !group.startsWith("system:")),
};

/** What a well-known expression says about a user; undefined for any other expression. */
export function knownUserRule(expression: string): ((user: KubernetesUser) => boolean) | undefined {
  return Object.hasOwn(known, expression) ? known[expression] : undefined;
}
