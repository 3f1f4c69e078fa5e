/** Kasten K10 on Entra ID: its stack's life, then evidence of it. One lab for both, since starting one costs three updates. */
import { after, before, describe } from "node:test";
import type { Lab } from "../../lab/story/session";
import { quietCalendar } from "./entra";
import { evidenceOfEntra } from "./evidence-entra.suite";
import { k10Entra } from "./k10-entra.suite";
import { openLab } from "./support";

describe("Kasten K10 on Entra ID", () => {
  let lab: Lab;
  before(async () => {
    // New objects are not found for a while, as in the real directory (trap T20): everything below must hold with that.
    lab = await openLab("lab-k10-entra", { replicationMilliseconds: 700 });
    quietCalendar(lab);
  });
  after(() => lab.stop());

  k10Entra(() => lab);
  evidenceOfEntra(() => lab);
});
