import * as pulumi from "@pulumi/pulumi";
import { InvalidEnvironmentError, type EnvironmentDocument, type ParsedEnvironment } from "../../model";
import { lookUpMembers, resolveIdentityProvider } from "../identity-providers";
import type { Scope } from "../scope";
import { deployEnvironment } from "./deploy";

/** Where and when an environment is made. */
export interface Place {
  readonly scope: Scope;
  /** Name for people: in labels at the identity provider, and in the document. */
  readonly stack: string;
  /** The day in UTC, `YYYY-MM-DD`, from which schedules are computed. */
  readonly today: string;
}

/** What was made. The document is wrapped, since whoever waits for the making must not wait for the resources. */
export interface Made {
  readonly document: pulumi.Output<EnvironmentDocument>;
}

/**
 * Accepts the description, looks up what must be known before anything is created, then creates everything that was described.
 * @param read gives the description that was accepted, or throws what is wrong with it
 * @throws pulumi.RunError with every problem of the description
 */
export async function makeEnvironment(read: () => ParsedEnvironment, { scope, stack, today }: Place): Promise<Made> {
  try {
    const { environment, warnings } = read();
    // Said from the description, so that the first plan, which knows no ids yet, says it as well.
    for (const warning of warnings) {
      await pulumi.log.warn(warning, scope.options.parent);
    }
    const resolved = { ...environment, idp: await resolveIdentityProvider(environment.idp, scope.options.parent) };
    const members = await lookUpMembers(resolved, scope.options);
    return { document: deployEnvironment({ environment: resolved, scope, stack, today, members }) };
  } catch (error) {
    throw refusal(error);
  }
}

/** Reads a description; what is wrong with it becomes an error that Pulumi shows by its message alone. */
export function inPlainWords<Of>(read: () => Of): Of {
  try {
    return read();
  } catch (error) {
    throw refusal(error);
  }
}

/** What the person who wrote the description did wrong is said without a stack of this code. */
function refusal(error: unknown): unknown {
  return error instanceof InvalidEnvironmentError ? new pulumi.RunError(error.message) : error;
}
