import { GatehouseError, type ErrorCause } from "../text/errors";
import { describeReceived, formatProblem, problemsFromZod } from "../text/problems";
import { documentSchema, documentVersion, type EnvironmentDocument } from "./schema";

/** Why a text is no environment document. A closed union; docs/errors.md lists it. */
export const documentCodes = {
  no_json: "The text is no JSON.",
  wrong_version: "What is there has another version, or is no environment document.",
  damaged: "Its version is right, but not what it holds.",
} as const;
export type DocumentCode = keyof typeof documentCodes;

/** Thrown when a text is no environment document. */
export class InvalidDocumentError extends GatehouseError<DocumentCode> {
  override readonly name = "InvalidDocumentError";
  constructor(code: DocumentCode, message: string, options?: ErrorCause) {
    super(code, "refused", message, options);
  }
}

/**
 * Reads an environment document, alone or as the output `environment` inside `pulumi stack output --json`.
 * @throws InvalidDocumentError with the first things that are wrong
 */
export function readDocument(value: unknown): EnvironmentDocument {
  const candidate = typeof value === "object" && value !== null && "environment" in value ? value.environment : value;
  const version = typeof candidate === "object" && candidate !== null && "version" in candidate ? candidate.version : undefined;
  if (version !== documentVersion) {
    throw new InvalidDocumentError(
      "wrong_version",
      `Expected an environment document of version ${documentVersion} (or the stack outputs that hold one under 'environment'), got version ${describeReceived(version, [])}. ` +
        "Fix: pass the output of `pulumi stack output --json` of a Gatehouse stack.",
    );
  }
  const parsed = documentSchema.safeParse(candidate);
  if (!parsed.success) {
    const lines = problemsFromZod(parsed.error, candidate).map(formatProblem);
    throw new InvalidDocumentError(
      "damaged",
      `The environment document is damaged:\n${lines
        .slice(0, 10)
        .map((line) => `  - ${line}`)
        .join("\n")}`,
    );
  }
  return parsed.data;
}
