import { randomBytes, randomInt } from "node:crypto";
import type { VendorPerson } from "../../vendors";
import type { Scenario } from "../scenarios";

/** A sign-in name with its password and one-time code, which exist only for this lab. */
export type Credential = Pick<VendorPerson, "login" | "password" | "otp">;

/** The scenario's people, with passwords and codes made anew. */
export function peopleWithSecrets(scenario: Scenario): VendorPerson[] {
  return scenario.people.map(({ part: _part, ...person }) => ({
    ...person,
    password: randomBytes(15).toString("base64url"),
    otp: String(randomInt(100_000, 1_000_000)),
  }));
}
