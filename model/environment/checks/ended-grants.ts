import { expiredGrantProblems } from "../expiry";
import type { WithoutIdentityProvider } from "./check";

export const endedGrants: WithoutIdentityProvider = {
  name: "no grant ended long ago",
  asksIdentityProvider: false,
  find: expiredGrantProblems,
};
