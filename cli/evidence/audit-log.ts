import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { jsonOrNothing, type Evidence, type EvidenceGrant } from "../../model";
import { UsageError } from "../errors";
import { readInputBytes } from "../inputs";
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
  /** Files whose last line was not whole. */
  readonly cut: readonly string[];
  /** `RoleBinding shop/readers Group okta:admins` to a moment. */
  readonly lastUse: ReadonlyMap<string, string>;
}

const decision = "authorization.k8s.io/decision";

/** How the API server says which binding let a request through (plugin/pkg/auth/authorizer/rbac, pkg/registry/rbac/validation). */
const allowedBy =
  /^RBAC: allowed by (ClusterRoleBinding|RoleBinding) "([^"]*)" of (?:ClusterRole|Role) "[^"]*" to (User|Group|ServiceAccount) "([^"]*)"/;

/**
 * Reads Kubernetes audit logs, one JSON object a line, as kube-apiserver writes, rotates and compresses them. The API server names the first
 * binding that lets a request through, so a request that two bindings permit counts for the first.
 * @throws UsageError that names the line that is none; the last line of a file may be cut, since a log that is copied is being written
 */
export async function readAuditLogs(files: readonly string[], io: Io): Promise<AuditLog> {
  const lastUse = new Map<string, string>();
  const span: { events: number; from: string | null; to: string | null } = { events: 0, from: null, to: null };
  const cut: string[] = [];
  let decided = 0;
  for (const file of files) {
    for (const { line, number, last } of linesOf(await contentOf(file, io))) {
      if (line === "") {
        continue;
      }
      if (last && jsonOrNothing(line) === undefined) {
        cut.push(file);
        continue;
      }
      const event = eventOf(line, file, number);
      const moment = new Date(event.requestReceivedTimestamp).toISOString();
      span.events += 1;
      span.from = span.from === null || moment < span.from ? moment : span.from;
      span.to = span.to === null || moment > span.to ? moment : span.to;
      decided += event.annotations?.[decision] === undefined ? 0 : 1;
      // What was only received was not decided about yet.
      const used = event.stage === "RequestReceived" ? undefined : bindingUsed(event.annotations);
      if (used !== undefined && moment > (lastUse.get(used) ?? "")) {
        lastUse.set(used, moment);
      }
    }
  }
  if (span.events > 0 && decided === 0) {
    throw new UsageError(
      "unusable_input",
      `Expected audit events that say why they were allowed (${decision}), got ${span.events} that do not: every grant would look unused.\nFix: let the audit policy log the stage ResponseComplete at the level Metadata or above.`,
    );
  }
  return { ...span, cut, lastUse };
}

/** A file's bytes; a rotated log may be compressed (`--audit-log-compress`). */
async function contentOf(file: string, io: Io): Promise<Buffer> {
  const content = await readInputBytes(file, "a Kubernetes audit log", io);
  if (content[0] !== 0x1f || content[1] !== 0x8b) {
    return content;
  }
  try {
    return gunzipSync(content);
  } catch (error) {
    throw new UsageError("unusable_input", `Expected a whole gzip file in ${file}, got one that is cut or damaged.`, { cause: error });
  }
}

/** Lines one by one: a log may be longer than a text. `last` is what follows the last line's end. */
function* linesOf(content: Buffer): Generator<{ readonly line: string; readonly number: number; readonly last: boolean }> {
  let number = 0;
  for (let from = 0; from < content.length;) {
    const end = content.indexOf(10, from);
    number += 1;
    yield { line: content.toString("utf8", from, end < 0 ? content.length : end).trim(), number, last: end < 0 };
    from = end < 0 ? content.length : end + 1;
  }
}

function eventOf(line: string, file: string, number: number): z.infer<typeof eventSchema> {
  const event = eventSchema.safeParse(jsonOrNothing(line));
  if (!event.success || Number.isNaN(Date.parse(event.data.requestReceivedTimestamp))) {
    throw new UsageError(
      "unusable_input",
      `Expected an event of audit.k8s.io in line ${number} of ${file}, got something else.\nFix: pass the files that --audit-log-path of kube-apiserver writes (--audit-log-format=json, one event a line).`,
    );
  }
  return event.data;
}

function bindingUsed(annotations: Readonly<Record<string, string>> = {}): string | undefined {
  const match = allowedBy.exec(annotations["authorization.k8s.io/reason"] ?? "");
  if (annotations[decision] !== "allow" || match === null) {
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
