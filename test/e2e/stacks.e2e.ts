import { test } from "node:test";
import { scenarios } from "../../lab/story/scenarios";
import { openLab, proved, proveStack } from "./support";

/** Stacks whose proofs are part of a file of their own here. */
const elsewhere = [
  "lab-k10-okta",
  "lab-k10-entra",
  "lab-k10-keycloak",
  "lab-openunison-keycloak",
  "lab-kubesphere4-keycloak",
  "lab-apiserver-keycloak",
  "lab-k10-external",
  "lab-kubesphere3-okta",
  "lab-kubesphere4-okta",
];

for (const { stack } of scenarios.filter((scenario) => !elsewhere.includes(scenario.stack))) {
  test(proved(stack), async () => {
    const lab = await openLab(stack);
    try {
      await proveStack(lab);
    } finally {
      await lab.stop();
    }
  });
}
