/** KubeSphere 3 on Okta: what the stack makes, and how one that was set up by hand is taken over. One lab for all, since starting one costs three updates; each suite begins with nothing deployed. */
import { after, before, describe } from "node:test";
import type { Lab } from "../../lab/story/session";
import { adoptedKubeSphere } from "./adopt-kubesphere.suite";
import { kubeSphereStack } from "./kubesphere-stack.suite";
import { openLab } from "./support";

describe("KubeSphere 3 on Okta", () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab("lab-kubesphere3-okta");
  });
  after(() => lab.stop());

  kubeSphereStack(3, () => lab);
  adoptedKubeSphere(3, () => lab);
});
