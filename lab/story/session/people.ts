import { randomBytes, randomInt } from "node:crypto";
import type { VendorPerson } from "../../vendors";
import type { Scenario, ScenarioPerson } from "../scenarios";

/** A sign-in name with its password and one-time code, which exist only for this lab. */
export type Credential = Pick<VendorPerson, "login" | "password" | "otp">;

/** The people of scenarios that one lab serves, each once and with all of their groups, with passwords and codes made anew. */
export function peopleWithSecrets(scenarios: readonly Scenario[]): VendorPerson[] {
  const people = new Map<string, ScenarioPerson>();
  for (const person of scenarios.flatMap((scenario) => scenario.people)) {
    const groups = [people.get(person.login), person].flatMap((one) => one?.existingGroups ?? []);
    people.set(person.login, { ...person, existingGroups: [...new Set(groups)] });
  }
  return [...people.values()].map(({ part: _part, ...person }) => ({
    ...person,
    password: randomBytes(15).toString("base64url"),
    otp: String(randomInt(100_000, 1_000_000)),
  }));
}
