import { labApiserverOkta } from "./lab-apiserver-okta";
import { labK10Okta } from "./lab-k10-okta";
import { labOpenUnisonOkta } from "./lab-openunison";
import { issuerAuthority, proofsAt, type Scenario } from "./scenario";

/** Keycloak knows groups by their paths. The last person is in a group of the granted one's name, below another parent. */
const existingGroups: Readonly<Record<string, readonly string[]>> = {
  "ada@example.com": ["/security/Auditors"],
  "nils@example.com": ["/sales/Auditors"],
};

const inKeycloak = (people: Scenario["people"]): Scenario["people"] =>
  people.map((person) => ({ ...person, existingGroups: existingGroups[person.login] }));

export const labK10Keycloak: Scenario = {
  ...labK10Okta,
  stack: "lab-k10-keycloak",
  people: inKeycloak(labK10Okta.people),
  filledIn: [issuerAuthority],
};

/** Somebody with a grant of their own, who is in no group. */
const alone = { login: "iris@example.com", firstName: "Iris", lastName: "Individual", part: "looks at billing, in no group" };
const proof = proofsAt("cluster");

export const labApiserverKeycloak: Scenario = {
  ...labApiserverOkta,
  stack: "lab-apiserver-keycloak",
  people: inKeycloak([...labApiserverOkta.people, alone]),
  proofs: [
    ...labApiserverOkta.proofs,
    proof(alone.login, "allowed", "list pods of namespace billing", { verb: "list", group: "", resource: "pods", namespace: "billing" }),
    proof(alone.login, "denied", "list pods of namespace shop", { verb: "list", group: "", resource: "pods", namespace: "shop" }),
    proof(alone.login, "denied", "read secrets of namespace billing", {
      verb: "get",
      group: "",
      resource: "secrets",
      namespace: "billing",
    }),
  ],
  filledIn: [
    issuerAuthority,
    { at: ["gatehouse:platforms", "cluster", "server"], with: "api-server" },
    { at: ["gatehouse:platforms", "cluster", "certificateAuthority"], with: "api-server-authority" },
  ],
};

export const labOpenUnisonKeycloak: Scenario = {
  ...labOpenUnisonOkta,
  stack: "lab-openunison-keycloak",
  people: inKeycloak(labOpenUnisonOkta.people),
  filledIn: [issuerAuthority],
};
