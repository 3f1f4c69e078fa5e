import * as pulumi from "@pulumi/pulumi";
import { deployEnvironment } from "./deploy";
import { readEnvironment } from "./config";

const today = new Date().toISOString().slice(0, 10);
const { environment: description, expired } = readEnvironment(today);

for (const grant of expired) {
  pulumi.log.warn(
    `${grant.path}: '${grant.role}' of group '${grant.group}' ended on ${grant.until}; this update takes it away. Remove the grant from the stack file.`,
  );
}

/** The environment document: what the verifier, the policy pack's report and auditors read. It holds no secrets. */
export const environment = deployEnvironment({ environment: description, stack: pulumi.getStack(), today });

environment.apply((document) => {
  for (const risk of document.risks) {
    void pulumi.log.warn(risk);
  }
});
