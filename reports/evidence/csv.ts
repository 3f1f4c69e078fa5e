import type { Evidence, EvidenceTest } from "../../model";
import { csvLines } from "../csv";

/** One table for each question that is asked of a spreadsheet. */
export function csvTables(evidence: Evidence): Record<string, string> {
  const { grants, groups, ended, cluster, findings } = evidence;
  return {
    "grants.csv": csvLines([
      ["grant", "platform", "group", "role", "permits", "where", "until", "ended", "subject", "people", "last_use", "asked", "as_expected"],
      ...grants.map((grant) => [
        ...[grant.key, grant.platform, grant.group, grant.role, grant.permits],
        ...[grant.where.join(" ") || "everywhere", grant.until ?? "", String(grant.ended), grant.subject.name],
        grant.people?.join(" ") ?? "not readable",
        grant.lastUse === undefined ? "" : (grant.lastUse ?? "none in the audit log"),
        String(grant.tests.length),
        String(grant.tests.filter(({ expected, answer }) => expected === answer).length),
      ]),
    ]),
    "people.csv": csvLines([
      ["group", "display_name", "login", "id", "can_sign_in", "through", "listed", "counted"],
      ...Object.entries(groups).flatMap(([key, { displayName, people, listed, counted }]) =>
        people === null
          ? [[key, displayName, "not readable", "", "", "", "", ""]]
          : people.map(({ login, id, active, through = [] }) => [
              key,
              displayName,
              login,
              id,
              String(active),
              through.join(" / "),
              String(listed),
              String(counted),
            ]),
      ),
    ]),
    "questions.csv": csvLines([
      ["grant", "user", "groups", "question", "expected", "answer", "why"],
      ...grants.flatMap(({ key, tests }) => tests.map((test) => questionCells(key, test))),
      ...ended.flatMap(({ grant, tests }) => tests.map((test) => questionCells(grant, test))),
    ]),
    "bindings.csv": csvLines([
      ["kind", "namespace", "name", "role", "subjects", "declared", "reaches"],
      ...cluster.bindings.map(({ kind, namespace, workspace, name, roleRef, subjects, declared, reaches }) => [
        ...[kind, namespace ?? workspace ?? "", name, `${roleRef.kind} ${roleRef.name}`],
        ...[subjects.map((subject) => `${subject.kind} ${subject.name}`).join("; "), String(declared), reaches.join("; ")],
      ]),
    ]),
    "findings.csv": csvLines([
      ["kind", "what", "detail", "fix"],
      ...findings.map(({ kind, what, detail, fix }) => [kind, what, detail, fix]),
    ]),
  };
}

function questionCells(grant: string, { as, question, expected, answer, why }: EvidenceTest): string[] {
  return [grant, as.user, as.groups.join(" "), question, expected, answer, why];
}
