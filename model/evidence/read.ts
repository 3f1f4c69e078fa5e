import { InvalidDocumentError } from "../document/read";
import { describeReceived, formatProblem, problemsFromZod } from "../text/problems";
import { evidenceSchema, evidenceVersion, type Evidence } from "./schema";

/**
 * Reads the content of an evidence.json.
 * @throws InvalidDocumentError with the first things that are wrong
 */
export function readEvidence(value: unknown): Evidence {
  const version = typeof value === "object" && value !== null && "version" in value ? value.version : undefined;
  if (version !== evidenceVersion) {
    throw new InvalidDocumentError(
      "wrong_version",
      `Expected evidence of version ${evidenceVersion}, got version ${describeReceived(version, [])}. ` +
        "Fix: pass the evidence.json that `gatehouse evidence` wrote, with the version of Gatehouse that wrote it or a newer one.",
    );
  }
  const parsed = evidenceSchema.safeParse(value);
  if (!parsed.success) {
    const lines = problemsFromZod(parsed.error, value).map(formatProblem);
    throw new InvalidDocumentError(
      "damaged",
      `The evidence is damaged:\n${lines
        .slice(0, 10)
        .map((line) => `  - ${line}`)
        .join("\n")}`,
    );
  }
  return parsed.data;
}

/** What a grant is called in every evidence: `k10/backup-admins/admin`, with a person's sign-in name behind it. */
export function grantKey(grant: {
  readonly platform: string;
  readonly group: string;
  readonly role: string;
  readonly namespaces?: readonly string[];
  readonly workspaces?: readonly string[];
  readonly person?: { readonly login: string };
}): string {
  const where = [...(grant.namespaces ?? []), ...(grant.workspaces ?? [])].join(",");
  return [
    grant.platform,
    grant.group,
    grant.role,
    ...(where === "" ? [] : [where]),
    ...(grant.person === undefined ? [] : [grant.person.login]),
  ].join("/");
}
