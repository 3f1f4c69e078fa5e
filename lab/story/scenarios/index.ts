/**
 * What each of the lab's stacks is about: its people, what is there before, and who may do what afterwards (the proofs). Data, one file
 * for each family of stacks; `demo/` and the end-to-end tests act on it.
 */
import { labApiserverExternal, labK10External } from "./external";
import { labApiserverOkta } from "./lab-apiserver-okta";
import { labApiserverKeycloak, labK10Keycloak, labOpenUnisonKeycloak } from "./keycloak";
import { labKubeSphere3Okta, labKubeSphere4Keycloak, labKubeSphere4Okta } from "./kubesphere";
import { labK10Entra } from "./lab-k10-entra";
import { labK10Okta } from "./lab-k10-okta";
import { labK10OktaCustom } from "./lab-k10-okta-custom";
import { labOpenUnisonDirect, labOpenUnisonEntra, labOpenUnisonEntraNames, labOpenUnisonOkta } from "./lab-openunison";
import type { Scenario } from "./scenario";

export type { FilledIn, InstalledChart, OrganisationObject, Proof, Scenario, ScenarioPerson } from "./scenario";

/** The lab's stacks. A new one adds its scenario here and its file under stacks/. */
export const scenarios: readonly Scenario[] = [
  labK10Okta,
  labK10OktaCustom,
  labK10Entra,
  labApiserverOkta,
  labOpenUnisonOkta,
  labOpenUnisonEntra,
  labOpenUnisonEntraNames,
  labOpenUnisonDirect,
  labKubeSphere3Okta,
  labKubeSphere4Okta,
  labK10Keycloak,
  labApiserverKeycloak,
  labOpenUnisonKeycloak,
  labKubeSphere4Keycloak,
  labK10External,
  labApiserverExternal,
];

/** @throws Error that lists the stacks there are */
export function scenarioOf(stack: string): Scenario {
  const found = scenarios.find((scenario) => scenario.stack === stack);
  if (found === undefined) {
    throw new Error(`--stack: expected one of ${scenarios.map((scenario) => scenario.stack).join(", ")}, got '${stack}'.`);
  }
  return found;
}
