/**
 * Reviews that are carried out: a person whom an owner removes is gone at the identity provider and cannot sign in any more, and a grant
 * that an owner ends by a day is refused by the API server after it. Everything between is what people type: open, decide, check, apply, up.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { parse, stringify } from "yaml";
import { addDays, dayOf, type Evidence, type Review } from "../../model";
import { credentialOf, openRelyingParty } from "../../lab/story/demo/proofs";
import { trustClients, type Lab } from "../../lab/story/session";
import { openDriver } from "../../lab/story/sign-in";
import { evidence, evidenceIn } from "./evidence";
import { configure, gatehouse, kube, okta, stackFileOf, up } from "./support";

const operators = ["gatehouse:groups", "backup-operators"];
const chief = "chief@example.com";
const today = dayOf(new Date());

export function reviews(shared: () => Lab): void {
  let lab: Lab;

  before(async () => {
    lab = shared();
    configure(lab, [...operators, "members"], ["omar@example.com", "ana@example.com"]);
    configure(lab, ["gatehouse:platforms", "k10", "reviewers"], [chief]);
    configure(lab, ["gatehouse:platforms", "k10", "review"], "quarterly");
    await up(lab);
  });

  interface Outcome {
    readonly status: number;
    readonly stdout: string;
    readonly stderr: string;
  }

  const at = (name: string): string => join(lab.stateDir, name);

  /** The command, on the environment as it is deployed now. */
  async function onEnvironment(...argv: string[]): Promise<Outcome> {
    writeFileSync(at("environment.json"), JSON.stringify(await lab.document()));
    return gatehouse(...argv, "--env", at("environment.json"));
  }

  /** What the owners write into the file that is open. */
  function decide(file: string, fill: (review: Review) => Review): void {
    const review = parse(readFileSync(file, "utf8")) as Review;
    const kept = review.grants.map((row) => ({ ...row, decision: "keep" as const, reason: "asked the team", by: chief }));
    writeFileSync(file, stringify(fill({ ...review, grants: kept }), { lineWidth: 0 }));
  }

  async function apply(file: string, ...flags: string[]): Promise<void> {
    const checked = await onEnvironment("review", "check", file, ...flags);
    assert.equal(checked.status, 0, checked.stderr);
    const applied = await onEnvironment("review", "apply", file, stackFileOf(lab), ...flags);
    assert.equal(applied.status, 0, applied.stderr);
    await up(lab);
  }

  async function membersAtOkta(name: string): Promise<string[]> {
    const [group] = (await okta(lab, `/groups?q=${encodeURIComponent(name)}`)) as { id: string }[];
    const users = (await okta(lab, `/groups/${group?.id ?? ""}/users`)) as { profile: { login: string } }[];
    return users.map(({ profile }) => profile.login).sort();
  }

  async function signIn(login: string): Promise<string> {
    const document = await lab.document();
    const party = await openRelyingParty(lab, document, "k10", trustClients(lab, document));
    const driver = await openDriver({ ca: lab.authority.certificate, hostMap: { [party.host]: party.address }, browser: false });
    try {
      return (await driver.signIn({ startUrl: party.startUrl, ...credentialOf(lab, login) })).outcome;
    } finally {
      await driver.close();
      await party.stop();
    }
  }

  /** Whether the API server lets members of a group read K10's profiles, or start backups. */
  async function mayAs(group: string, verb: string, resource: string, apiGroup: string, namespace: string): Promise<boolean> {
    const { status, body } = await kube(lab, "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user: "okta:somebody", groups: [group], resourceAttributes: { verb, resource, group: apiGroup, namespace } },
    });
    assert.equal(status, 201, JSON.stringify(body));
    return (body as { status: { allowed: boolean } }).status.allowed;
  }

  /** Evidence as it is now; with reviews, since an earlier one. */
  async function evidenceOf(name: string, ...more: string[]): Promise<Evidence> {
    const { stdout, stderr } = await evidence(lab, [
      "--stack",
      lab.engine.stack,
      "--kubeconfig",
      lab.cluster.kubeconfigPath,
      "--out",
      at(name),
      ...more,
    ]);
    assert.match(stdout, /questions asked of the cluster/, stderr);
    return evidenceIn(at(name));
  }

  const auditorsMay = (): Promise<boolean> => mayAs("okta:Security Auditors", "get", "profiles", "config.kio.kasten.io", "kasten-io");

  test("grants that were never reviewed are named, and an open review is refused", async () => {
    const file = at("open.yaml");
    assert.equal((await onEnvironment("review", "open", "--out", file)).status, 0);
    const checked = await onEnvironment("review", "check", file);
    assert.equal(checked.status, 1);
    assert.equal([...checked.stderr.matchAll(/got nothing: the row is open/g)].length, 3);
    const doctor = await onEnvironment("doctor", "--json");
    assert.match(doctor.stdout, /it was never reviewed \(quarterly\)/);
  });

  test("a review that removes one person: gone at the provider, and no sign-in any more", async () => {
    assert.deepEqual(await membersAtOkta("Kasten Operators"), ["ana@example.com", "omar@example.com"]);
    assert.equal(await signIn("omar@example.com"), "signed-in");
    assert.ok((await evidenceOf("before")).findings.some(({ kind }) => kind === "missed-review"));
    const file = at("person.yaml");
    await onEnvironment("review", "open", "--out", file);
    decide(file, (review) => ({
      ...review,
      members: review.members.map((entry) =>
        entry.group === "backup-operators"
          ? { ...entry, remove: [{ person: "omar@example.com", reason: "left the team", by: chief }] }
          : entry,
      ),
    }));
    await apply(file, "--today", today);
    assert.deepEqual(await membersAtOkta("Kasten Operators"), ["ana@example.com"]);
    assert.equal(await signIn("omar@example.com"), "refused");
    const { access } = await lab.document();
    assert.deepEqual([...new Set(access.map(({ review }) => review?.reviewed))], [today]);
    await up(lab, "--expect-no-changes");
    const found = await evidenceOf("after", "--since", at("before"), "--review", file);
    const decision = found.decisions.find(({ person }) => person === "omar@example.com");
    assert.deepEqual(
      [decision?.decision, decision?.by, decision?.reason, decision?.carriedOutAt],
      ["remove", chief, "left the team", found.moment.ended],
    );
    assert.ok(found.ended.some(({ person, gone, tests }) => person === "omar@example.com" && gone === true && tests.length > 0));
    // It was applied, and what it speaks of has changed.
    const again = await onEnvironment("review", "apply", file, stackFileOf(lab));
    assert.equal(again.status, 1);
  });

  test("a review that ends a group's grant by a day: refused by the API server after it", async () => {
    assert.equal(await auditorsMay(), true);
    const file = at("end.yaml");
    // The reviews of the test before are of today; these decisions are of three days ago.
    const then = addDays(today, -3);
    for (const position of [0, 1, 2]) {
      configure(lab, ["gatehouse:platforms", "k10", "access", position, "reviewed"], then);
    }
    await up(lab);
    await onEnvironment("review", "open", "--out", file, "--today", then);
    decide(file, (review) => ({
      ...review,
      grants: review.grants.map((row) => (row.group === "auditors" ? { ...row, decision: { end: addDays(today, -1) } } : row)),
    }));
    await apply(file, "--today", then);
    assert.equal(await auditorsMay(), false);
    assert.equal(await mayAs("okta:Kasten Operators", "create", "backupactions", "actions.kio.kasten.io", "shop"), true);
    const found = await evidenceOf("ended", "--since", at("after"), "--review", file);
    assert.equal(found.decisions.find(({ grant }) => grant === "k10/auditors/view")?.carriedOutAt, found.moment.ended);
    const { access } = await lab.document();
    assert.deepEqual(access.map(({ group }) => group).sort(), ["backup-admins", "backup-operators"]);
  });

  test("missedReview: end takes a grant away whose review nobody held", async () => {
    const long = addDays(today, -100);
    configure(lab, ["gatehouse:platforms", "k10", "access", 1, "reviewed"], long);
    assert.match(await up(lab), /stays although its quarterly review was due by/);
    configure(lab, ["gatehouse:platforms", "k10", "missedReview"], "end");
    assert.match(await up(lab), /ended, since its quarterly review was due by/);
    assert.equal(await mayAs("okta:Kasten Operators", "create", "backupactions", "actions.kio.kasten.io", "shop"), false);
  });
}
