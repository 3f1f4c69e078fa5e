/** KubeSphere 4 on Okta: what the stack makes, what people change by hand, and how one that was set up by hand is taken over. One lab for all, since starting one costs three updates; each suite begins with nothing deployed. */
import { after, before, describe } from "node:test";
import type { Lab } from "../../lab/story/session";
import { adoptedKubeSphere } from "./adopt-kubesphere.suite";
import { handMadeKubeSphere } from "./hand-made-kubesphere.suite";
import { kubeSphereStack } from "./kubesphere-stack.suite";
import { openLab } from "./support";

describe("KubeSphere 4 on Okta", () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab("lab-kubesphere4-okta");
  });
  after(() => lab.stop());

  kubeSphereStack(4, () => lab);
  handMadeKubeSphere(() => lab);
  adoptedKubeSphere(4, () => lab);
});
