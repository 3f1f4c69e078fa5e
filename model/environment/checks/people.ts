import { peopleProblems } from "../../access/people";
import type { WithoutIdentityProvider } from "./check";

export const people: WithoutIdentityProvider = {
  name: "people who are bound one by one are known, and have user names that fit",
  asksIdentityProvider: false,
  find: (environment) => Object.keys(environment.platforms).flatMap((name) => peopleProblems(environment, name)),
};
