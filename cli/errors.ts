import { GatehouseError } from "../model";

/** What was wrong with how the command was called. A closed union; docs/errors.md lists it. */
export const usageCodes = {
  flags: "Flags or arguments that make no sense together, or one that is missing.",
  unreadable_input: "A file that is named cannot be read.",
  unusable_input: "A file that is named holds something else than what is expected there.",
  unwritable_output: "A file or folder that is to be written cannot be.",
  not_registered: "The environment has nothing that the command could work with.",
} as const;
export type UsageCode = keyof typeof usageCodes;

/** Flags, arguments or inputs that the command can do nothing with. */
export class UsageError extends GatehouseError<UsageCode> {
  override readonly name = "UsageError";
  constructor(code: UsageCode, message: string, options?: ErrorOptions) {
    super(code, "usage", message, options);
  }
}

/** Why something outside that the command needs gave no answer. A closed union; docs/errors.md lists it. */
export const engineCodes = {
  engine_not_started: "The Pulumi command could not be started.",
  engine_failed: "The Pulumi engine ended with an error, or stopped in the middle.",
  engine_answer: "The Pulumi engine said something that this version of Gatehouse does not read.",
  kubeconfig: "There is no kubeconfig that can be used.",
  cluster_unreachable: "The API server gave no answer.",
  provider_unreadable: "The identity provider's admin API did not show what the command must see.",
  cluster_refused: "The API server refused to show what the command must see.",
  incomplete_list: "A list of the API server and its own count of the same objects differ.",
  clock_wrong: "This machine's clock, or a server's, is off: nothing that is dated here would be believed.",
} as const;
export type EngineCode = keyof typeof engineCodes;

/** The Pulumi engine, the cluster or the identity provider could not be asked; nothing is decided. */
export class EngineError extends GatehouseError<EngineCode> {
  override readonly name = "EngineError";
  constructor(code: EngineCode, message: string, options?: ErrorOptions) {
    super(code, "unavailable", message, options);
  }
}
