import { grantEndProblems } from "../expiry";
import type { WithoutIdentityProvider } from "./check";

export const grantEnds: WithoutIdentityProvider = {
  name: "each grant ends within reach",
  asksIdentityProvider: false,
  find: grantEndProblems,
};
