import { labApiserverOkta } from "./lab-apiserver-okta";
import { labK10Okta } from "./lab-k10-okta";
import { issuerAuthority, proofsAt, type Scenario } from "./scenario";

/** All groups are there before the stack: nothing is made at somebody else's identity provider. */
function inGroups(people: Scenario["people"], groups: Readonly<Record<string, readonly string[]>>): Scenario["people"] {
  return people.map((person) => ({ ...person, existingGroups: groups[person.login] }));
}

export const labK10External: Scenario = {
  ...labK10Okta,
  stack: "lab-k10-external",
  people: inGroups(labK10Okta.people, {
    "ana@example.com": ["Kasten Admins"],
    "omar@example.com": ["Kasten Operators"],
    "ada@example.com": ["Security Auditors"],
    "nils@example.com": ["Sales"],
  }),
  filledIn: [issuerAuthority],
};

/** A realm of Keycloak lets everybody in who has an account: grants alone decide, and the account ends it. */
export const labApiserverExternal: Scenario = {
  ...labApiserverOkta,
  stack: "lab-apiserver-external",
  people: [
    ...inGroups(labApiserverOkta.people, {
      "ana@example.com": ["/platform/admins"],
      "omar@example.com": ["/platform/operators"],
      "ada@example.com": ["/security/Auditors"],
      "nils@example.com": ["/sales/Auditors"],
    }),
    { login: "olga@example.com", firstName: "Olga", lastName: "Once", part: "left", existingGroups: ["/platform/admins"], left: true },
  ],
  filledIn: [
    issuerAuthority,
    { at: ["gatehouse:platforms", "cluster", "server"], with: "api-server" },
    { at: ["gatehouse:platforms", "cluster", "certificateAuthority"], with: "api-server-authority" },
  ],
  refused: [{ login: "olga@example.com", platform: "cluster" }],
  proofs: [
    ...labApiserverOkta.proofs,
    proofsAt("cluster")("nils@example.com", "denied", "list pods of namespace shop", {
      verb: "list",
      group: "",
      resource: "pods",
      namespace: "shop",
    }),
  ],
};
