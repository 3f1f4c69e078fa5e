/** Kasten K10 on Entra ID: its stack's life, then evidence of it. One lab for both, since starting one costs three updates. */
import { quietCalendar } from "./entra";
import { evidenceOfEntra } from "./evidence-entra.suite";
import { k10Entra } from "./k10-entra.suite";
import { onLab } from "./shared-lab";
import { openLab } from "./support";

onLab(
  "Kasten K10 on Entra ID",
  async () => {
    // New objects are not found for a while, as in the real directory (trap T20): everything below must hold with that.
    const lab = await openLab("lab-k10-entra", { replicationMilliseconds: 700 });
    quietCalendar(lab);
    return lab;
  },
  (shared) => {
    k10Entra(shared);
    evidenceOfEntra(shared);
  },
);
