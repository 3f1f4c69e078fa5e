/** KubeSphere 4 on Okta: what the stack makes, what people change by hand, and how one that was set up by hand is taken over. One lab for all, since starting one costs three updates; each suite begins with nothing deployed. */
import { adoptedKubeSphere } from "./adopt-kubesphere.suite";
import { handMadeKubeSphere } from "./hand-made-kubesphere.suite";
import { kubeSphereStack } from "./kubesphere-stack.suite";
import { onLab } from "./shared-lab";
import { openLab } from "./support";

onLab(
  "KubeSphere 4 on Okta",
  () => openLab("lab-kubesphere4-okta"),
  (shared) => {
    kubeSphereStack(4, shared);
    handMadeKubeSphere(shared);
    adoptedKubeSphere(4, shared);
  },
);
