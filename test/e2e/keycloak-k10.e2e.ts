/**
 * Kasten K10 on a real Keycloak: the stack's life, evidence of it, and people who are easily let in or left out by mistake. One lab for the
 * three, since a Keycloak takes as much processor time to start as a suite: each begins with nothing deployed.
 */
import { evidenceOfKeycloak } from "./evidence-keycloak.suite";
import { peopleOfKeycloak } from "./keycloak-people.suite";
import { keycloakStack } from "./keycloak-stack.suite";
import { onLab } from "./shared-lab";
import { openLab } from "./support";

onLab(
  "Kasten K10 on Keycloak",
  () => openLab("lab-k10-keycloak"),
  (shared) => {
    keycloakStack({ stack: "lab-k10-keycloak", platform: "k10", secret: "its pods read at start" }, shared);
    evidenceOfKeycloak(shared);
    peopleOfKeycloak(shared);
  },
);
