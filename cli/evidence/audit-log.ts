import { z } from "zod";
import { compareText, jsonOrNothing, type Evidence, type EvidenceGrant } from "../../model";
import { UsageError } from "../errors";
import { readInput } from "../inputs";
import type { Io } from "../io";

const eventSchema = z.looseObject({
  kind: z.literal("Event"),
  apiVersion: z.string().startsWith("audit.k8s.io/"),
  stage: z.string(),
  requestReceivedTimestamp: z.string(),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** The last use of each binding by each subject, and what of time the log covers. */
export interface AuditLog {
  readonly events: number;
  readonly from: string | null;
  readonly to: string | null;
  /** `RoleBinding shop/readers Group okta:admins` to a moment. */
  readonly lastUse: ReadonlyMap<string, string>;
}

/** How the API server says which binding let a request through (plugin/pkg/auth/authorizer/rbac, pkg/registry/rbac/validation). */
const allowedBy =
  /^RBAC: allowed by (ClusterRoleBinding|RoleBinding) "([^"]*)" of (?:ClusterRole|Role) "[^"]*" to (User|Group|ServiceAccount) "([^"]*)"/;

/**
 * Reads Kubernetes audit logs, one JSON object a line. The API server names the first binding that lets a request through, so a request
 * that two bindings permit counts for the first.
 * @throws UsageError that names the line that is none
 */
export async function readAuditLogs(files: readonly string[], io: Io): Promise<AuditLog> {
  const lastUse = new Map<string, string>();
  const moments: string[] = [];
  for (const file of files) {
    const lines = (await readInput(file, "a Kubernetes audit log", io)).split("\n");
    for (const [position, line] of lines.entries()) {
      if (line.trim() === "") {
        continue;
      }
      const event = eventOf(line, file, position + 1);
      const moment = new Date(event.requestReceivedTimestamp).toISOString();
      moments.push(moment);
      const used = event.stage === "ResponseComplete" ? bindingUsed(event.annotations) : undefined;
      if (used !== undefined && moment > (lastUse.get(used) ?? "")) {
        lastUse.set(used, moment);
      }
    }
  }
  moments.sort(compareText);
  return { events: moments.length, from: moments[0] ?? null, to: moments.at(-1) ?? null, lastUse };
}

function eventOf(line: string, file: string, number: number): z.infer<typeof eventSchema> {
  const event = eventSchema.safeParse(jsonOrNothing(line));
  if (!event.success || Number.isNaN(Date.parse(event.data.requestReceivedTimestamp))) {
    throw new UsageError(
      "unusable_input",
      `Expected an event of audit.k8s.io in line ${number} of ${file}, got something else.\nFix: pass the file that --audit-log-path of kube-apiserver writes (JSON, one event a line).`,
    );
  }
  return event.data;
}

function bindingUsed(annotations: Readonly<Record<string, string>> = {}): string | undefined {
  const match = allowedBy.exec(annotations["authorization.k8s.io/reason"] ?? "");
  if (annotations["authorization.k8s.io/decision"] !== "allow" || match === null) {
    return undefined;
  }
  const [, kind = "", named = "", subject = "", who = ""] = match;
  // A RoleBinding is named `name/namespace` there.
  const [name = "", namespace] = kind === "RoleBinding" ? named.split("/") : [named];
  return useKey({ kind, name, namespace }, { kind: subject, name: who });
}

function useKey(
  binding: { readonly kind: string; readonly name: string; readonly namespace?: string },
  subject: { readonly kind: string; readonly name: string },
): string {
  return `${binding.kind} ${binding.namespace ?? ""}/${binding.name} ${subject.kind} ${subject.name}`;
}

/** When a grant was last used; null: not in what the log covers. */
export function lastUseOf({ lastUse }: AuditLog, grant: Evidence["document"]["access"][number]): EvidenceGrant["lastUse"] {
  return grant.bindings
    .map((binding) => lastUse.get(useKey(binding, grant.subject)) ?? null)
    .reduce((latest, moment) => (moment !== null && (latest === null || moment > latest) ? moment : latest), null);
}
