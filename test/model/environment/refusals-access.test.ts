import { isRefused, k10, type Path, type Refusal, unknownKey } from "./refusal";
import { today } from "../../fixtures/sample";

const access: Path = [...k10, "access"];
const grant = { group: "backup-admins", role: "admin" };

const cases: Refusal[] = [
  { name: "unknown key of a grant", at: [...access, 0, "untill"], value: "x", problem: unknownKey },
  {
    name: "grant to an unknown group",
    at: [...access, 0, "group"],
    value: "admins",
    problem: { expected: "a key of gatehouse:groups (backup-admins, backup-operators, auditors)", received: '"admins"' },
  },
  {
    name: "grant of an unknown role",
    at: [...access, 0, "role"],
    value: "root",
    problem: { expected: "one of admin, basic, view", received: '"root"' },
  },
  {
    name: "the same grant twice",
    at: access,
    value: [grant, { ...grant, until: "2027-01-01" }],
    problem: {
      path: [...access, 1],
      expected: "each grant once; access[0] already gives 'admin' to 'backup-admins'",
      received: "the same grant again",
      fix: "keep one of the two",
    },
  },
  {
    name: "the same grant twice in one namespace of several",
    at: access,
    value: [
      { group: "auditors", role: "basic", namespaces: ["shop", "billing"] },
      { group: "auditors", role: "basic", namespaces: ["billing"] },
    ],
    problem: {
      path: [...access, 1],
      expected: "each grant once; access[0] already gives 'basic' to 'auditors' in namespace 'billing'",
      received: "the same grant again",
      fix: "keep one of the two",
    },
  },
  {
    name: "namespaced role without namespaces",
    at: [...access, 1, "namespaces"],
    value: undefined,
    problem: {
      expected: "the namespaces in which the role 'basic' holds",
      received: "nothing",
      fix: "add namespaces: [name, ...]",
    },
  },
  {
    name: "cluster role with namespaces",
    at: [...access, 0, "namespaces"],
    value: ["shop"],
    problem: {
      expected: "no namespaces: the role 'admin' holds in the whole platform",
      received: "a list of 1",
      fix: "remove the key, or give a role that is granted by namespace",
    },
  },
  {
    name: "no grant",
    at: access,
    value: [],
    problem: { expected: "at least one grant: without one nobody could sign in", received: "a list of 0" },
  },
  {
    name: "until is no date",
    at: [...access, 2, "until"],
    value: "soon",
    problem: { expected: "a date written as YYYY-MM-DD", received: '"soon"' },
  },
  {
    name: "until is no day of the calendar",
    at: [...access, 2, "until"],
    value: "2027-02-30",
    problem: { expected: "a day that exists in the calendar, as YYYY-MM-DD", received: '"2027-02-30"' },
  },
  {
    name: "until is long past",
    at: [...access, 2, "until"],
    value: "2026-10-23",
    problem: {
      expected: `a day that has not passed, or passed within the last 30 days (today is ${today})`,
      received: "2026-10-23",
      fix: "remove the grant, or write its new last day",
    },
  },
];

test.each(cases)("$name is refused", isRefused);
