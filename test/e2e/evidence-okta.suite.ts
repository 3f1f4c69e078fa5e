// Evidence of a whole environment on Okta, with a reader's rights in the cluster; then everything that it must find, and everything that
// was done to the folder afterwards.
import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Lab } from "../../lab/story/session";
import {
  between,
  comparedSecrets,
  evidence,
  evidenceIn,
  keyPair,
  largeEnvironment,
  oktaServiceApp,
  readerKubeconfig,
  readerRules,
  type Between,
} from "./evidence";
import { deployed } from "./shared-lab";
import { kube, okta } from "./support";

export function evidenceOkta(shared: () => Lab): void {
  let lab: Lab;
  let api: Between;
  let keys: { privateFile: string; publicFile: string };
  let kubeconfig: string;

  const folder = (name: string): string => join(lab.stateDir, name);

  before(async () => {
    lab = shared();
    await deployed(lab);
    // A second auditor, so that the list of auditors has two pages.
    await moveMember("nils@example.com", "Security Auditors");
    api = await between(lab.identityProvider.environment["OKTA_HTTP_PROXY"] ?? "");
    keys = keyPair(lab, "auditor");
    kubeconfig = await readerKubeconfig(lab, "evidence-reader", readerRules);
  });
  after(async () => {
    await api.stop();
  });

  async function moveMember(login: string, group: string, method = "PUT"): Promise<void> {
    const [found] = (await okta(lab, `/groups?q=${encodeURIComponent(group)}`)) as { id: string }[];
    const user = (await okta(lab, `/users/${login}`)) as { id: string };
    await okta(lab, `/groups/${found?.id ?? ""}/users/${user.id}`, method);
  }

  const run = (out: string, args: readonly string[] = [], variables: NodeJS.ProcessEnv = {}) =>
    evidence(
      lab,
      ["--stack", lab.engine.stack, "--kubeconfig", kubeconfig, "--sign-key", keys.privateFile, "--out", folder(out), ...args],
      {
        OKTA_HTTP_PROXY: api.address,
        ...variables,
      },
    );

  const verify = (name: string, key = keys.publicFile) => evidence(lab, ["verify", folder(name), "--key", key]);

  test("a whole environment: read page by page with a reader's rights, asked of the API server, signed, and verified", async () => {
    const { status, stdout, stderr } = await run("first");
    assert.equal(status, 0, stdout + stderr);
    const found = evidenceIn(folder("first"));
    assert.equal(found.verdict.result, "agrees");
    assert.deepEqual(
      found.groups["auditors"]?.people?.map(({ login }) => login),
      ["ada@example.com", "nils@example.com"],
    );
    assert.deepEqual([found.groups["auditors"].listed, found.groups["auditors"].counted], [2, 2]);
    assert.ok(
      found.grants.every(
        ({ tests }) => tests.some(({ expected }) => expected === "allowed") && tests.some(({ expected }) => expected === "refused"),
      ),
    );
    assert.equal(found.cluster.readBy, "system:serviceaccount:default:evidence-reader");
    assert.ok(found.signIn.some(({ what }) => what === "authentication policy"));
    const verified = await verify("first");
    assert.deepEqual([verified.status, verified.stderr], [0, ""], verified.stdout);
    assert.match(verified.stdout, /all 10 files are as signed by the key [0-9a-f]{64}\./);
    // Nothing that the command read with stands in what it wrote.
    const secrets = [lab.identityProvider.environment["OKTA_API_TOKEN"] ?? "", "a passphrase of the test"];
    for (const name of ["evidence.json", "report.html", "oscal-assessment-results.json", "manifest.json"]) {
      const content = readFileSync(join(folder("first"), name), "utf8");
      assert.ok(
        secrets.every((secret) => !content.includes(secret)),
        name,
      );
    }
  });

  test("a hidden binding and a person added at Okta are found and named", async () => {
    const subjects = [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "okta:Kasten Operators" }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" };
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    assert.equal((await kube(lab, "POST", path, { metadata: { name: "hidden" }, roleRef, subjects })).status, 201);
    await moveMember("nils@example.com", "Kasten Operators");
    const { status, stdout } = await run("second");
    assert.equal(status, 5, stdout);
    assert.match(stdout, /shadow-access: ClusterRoleBinding hidden\n {2}gives ClusterRole cluster-admin to Group okta:Kasten Operators/);
    assert.match(stdout, /members: group 'Kasten Operators'\n {2}nils@example\.com is in it and not in the stack file/);
    assert.match(stdout, /test: k10\/backup-operators\/basic\/shop: okta:Kasten Operators\n {2}.*: expected refused, got allowed/);
    assert.equal((await kube(lab, "DELETE", `${path}/hidden`)).status, 200);
  });

  test("a person who has left is asked about again, and refused", async () => {
    await moveMember("nils@example.com", "Kasten Operators", "DELETE");
    const { status, stdout } = await run("third", ["--since", folder("second")]);
    assert.equal(status, 0, stdout);
    const [gone] = evidenceIn(folder("third")).ended;
    assert.deepEqual([gone?.what, gone?.person, gone?.gone], ["person removed", "nils@example.com", true]);
    assert.deepEqual(
      gone?.tests.map(({ expected, answer }) => [expected, answer]),
      [["refused", "refused"]],
    );
  });

  test("a page of Okta's API that fails: incomplete, with its own status, and nobody's name from the pages that came", async () => {
    api.failing = true;
    const { status, stdout } = await run("incomplete");
    api.failing = false;
    assert.equal(status, 6, stdout);
    assert.match(stdout, /Incomplete: 2 things could not be read/);
    assert.match(
      stdout,
      /not readable: Who is in 'Security Auditors': Expected an answer from .*\/api\/v1\/groups\/\w+\/users, got status 500, 4 times\./,
    );
    const found = evidenceIn(folder("incomplete"));
    assert.equal(found.groups["auditors"]?.people, null);
    assert.equal(found.groups["backup-admins"]?.people?.length, 1);
  });

  test("no credentials, or wrong ones: incomplete, and in words", async () => {
    const none = await run("none", [], { OKTA_API_TOKEN: "", OKTA_ACCESS_TOKEN: "" });
    assert.equal(none.status, 6, none.stdout);
    assert.match(
      none.stdout,
      /Expected credentials for Okta's API, got none\. Fix: set OKTA_API_CLIENT_ID and OKTA_API_PRIVATE_KEY of a service app/,
    );
    const wrong = await run("wrong", [], { OKTA_API_TOKEN: "not-a-token" });
    assert.equal(wrong.status, 6, wrong.stdout);
    assert.match(wrong.stdout, /to take the credentials, got status 401/);
  });

  const readScopes = ["groups", "users", "apps", "policies", "roles"].map((of) => `okta.${of}.read`);

  test("a service app that may only read: the whole environment, who may change it, and nothing that it could do itself", async () => {
    const nils = (await okta(lab, "/users/nils@example.com")) as { id: string };
    const [admins] = (await okta(lab, "/groups?q=Kasten%20Admins")) as { id: string }[];
    await okta(lab, `/users/${nils.id}/roles`, "POST", { type: "GROUP_MEMBERSHIP_ADMIN" });
    await okta(lab, `/groups/${admins?.id ?? ""}/owners`, "POST", { id: nils.id, type: "USER" });
    const { variables } = await oktaServiceApp(lab, readScopes);
    const direct = { ...variables, OKTA_HTTP_PROXY: lab.identityProvider.environment["OKTA_HTTP_PROXY"] };
    const { status, stdout, stderr } = await run("reader", [], direct);
    assert.equal(status, 0, stdout + stderr);
    const { mayChange } = evidenceIn(folder("reader"));
    const whoFor = (what: string): readonly string[] | undefined => mayChange.find((one) => one.what === what)?.who;
    assert.deepEqual(whoFor("organisation: Group Membership Administrator"), ["nils@example.com"]);
    assert.deepEqual(whoFor("organisation: Super Administrator"), ["administrator@lab.invalid"]);
    assert.match(whoFor("group 'Kasten Admins' (owners)")?.join() ?? "", /\(user 00u\w+\)$/);
    const key = variables["OKTA_API_PRIVATE_KEY"]?.split("\n")[3] ?? "";
    assert.ok(key.length > 20 && !readFileSync(join(folder("reader"), "evidence.json"), "utf8").includes(key));
  });

  test("a service app that lacks one scope: incomplete, and the scope is named", async () => {
    const { variables } = await oktaServiceApp(lab, readScopes.slice(0, -1));
    const direct = { ...variables, OKTA_HTTP_PROXY: lab.identityProvider.environment["OKTA_HTTP_PROXY"] };
    const { status, stdout } = await run("scopeless", [], direct);
    assert.equal(status, 6, stdout);
    assert.match(stdout, /status 400: .*okta\.roles\.read\. Fix: grant the service app these scopes/);
  });

  test("a clock that is wrong, a cluster that may not be read, a folder that holds something: refused, and nothing is written", async () => {
    api.clockSeconds = 3_600;
    const clock = await run("clock");
    api.clockSeconds = 0;
    assert.equal(clock.status, 3, clock.stdout);
    assert.match(
      clock.stderr,
      /Expected the clocks of this machine and of http:\S+ within 60 s, got the server's 36\d\d s behind this machine's\./,
    );
    const poor = await readerKubeconfig(lab, "poor-reader", [
      { ...readerRules[0], resources: ["roles", "clusterroles", "clusterrolebindings"] },
    ]);
    const rights = await run("rights", ["--kubeconfig", poor]);
    assert.equal(rights.status, 3);
    assert.match(rights.stderr, /Expected the API server to list rolebindings \(200\), got 403\.\nFix: .* allowed to list rolebindings/);
    const mute = await readerKubeconfig(lab, "mute-reader", [readerRules[0]]);
    const reviews = await run("reviews", ["--kubeconfig", mute]);
    assert.match(reviews.stderr, /allowed to create subjectaccessreviews\.authorization\.k8s\.io/);
    const occupied = await run("first");
    assert.equal(occupied.status, 64);
    assert.match(occupied.stderr, /Expected --out to name a folder that is not there, or is empty/);
    for (const name of ["clock", "rights", "reviews"]) {
      assert.equal(existsSync(folder(name)), false, name);
    }
  });

  test("an edited byte, a cut file, a file more, a file less, another key: each is named", async () => {
    const damaged = async (name: string, damage: (file: (of: string) => string) => void): Promise<string> => {
      cpSync(folder("first"), folder(name), { recursive: true });
      damage((of) => join(folder(name), of));
      const { status, stdout } = await verify(name);
      assert.equal(status, 1, stdout);
      return stdout;
    };
    const content = readFileSync(join(folder("first"), "grants.csv"), "utf8");
    const at = content.indexOf("everywhere");
    const edited = await damaged("edited", (file) =>
      writeFileSync(file("grants.csv"), content.replace("everywhere", "nowhere___".padEnd(10))),
    );
    assert.match(edited, /grants\.csv: is changed from somewhere in bytes \d+ to \d+ \(line \d+, column \d+ to /);
    const byte = await damaged("byte", (file) => writeFileSync(file("grants.csv"), `${content.slice(0, at)}E${content.slice(at + 1)}`));
    assert.match(byte, new RegExp(`grants\\.csv: is changed at byte ${at} \\(line 2, column \\d+\\): signed was 'e', there is 'E'\\.`));
    assert.match(
      await damaged("cut", (file) => truncateSync(file("report.html"), 5_000)),
      /report\.html: is cut off at byte 5000: \d+ of \d+ bytes are missing\./,
    );
    assert.match(
      await damaged("longer", (file) => appendFileSync(file("people.csv"), "more")),
      /people\.csv: has 4 bytes more than were signed/,
    );
    assert.match(
      await damaged("more", (file) => writeFileSync(file("notes.txt"), "")),
      /notes\.txt: was not there when the folder was signed\./,
    );
    const manifest = await damaged("manifest", (file) => writeFileSync(file("manifest.json"), "{}"));
    assert.match(manifest, /manifest\.json: is not the manifest that was signed/);
    const other = keyPair(lab, "other");
    const wrong = await verify("first", other.publicFile);
    assert.equal(wrong.status, 1);
    assert.match(wrong.stdout, /evidence\.intoto\.json: is signed by another key: expected [0-9a-f]{64}, it names [0-9a-f]{64}\./);
  });

  test("5 platforms with 30 groups each: 150 grants read and asked about, on a page of under half a MB", async () => {
    const file = await largeEnvironment(lab, 5, 30);
    const began = Date.now();
    const { status, stdout, stderr } = await evidence(
      lab,
      ["--env", file, "--kubeconfig", kubeconfig, "--sign-key", keys.privateFile, "--out", folder("large")],
      {},
    );
    const seconds = (Date.now() - began) / 1000;
    const { grants, counts, groups } = evidenceIn(folder("large"));
    const size = statSync(join(folder("large"), "report.html")).size;
    console.log(`evidence of 5 x 30: ${seconds.toFixed(1)} s, ${counts["questions asked"]} questions, page ${Math.round(size / 1024)} KB`);
    // The lab's own bindings are none of this environment's.
    assert.equal(status, 5, stdout + stderr);
    assert.equal(grants.length, 150);
    assert.ok(Object.values(groups).every(({ people }) => people?.length === 3));
    assert.ok(grants.every(({ tests }) => tests.length > 0 && tests.every(({ expected, answer }) => expected === answer)));
    assert.ok(size < 512 * 1024, `expected a page of under half a MB, got ${size} bytes`);
  });

  test("the Secret in the cluster is compared with the provider's newest client secret, and neither is kept", () =>
    comparedSecrets(lab, "k10", run));
}
