import { labK10Okta } from "./lab-k10-okta";
import type { Scenario } from "./scenario";

/** The same on a custom authorization server, whose ID tokens carry the groups: the API server can read them itself. */
export const labK10OktaCustom: Scenario = { ...labK10Okta, stack: "lab-k10-okta-custom" };
