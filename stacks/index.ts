import * as pulumi from "@pulumi/pulumi";
import { lookUpMembers, resolveIdentityProvider } from "../components/identity-providers";
import { dayOf, InvalidEnvironmentError, type EnvironmentDocument } from "../model";
import { readEnvironment } from "./config";
import { deployEnvironment } from "./deploy";

/** The stack's outputs: the environment document, which the verifier, the reports and auditors read. It holds no secrets. */
interface StackOutputs {
  readonly environment: pulumi.Output<EnvironmentDocument>;
}

async function main(): Promise<StackOutputs> {
  const today = dayOf(new Date());
  const { environment: described, warnings } = readEnvironment(today);
  // Said from the stack file, so that the first plan, which knows no ids yet, says it as well.
  for (const warning of warnings) {
    await pulumi.log.warn(warning);
  }
  const resolved = { ...described, idp: await resolveIdentityProvider(described.idp) };
  const members = await lookUpMembers(resolved);
  return { environment: deployEnvironment({ environment: resolved, stack: pulumi.getStack(), today, members }) };
}

/** What the person who wrote the stack file did wrong is said without a stack of this program. */
function inPlainWords(error: unknown): never {
  throw error instanceof InvalidEnvironmentError ? new pulumi.RunError(error.message) : error;
}

export = () => main().catch(inPlainWords);
