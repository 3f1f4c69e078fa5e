import manifest from "../../package.json";
import {
  carriedOut,
  compareText,
  dayOf,
  evidenceVersion,
  grantKey,
  missedReviews,
  readEvidence,
  sortKeys,
  type EnvironmentDocument,
  type Evidence,
  type EvidenceFinding,
  type EvidenceGrant,
  type EvidenceTest,
  type Review,
} from "../../model";
import type { ClusterGet } from "../cluster";
import { notLookedAt } from "../drift/types";
import { EngineError } from "../errors";
import type { Io } from "../io";
import { askAll } from "./ask";
import { lastUseOf, type AuditLog } from "./audit-log";
import { readCertificates } from "./certificates";
import { readCluster, type ClusterReading } from "./cluster-reading";
import { endedSince, type EndedQuestions } from "./earlier";
import { grantQuestions, type GrantQuestions } from "./grants";
import { readPeople, type PeopleReading } from "./people";
import { declaredIndex } from "./questions";

export interface Sources {
  readonly document: EnvironmentDocument;
  readonly cluster: ClusterGet;
  /** People asked about for each grant. */
  readonly sample: number;
  /** Whether the Secrets in the cluster are compared with the identity provider's newest. */
  readonly compareSecrets: boolean;
  readonly auditLog?: AuditLog;
  readonly earlier?: Evidence;
  /** Whether somebody's signature of the earlier evidence was checked. */
  readonly isEarlierSigned?: boolean;
  /** Applied reviews, whose decisions are named. */
  readonly reviews: readonly Review[];
  /** Who updated the stack, and what could not be read of it. */
  readonly updates: { readonly mayChange: Evidence["mayChange"]; readonly incomplete: readonly string[] };
}

/** Seconds by which two clocks may differ: beyond, a moment in the evidence would not be believed. */
export const tolerated = 60;

/**
 * Finds out what is true now.
 * @throws EngineError when the cluster cannot be read whole, or a clock is wrong; what the identity provider does not show is written down
 */
export async function collect(sources: Sources, io: Io): Promise<Evidence> {
  const { document, cluster } = sources;
  const began = io.now();
  const today = dayOf(began);
  const certificatesRead = readCertificates(document, io);
  const reading = await readCluster(document, cluster, io);
  requireClock(reading.clock);
  const people = await readPeople(document, io, sources.compareSecrets ? cluster : undefined);
  requireClock(people.clock);
  const index = declaredIndex(document, reading.state, today);
  const asked = grantQuestions(document, people.groups, index, { sample: sources.sample, today });
  const ended = endedSince(sources.earlier, document, people.groups, index, today);
  const [answers, endedAnswers] = answersOf(
    await askAll(cluster, [...asked.questions.map(({ question }) => question), ...ended.flatMap(({ questions }) => questions)]),
    asked.questions.length,
  );
  const grants = grantsOf(sources, people, asked, answers, today);
  const endedParts = endedOf(ended, endedAnswers);
  const tests = [...grants.flatMap((grant) => grant.tests), ...endedParts.flatMap((part) => part.tests)];
  const missed = missedReviews(document, today).map(({ grant, sentence, fix }) => ({
    kind: "missed-review",
    what: grant,
    detail: sentence,
    fix,
  }));
  const { certificates, notSeen, ...served } = await certificatesRead;
  const findings = [
    ...[reading.findings, people.findings, served.findings].flat(),
    ...testFindings(document, grants, endedParts),
    ...missed,
  ];
  const incomplete = [...people.incomplete, ...sources.updates.incomplete, ...unanswered(tests)];
  const moment = io.now().toISOString();
  const evidence = {
    version: evidenceVersion,
    stack: document.stack,
    moment: { began: began.toISOString(), ended: moment },
    tool: { name: "gatehouse" as const, version: manifest.version },
    by: byWhom(io, reading),
    counts: countsOf(people, reading, tests, findings),
    document,
    groups: people.groups,
    grants,
    ended: endedParts,
    cluster: reading.facts,
    clocks: [reading.clock, people.clock].flatMap((clock) => clock ?? []),
    signIn: people.signIn,
    secrets: [...declaredSecrets(document, people.inCluster), ...people.secrets],
    certificates,
    mayChange: [...sources.updates.mayChange, ...people.mayChange, ...reading.mayChange],
    findings: findings.sort((left, right) => compareText(`${left.kind}\n${left.what}`, `${right.kind}\n${right.what}`)),
    decisions: sources.reviews.flatMap((review) => carriedOut(review, { ended: endedParts, moment, earlier: sources.earlier?.decisions })),
    ...auditParts(sources.auditLog, grants),
    notLookedAt: unseen(sources, notSeen),
    verdict: verdictOf(people, tests, findings, incomplete),
  };
  // What is written is what a reader will take: the same check, before anything is on the disk.
  return sortKeys(readEvidence(JSON.parse(JSON.stringify(evidence))));
}

