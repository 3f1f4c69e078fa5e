import { GatehouseError } from "../../../model/text/errors";
import { InvalidRulesError } from "../../errors";

/** What the API server decides and this evaluator cannot: nothing is said then, rather than something wrong. It leaves as {@link undecided}. */
export class Undecided extends GatehouseError<"unsupported_expression"> {
  /** How often it came up: an operator that has enough of its other side forgets an error. */
  static raised = 0;
  override readonly name = "Undecided";
  constructor(what: string) {
    super("unsupported_expression", "unavailable", what);
    Undecided.raised++;
  }
}

/** For people: which part of an expression keeps it from being judged. */
export function undecided(what: string, expression: string): InvalidRulesError {
  return new InvalidRulesError(
    "unsupported_expression",
    `Expected an expression that can be evaluated here, got ${what} in ${JSON.stringify(expression)}: the API server has it, so nothing is said about tokens under this configuration.`,
  );
}
