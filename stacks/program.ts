/**
 * The program: a stack's configuration, `gatehouse:idp`, `gatehouse:groups` and `gatehouse:platforms`, becomes an environment. A project
 * of one's own has three lines: `import { program } from "gatehouse/program"; export = program;`.
 */
import * as pulumi from "@pulumi/pulumi";
import { makeEnvironment, programScope } from "../components";
import { dayOf, type EnvironmentDocument } from "../model";
import { readEnvironment } from "./config";

/** The stack's outputs: the environment document, which the verifier, the reports and auditors read. It holds no secrets. */
export interface StackOutputs {
  readonly environment: pulumi.Output<EnvironmentDocument>;
}

/**
 * Makes the environment that the stack's configuration describes; Pulumi calls it as the program's export.
 * @throws pulumi.RunError with every problem of the configuration, before anything is created
 */
export async function program(): Promise<StackOutputs> {
  const today = dayOf(new Date());
  const { document } = await makeEnvironment(() => readEnvironment(today), { scope: programScope, stack: pulumi.getStack(), today });
  return { environment: document };
}