function unseen({ earlier, isEarlierSigned }: Sources, certificates: readonly string[]): string[] {
  return [
    "what the engine's state says of the vendors' objects (`gatehouse drift`)",
    ...(earlier === undefined || isEarlierSigned === true ? [] : ["who signed the earlier evidence (--since-key)"]),
    ...[notLookedAt, certificates].flat(),
  ];
}

function requireClock(clock: Evidence["clocks"][number] | undefined): void {
  if (clock !== undefined && Math.abs(clock.seconds) > tolerated) {
    const side = clock.seconds > 0 ? "behind" : "ahead of";
    throw new EngineError(
      "clock_wrong",
      `Expected the clocks of this machine and of ${clock.server} within ${tolerated} s, got the server's ${Math.abs(clock.seconds)} s ${side} this machine's.\nFix: set the clock that is off by NTP: the moments in the evidence would not be believed.`,
    );
  }
}

function answersOf(answers: readonly EvidenceTest[], first: number): [EvidenceTest[], EvidenceTest[]] {
  return [answers.slice(0, first), answers.slice(first)];
}

function grantsOf(
  { document, auditLog }: Sources,
  { groups }: PeopleReading,
  { questions, untested }: GrantQuestions,
  answers: readonly EvidenceTest[],
  today: string,
): EvidenceGrant[] {
  const tests = new Map<string, EvidenceTest[]>();
  questions.forEach(({ grant }, position) => {
    const answer = answers[position];
    tests.set(grant, [...(tests.get(grant) ?? []), ...(answer === undefined ? [] : [answer])]);
  });
  return document.access.map((grant): EvidenceGrant => {
    const key = grantKey(grant);
    const { platform, group, role, permits, reach = [], namespaces = [], workspaces = [], until, subject, person } = grant;
    return {
      ...{ key, platform, group, role, permits, until, subject },
      reach,
      where: [...namespaces, ...workspaces],
      ended: until !== null && until < today,
      people: person === undefined ? (groups[group]?.people?.map(({ login }) => login) ?? null) : [person.login],
      ...(auditLog !== undefined && { lastUse: lastUseOf(auditLog, grant) }),
      tests: tests.get(key) ?? [],
      ...(untested[key] !== undefined && { untested: untested[key] }),
    };
  });
}

function endedOf(ended: readonly EndedQuestions[], answers: readonly EvidenceTest[]): Evidence["ended"] {
  let position = 0;
  return ended.map(({ questions, ...of }) => {
    const tests = answers.slice(position, (position += questions.length));
    const answered = tests.filter(({ answer }) => answer !== "not answered");
    return { ...of, tests, gone: answered.length === 0 ? null : answered.every(({ answer }) => answer === "refused") };
  });
}

