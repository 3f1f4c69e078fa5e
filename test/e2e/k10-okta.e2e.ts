/**
 * A stack from its first update to nothing, by its own release and then beside the release of another team. One lab for both: the first suite
 * proves that it leaves nothing behind, and the second begins with an empty lab.
 */
import { installed } from "./installed.suite";
import { k10Okta } from "./k10-okta.suite";
import { onOneLab } from "./shared-lab";

onOneLab("lab-k10-okta", { "k10-okta": k10Okta, installed });
