import * as pulumi from "@pulumi/pulumi";
import { resolveIdentityProvider } from "../components/identity-providers";
import { InvalidEnvironmentError, type EnvironmentDocument } from "../model";
import { readEnvironment } from "./config";
import { deployEnvironment } from "./deploy";

/** The stack's outputs: the environment document, which the verifier, the reports and auditors read. It holds no secrets. */
interface StackOutputs {
  readonly environment: pulumi.Output<EnvironmentDocument>;
}

async function main(): Promise<StackOutputs> {
  const today = new Date().toISOString().slice(0, 10);
  const { environment: described, expired } = readEnvironment(today);
  for (const grant of expired) {
    await pulumi.log.warn(
      `${grant.path}: '${grant.role}' of group '${grant.group}' ended on ${grant.until}; this update takes it away. Remove the grant from the stack file.`,
    );
  }
  const resolved = { ...described, idp: await resolveIdentityProvider(described.idp) };
  const environment = deployEnvironment({ environment: resolved, stack: pulumi.getStack(), today });
  return {
    environment: environment.apply(async (document) => {
      for (const risk of document.risks) {
        await pulumi.log.warn(risk);
      }
      return document;
    }),
  };
}

/** What the person who wrote the stack file did wrong is said without a stack of this program. */
function inPlainWords(error: unknown): never {
  throw error instanceof InvalidEnvironmentError ? new pulumi.RunError(error.message) : error;
}

export = () => main().catch(inPlainWords);