function testFindings(document: EnvironmentDocument, grants: readonly EvidenceGrant[], ended: Evidence["ended"]): EvidenceFinding[] {
  const rows = [
    ...grants.flatMap(({ key, tests }) => tests.map((test) => ({ key, test }))),
    ...ended.flatMap(({ grant, tests }) => tests.map((test) => ({ key: grant, test }))),
  ];
  const wrong = rows.filter(({ test }) => test.answer !== "not answered" && test.answer !== test.expected);
  const once = new Map(wrong.map((row) => [JSON.stringify([row.test.as, row.test.request]), row]));
  const gone = grants
    .filter(({ untested }) => untested?.includes("is not in the cluster") === true)
    .map(({ key, untested = "" }) => ({
      kind: "test",
      what: key,
      detail: untested,
      fix: "let the chart make its roles (rbac.create), or install the release under the name that the stack says.",
    }));
  return [
    ...gone,
    ...[...once.values()].map(({ key, test }) => ({
      kind: "test",
      what: `${key}: ${[test.as.user, ...test.as.groups].filter((name) => name !== "" && !name.startsWith("system:")).join(", ")}`,
      detail: `${test.question}: expected ${test.expected}, got ${test.answer} (${test.why})`,
      fix:
        test.answer === "allowed"
          ? `ask \`gatehouse who-can ${test.request.verb} ${test.request.resource} --kubeconfig\` which binding gives it in '${document.stack}', and delete that; where the grant has ended, run \`pulumi up\`.`
          : "run `pulumi up`; `gatehouse doctor` says which role or binding is missing.",
    })),
  ];
}

function unanswered(tests: readonly EvidenceTest[]): string[] {
  const count = tests.filter(({ answer }) => answer === "not answered").length;
  return count === 0 ? [] : [`${count} of ${tests.length} questions to the API server were not answered.`];
}

function byWhom({ env }: Io, { facts }: ClusterReading): string {
  const local = env["GITHUB_ACTOR"] ?? env["GITLAB_USER_LOGIN"] ?? env["USER"] ?? env["LOGNAME"] ?? "somebody";
  return `${local}, to the cluster ${facts.readBy}`;
}

function countsOf(
  people: PeopleReading,
  reading: ClusterReading,
  tests: readonly EvidenceTest[],
  findings: readonly EvidenceFinding[],
): Evidence["counts"] {
  const groups = Object.values(people.groups);
  return {
    people: new Set(groups.flatMap((group) => (group.people ?? []).map(({ id }) => id))).size,
    "groups read": groups.filter((group) => group.people !== null).length,
    "bindings looked at": reading.facts.lists.filter(({ what }) => what.endsWith("bindings")).reduce((sum, { listed }) => sum + listed, 0),
    "questions asked": tests.length,
    findings: findings.length,
  };
}

function declaredSecrets(document: EnvironmentDocument, inCluster: PeopleReading["inCluster"]): Evidence["secrets"] {
  return Object.entries(document.platforms).flatMap(([platform, { secret }]) =>
    secret === undefined
      ? []
      : [
          {
            platform,
            what: `client secret in ${secret.namespace}/${secret.name}`,
            endsAt: secret.expiresAt,
            source: "declared" as const,
            ...(inCluster[platform] !== undefined && { inCluster: inCluster[platform] }),
          },
        ],
  );
}

function auditParts(log: AuditLog | undefined, grants: readonly EvidenceGrant[]): Pick<Evidence, "auditLog" | "unused"> {
  return log === undefined
    ? {}
    : {
        auditLog: { from: log.from, to: log.to, events: log.events, ...(log.cut.length > 0 && { cut: [...log.cut] }) },
        unused: grants
          .filter(({ lastUse }) => lastUse === null)
          .map(({ key }) => key)
          .sort(compareText),
      };
}

function verdictOf(
  { groups }: PeopleReading,
  tests: readonly EvidenceTest[],
  findings: readonly EvidenceFinding[],
  incomplete: readonly string[],
): Evidence["verdict"] {
  const read = Object.values(groups).filter(({ people }) => people !== null).length;
  const looked = `${read} of ${Object.keys(groups).length} groups read, ${tests.length} questions asked of the cluster`;
  const differs = `${findings.length} ${findings.length === 1 ? "thing differs" : "things differ"} from what was declared`;
  if (incomplete.length > 0) {
    const missing = `${incomplete.length} ${incomplete.length === 1 ? "thing" : "things"} could not be read`;
    return {
      result: "incomplete",
      sentence: `Incomplete: ${missing}; ${findings.length === 0 ? "what was read agrees" : differs} (${looked}).`,
      incomplete: [...incomplete],
    };
  }
  return findings.length > 0
    ? { result: "differs", sentence: `${differs} (${looked}).`, incomplete: [] }
    : { result: "agrees", sentence: `All that was asked agrees with what was declared (${looked}).`, incomplete: [] };
}
