/**
 * Kasten K10 on a real Keycloak: the stack's life, evidence of it, and people who are easily let in or left out by mistake. One lab for the
 * three, since a Keycloak takes as much processor time to start as a suite: each begins with nothing deployed.
 */
import { after, before, describe } from "node:test";
import type { Lab } from "../../lab/story/session";
import { evidenceOfKeycloak } from "./evidence-keycloak.suite";
import { peopleOfKeycloak } from "./keycloak-people.suite";
import { keycloakStack } from "./keycloak-stack.suite";
import { openLab } from "./support";

describe("Kasten K10 on Keycloak", () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab("lab-k10-keycloak");
  });
  after(() => lab.stop());

  keycloakStack({ stack: "lab-k10-keycloak", platform: "k10", secret: "its pods read at start" }, () => lab);
  evidenceOfKeycloak(() => lab);
  peopleOfKeycloak(() => lab);
});
