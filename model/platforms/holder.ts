import type { GrantSpec } from "./definition";

/** What the one person of a grant is called where a group's key stands otherwise: no key has a colon. */
export function userHolder(user: string): string {
  return `user:${user}`;
}

/** Who holds a grant: the key of a group, or `user:` and a person's sign-in name. */
export function holderOf({ group, user }: Pick<GrantSpec, "group" | "user">): string {
  return group ?? userHolder(user ?? "");
}

/** The user name at a platform that takes people one by one, where the stack writes no other. */
export function defaultUsername(login: string): string {
  return (login.split("@")[0] ?? login).toLowerCase();
}
