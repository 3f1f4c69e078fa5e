/**
 * Platforms that guard a whole cluster, on a real Keycloak. The stacks come one after the other on the same machines, since a Keycloak takes
 * as much processor time to start as a stack's tests: one cluster, and one realm with the people of all, which each leaves as it was.
 */
import { nextStack } from "../../lab/story/session";
import { keycloakStack } from "./keycloak-stack.suite";
import { onLab } from "./shared-lab";
import { openLab } from "./support";

onLab(
  "clusters on Keycloak",
  () =>
    // First the one whose cluster trusts nobody itself: the others' stacks have the API server trust their clients, for good.
    openLab("lab-openunison-keycloak", { followedBy: ["lab-kubesphere4-keycloak", "lab-apiserver-keycloak"] }),
  (shared) => {
    keycloakStack({ stack: "lab-openunison-keycloak", platform: "portal", secret: "its pods read at start" }, shared);
    keycloakStack({ stack: "lab-kubesphere4-keycloak", platform: "console", secret: "it watches" }, () =>
      nextStack(shared(), "lab-kubesphere4-keycloak"),
    );
    keycloakStack({ stack: "lab-apiserver-keycloak", platform: "cluster", secret: "none" }, () =>
      nextStack(shared(), "lab-apiserver-keycloak"),
    );
  },
);
