/** KubeSphere 3 on Okta: what the stack makes, and how one that was set up by hand is taken over. One lab for all, since starting one costs three updates; each suite begins with nothing deployed. */
import { adoptedKubeSphere } from "./adopt-kubesphere.suite";
import { kubeSphereStack } from "./kubesphere-stack.suite";
import { onLab } from "./shared-lab";
import { openLab } from "./support";

onLab(
  "KubeSphere 3 on Okta",
  () => openLab("lab-kubesphere3-okta"),
  (shared) => {
    kubeSphereStack(3, shared);
    adoptedKubeSphere(3, shared);
  },
);
