import { peopleWithSecrets } from "../../../story/session/people";
import { scenarioOf } from "../../../story/scenarios";

const stacks = (...names: string[]) => peopleWithSecrets(names.map(scenarioOf));

test("people of stacks that share a lab are there once, with the groups of all and one password", () => {
  const people = stacks("lab-kubesphere4-keycloak", "lab-k10-keycloak");
  expect(people.map(({ login }) => login)).toEqual([
    "ana@example.com",
    "wim@example.com",
    "omar@example.com",
    "nora@example.com",
    "nils@example.com",
    "ada@example.com",
  ]);
  expect(people.find(({ login }) => login === "nils@example.com")?.existingGroups).toEqual(["/sales/Auditors"]);
  expect(people.find(({ login }) => login === "ana@example.com")?.existingGroups).toEqual([]);
  expect(new Set(people.map(({ password }) => password)).size).toBe(people.length);
});

test("somebody who is in groups of two stacks is in both", () => {
  const nils = stacks("lab-k10-keycloak", "lab-apiserver-external", "lab-k10-external").find(({ login }) => login === "nils@example.com");
  expect(nils?.existingGroups).toEqual(["/sales/Auditors", "Sales"]);
});

test("passwords and codes are made anew for each lab", () => {
  const [one, other] = [stacks("lab-k10-keycloak"), stacks("lab-k10-keycloak")];
  expect(one.map(({ password }) => password)).not.toEqual(other.map(({ password }) => password));
  expect(one.every(({ otp }) => /^\d{6}$/.test(otp))).toBe(true);
});
