/**
 * A program that is wrong on purpose: each mandatory rule of the policy pack is broken at least once, the ten faults of
 * docs/policies.md among them. It is written the way such programs are found, not with our components, which refuse most of this.
 * Rules for Keycloak and for Okta's administrators are missing: the lab's providers have neither here. Configuration: `parts` chooses among
 * entra,okta,kubernetes; `chartRepository` replaces the vendors' chart repositories.
 */
import * as pulumi from "@pulumi/pulumi";
import { breakEntraRules } from "./entra";
import { breakKubernetesRules } from "./kubernetes";
import { breakOktaRules } from "./okta";

const parts = (new pulumi.Config().get("parts") ?? "entra,okta,kubernetes").split(",");
if (parts.includes("entra")) {
  breakEntraRules();
}
const client = parts.includes("okta") ? breakOktaRules() : { clientId: "client", clientSecret: "secret" };
if (parts.includes("kubernetes")) {
  breakKubernetesRules(client);
}
