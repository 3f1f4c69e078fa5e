/**
 * Platforms that guard a whole cluster, on a real Keycloak. The stacks come one after the other on the same machines, since a Keycloak takes
 * as much processor time to start as a stack's tests: one cluster, and one realm with the people of all, which each leaves as it was.
 */
import { after, before, describe } from "node:test";
import { nextStack, type Lab } from "../../lab/story/session";
import { keycloakStack } from "./keycloak-stack.suite";
import { openLab } from "./support";

describe("clusters on Keycloak", () => {
  let lab: Lab;
  before(async () => {
    // First the one whose cluster trusts nobody itself: the others' stacks have the API server trust their clients, for good.
    lab = await openLab("lab-openunison-keycloak", { followedBy: ["lab-kubesphere4-keycloak", "lab-apiserver-keycloak"] });
  });
  after(() => lab.stop());

  keycloakStack({ stack: "lab-openunison-keycloak", platform: "portal", secret: "its pods read at start" }, () => lab);
  keycloakStack({ stack: "lab-kubesphere4-keycloak", platform: "console", secret: "it watches" }, () =>
    nextStack(lab, "lab-kubesphere4-keycloak"),
  );
  keycloakStack({ stack: "lab-apiserver-keycloak", platform: "cluster", secret: "none" }, () => nextStack(lab, "lab-apiserver-keycloak"));
});
