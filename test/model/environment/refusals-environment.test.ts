import { identityProviders } from "../../../model";
import { isRefused, secureHost, type Refusal, unknownKey } from "./refusal";

const ownGroupFix = "make a group for the people who need the access, and grant to that";

const ownGroup = "a group of this environment's own; names beginning with system: or k10:, and Everyone, are refused";
const cases: Refusal[] = [
  { name: "unknown key at the top", at: ["colour"], value: "blue", problem: unknownKey },
  { name: "unknown key of the idp", at: ["idp", "tenant"], value: "x", problem: unknownKey },
  { name: "unknown key of a group", at: ["groups", "auditors", "owner"], value: "x", problem: unknownKey },
  { name: "idp missing", at: ["idp"], value: undefined, problem: { expected: "a mapping", received: "nothing" } },
  {
    name: "idp of an unknown kind",
    at: ["idp", "kind"],
    value: "ldap",
    problem: { expected: `one of ${Object.keys(identityProviders).join(", ")}`, received: '"ldap"' },
  },
  {
    name: "http issuer",
    at: ["idp", "orgUrl"],
    value: "http://example.okta.com",
    problem: { expected: secureHost, received: '"http://example.okta.com"', fix: "write https://example.okta.com" },
  },
  {
    name: "issuer on the loopback over http",
    at: ["idp", "orgUrl"],
    value: "http://127.0.0.1:8080",
    problem: { expected: "an https:// address: tokens name it as their issuer", received: '"http://127.0.0.1:8080"' },
  },
  {
    name: "issuer of the admin console",
    at: ["idp", "orgUrl"],
    value: "https://example-admin.okta.com",
    problem: {
      expected: "the organisation's address, not that of its admin console",
      received: '"https://example-admin.okta.com"',
      fix: "write https://example.okta.com",
    },
  },
  {
    name: "authorization server by a bare name",
    at: ["idp", "authorizationServer"],
    value: "default",
    problem: {
      expected: "org, or { existing: <id> } with the id of a custom authorization server, such as default or aus1a2b3",
      received: '"default"',
    },
  },
  {
    name: "group named system:masters",
    at: ["groups", "auditors", "existing"],
    value: "system:masters",
    problem: { expected: ownGroup, received: '"system:masters"', fix: ownGroupFix },
  },
  {
    name: "group named k10:admins",
    at: ["groups", "auditors", "existing"],
    value: "k10:admins",
    problem: { expected: ownGroup, received: '"k10:admins"', fix: ownGroupFix },
  },
  {
    name: "the group of everyone",
    at: ["groups", "auditors", "existing"],
    value: "everyone",
    problem: { expected: ownGroup, received: '"everyone"', fix: ownGroupFix },
  },
  {
    name: "member that is no address",
    at: ["groups", "backup-admins", "members"],
    value: ["ana"],
    problem: {
      path: ["groups", "backup-admins", "members", 0],
      expected: "an e-mail address, the sign-in name of a person",
      received: '"ana"',
    },
  },
  {
    name: "member twice, in another case",
    at: ["groups", "backup-admins", "members"],
    value: ["ana@example.com", "Ana@example.com"],
    problem: { path: ["groups", "backup-admins", "members", 1], expected: "each member once", received: '"Ana@example.com"' },
  },
  {
    name: "members of an existing group",
    at: ["groups", "auditors", "members"],
    value: ["ana@example.com"],
    problem: { expected: "it left out: an existing group is managed by its owner", received: "a list of 1" },
  },
  {
    name: "group created and existing",
    at: ["groups", "auditors", "displayName"],
    value: "Auditors",
    problem: {
      path: ["groups", "auditors"],
      expected: "exactly one of displayName (the stack creates the group) and existing (it is there already)",
      received: "both",
    },
  },
];

test.each(cases)("$name is refused", isRefused);
