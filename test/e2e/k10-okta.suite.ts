import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { credentialOf, openRelyingParty, prove } from "../../lab/story/demo/proofs";
import { trustClients, type Lab } from "../../lab/story/session";
import { openDriver } from "../../lab/story/sign-in";
import { acceptedSecrets, acceptedSecretsOf, clientIdOf, asBeforeTwoSecrets, dayFromNow, presented, rewriteState } from "./okta-secrets";
import { againWhile, becomes, configure, filesBelow, kube, longest, namesOf, okta, up, watchCommandLines } from "./support";
import { untilWhile, withholding } from "./withholding";

const secretSettings = ["gatehouse:idp", "secret"];

export function k10Okta(shared: () => Lab): void {
  let lab: Lab;
  let commandLines: Set<string>;
  let clean: Record<string, unknown>;

  /** What the stack could leave behind, at Okta and in the cluster. */
  async function inventory(): Promise<Record<string, unknown>> {
    const list = async (path: string): Promise<unknown> => ((await okta(lab, path)) as { id: string }[]).map(({ id }) => id).sort();
    return {
      apps: await list("/apps"),
      groups: await list("/groups"),
      policies: await list("/policies?type=ACCESS_POLICY"),
      namespaces: await namesOf(lab, "/api/v1/namespaces"),
      clusterRoles: await namesOf(lab, "/apis/rbac.authorization.k8s.io/v1/clusterroles"),
      clusterRoleBindings: await namesOf(lab, "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"),
      roleBindings: await namesOf(lab, "/apis/rbac.authorization.k8s.io/v1/rolebindings"),
      secrets: await namesOf(lab, "/api/v1/secrets"),
      apiServices: await namesOf(lab, "/apis/apiregistration.k8s.io/v1/apiservices"),
    };
  }

  before(async () => {
    lab = shared();
    clean = await inventory();
  });

  test("a wrong stack file is refused in plain words, and nothing is created", async () => {
    configure(lab, ["gatehouse:platforms", "k10", "prefix"], "");
    const { status, stdout, stderr } = await lab.engine.run(["up", "--yes", "--skip-preview"], { accept: [255, 1] });
    configure(lab, ["gatehouse:platforms", "k10", "prefix"], undefined);
    assert.notEqual(status, 0);
    assert.match(stdout + stderr, /platforms\.k10\.prefix: expected a non-empty prefix, got ""/);
    assert.deepEqual(await inventory(), clean);
  });

  test("kill -9 of the program in the middle of an update loses nothing: the next update converges", async () => {
    const child = lab.engine.start(["up", "--yes", "--skip-preview"]);
    child.stdout?.resume();
    child.stderr?.resume();
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const deadline = Date.now() + longest;
    // In the middle: something exists at Okta already, and the program still runs.
    while (((await okta(lab, "/groups?q=Kasten")) as unknown[]).length === 0) {
      assert.ok(Date.now() < deadline, "the update never reached Okta");
      await sleep(20);
    }
    assert.ok(killProgram() > 0, "the program was not running any more");
    assert.notEqual(await ended, 0);
    const watch = watchCommandLines();
    await up(lab);
    commandLines = watch.stop();
    assert.equal(((await okta(lab, "/groups?q=Kasten")) as unknown[]).length, 2);
  });

  test("a second update changes nothing", async () => {
    await up(lab, "--expect-no-changes");
    await lab.engine.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
  });

  test("people sign in with exactly the rights that were written down", async () => {
    const document = await lab.document();
    const { results } = await prove(lab, document, { trusted: trustClients(lab, document) });
    const failed = results.filter((result) => !result.holds);
    assert.deepEqual(failed, []);
    assert.equal(results.length, 26);
  });

  test("no secret in plain text: state, outputs, logs, environment document, process arguments", async () => {
    const shown = (await lab.engine.run(["stack", "export", "--show-secrets"])).stdout;
    const secrets = [
      clientSecretIn(shown),
      lab.identityProvider.environment["OKTA_API_TOKEN"] ?? "",
      ...lab.people.map(({ password }) => password),
    ];
    assert.ok(
      secrets.every((secret) => secret.length >= 20),
      "the real values must be known for the search to mean anything",
    );
    const texts = {
      "exported state": (await lab.engine.run(["stack", "export"])).stdout,
      "stack outputs": JSON.stringify(await lab.engine.outputs()),
      "process arguments": [...commandLines].join("\n"),
      ...Object.fromEntries(
        [...filesBelow(`${lab.stateDir}/state`), ...filesBelow(`${lab.stateDir}/logs`)].map((file) => [file, readFileSync(file, "utf8")]),
      ),
    };
    for (const [where, text] of Object.entries(texts)) {
      for (const [position, secret] of secrets.entries()) {
        assert.ok(!text.includes(secret), `secret ${position} stands in plain text in ${where}`);
        // As the data of a Kubernetes Secret has it.
        const encoded = Buffer.from(secret).toString("base64");
        assert.ok(!text.includes(encoded), `secret ${position} stands in base64 in ${where}`);
      }
    }
    assert.ok(commandLines.size > 10, "the watcher must have seen the engine and its plugins");
  });

  test("drift: a binding edited by hand is mended by the next update, although a refresh does not see it", async () => {
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/gatehouse-k10-k10-admin";
    const { body } = await kube(lab, "GET", path);
    const binding = body as { subjects: { name: string }[] };
    const intruder = { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "okta:Intruders" };
    assert.equal((await kube(lab, "PUT", path, { ...binding, subjects: [...binding.subjects, intruder] })).status, 200);

    // The plugin's refresh cuts a list to the length that it knew; what the plan then says is in hand-made.e2e.ts.
    await lab.engine.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
    await up(lab);
    const mended = (await kube(lab, "GET", path)).body as { subjects: { name: string }[] };
    assert.deepEqual(
      mended.subjects.map((subject) => subject.name),
      ["okta:Kasten Admins"],
    );
  });

  test("a new client secret comes beside the old one: exactly the pods that read it roll, and no sign-in fails", async () => {
    const document = await lab.document();
    const [old] = await acceptedSecrets(lab);
    const relyingParty = await openRelyingParty(lab, document, "k10");
    const route = { ca: lab.authority.certificate, hostMap: { [relyingParty.host]: relyingParty.address } };
    const driver = await openDriver({ ...route, browser: false });
    const credentials = { startUrl: relyingParty.startUrl, ...credentialOf(lab, "omar@example.com") };
    const attempts: boolean[] = [];
    const rolled: string[] = [];
    try {
      configure(lab, secretSettings, { rotatedOn: [dayFromNow(-1)] });
      await againWhile(
        async () => {
          rolled.push(...(await relyingParty.restartIfRolled()));
          attempts.push((await driver.signIn(credentials)).outcome === "signed-in");
        },
        () => up(lab),
      );
      assert.deepEqual([...new Set(rolled)].sort(), ["auth-svc", "controllermanager-svc", "dashboardbff-svc"]);
    } finally {
      await driver.close();
      await relyingParty.stop();
    }
    console.log(`sign-ins across a rotation: ${attempts.length} tried, ${attempts.filter((ok) => !ok).length} failed`);
    assert.ok(attempts.every((ok) => ok));
    const both = await acceptedSecrets(lab);
    assert.equal(both.length, 2);
    assert.ok(old !== undefined && both.includes(old));
    for (const secret of both) {
      assert.equal(await presented(lab, secret), "invalid_grant");
    }
    assert.equal(await presented(lab, "no-secret-of-this-app"), "invalid_client");
    assert.notEqual((await lab.document()).platforms["k10"]?.secret?.name, document.platforms["k10"]?.secret?.name);
    const names = (await namesOf(lab, "/api/v1/namespaces/kasten-io/secrets")).filter(
      (name) => name.startsWith("k10-oidc-") && name !== "k10-oidc-auth",
    );
    assert.deepEqual(names, [(await lab.document()).platforms["k10"]?.secret?.name]);
    await up(lab, "--expect-no-changes");
    await lab.engine.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
  });

  test("an update of the app leaves both; the first update past the overlap removes the old one, which is refused from then on", async () => {
    const [old = "", now = ""] = await acceptedSecrets(lab);
    configure(lab, ["gatehouse:idp", "requirePkce"], true);
    await up(lab);
    assert.deepEqual(await acceptedSecrets(lab), [old, now]);
    configure(lab, ["gatehouse:idp", "requirePkce"], undefined);
    configure(lab, secretSettings, { rotatedOn: [dayFromNow(-1)], overlap: "1d" });
    await up(lab);
    assert.deepEqual(await acceptedSecrets(lab), [now]);
    assert.equal(await presented(lab, old), "invalid_client");
    assert.equal(await presented(lab, now), "invalid_grant");
    await up(lab, "--expect-no-changes");
  });

  test("kill -9 of a rotation once Okta has the new secret: the next update takes it up, and there is no third", async () => {
    const clientId = await clientIdOf(lab);
    const [before = ""] = await acceptedSecretsOf(lab, clientId);
    configure(lab, secretSettings, { rotatedOn: [dayFromNow(-1), dayFromNow(0)], overlap: "5d" });
    const between = await withholding(lab, /\/credentials\/secrets$/);
    const child = between.engine.start(["up", "--yes", "--skip-preview"]);
    child.stdout?.resume();
    child.stderr?.resume();
    const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once("close", (_status, signal) => resolve(signal)));
    await untilWhile(child, () => between.kept() === 1, "the update never made the second secret");
    const both = await acceptedSecretsOf(lab, clientId);
    assert.equal(both.length, 2);
    child.kill("SIGKILL");
    assert.equal(await ended, "SIGKILL");
    await lab.engine.run(["cancel", "--yes"]);
    await up(lab);
    assert.deepEqual(await acceptedSecretsOf(lab, clientId), both);
    assert.equal(both[0], before);
    await up(lab, "--expect-no-changes");
    between.stop();
  });

  test("a stack from before there were two: the secret in use stays, nothing is replaced", async () => {
    configure(lab, secretSettings, { rotatedOn: [dayFromNow(0)], overlap: "1d" });
    await up(lab);
    configure(lab, secretSettings, { rotatedOn: [dayFromNow(-2)], overlap: "1d" });
    await up(lab);
    const before = await acceptedSecrets(lab);
    const clientId = (await lab.document()).platforms["k10"]?.clientId;
    await rewriteState(lab, asBeforeTwoSecrets);
    const { stdout } = await lab.engine.run(["up", "--yes", "--skip-preview"]);
    assert.doesNotMatch(stdout, /replaced|k10-release updated/);
    assert.deepEqual(await acceptedSecrets(lab), before);
    assert.equal((await lab.document()).platforms["k10"]?.clientId, clientId);
    await up(lab, "--expect-no-changes");
    configure(lab, secretSettings, undefined);
  });

  test("a grant that has ended disappears at the first update after its last day", async () => {
    const yesterday = dayFromNow(-1);
    configure(lab, ["gatehouse:platforms", "k10", "access", 2, "until"], yesterday);
    const { stdout } = await lab.engine.run(["up", "--yes", "--skip-preview"]);
    assert.match(stdout, new RegExp(`the grant 'view' of 'auditors' ended with ${yesterday}`));
    const bindings = await namesOf(lab, "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings");
    assert.ok(!bindings.includes("gatehouse-k10-k10-config-view"));
    assert.ok(bindings.includes("gatehouse-k10-k10-admin"));
    const document = await lab.document();
    assert.ok(!document.access.some((grant) => grant.group === "auditors"));
  });

  test("destroy leaves neither vendor nor cluster objects", async () => {
    await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
    await becomes(inventory, clean);
  });

  /** Kills the Node.js process that runs the stack's program; gives back how many there were. */
  function killProgram(): number {
    const programs = process.platform === "linux" ? programPids() : [];
    for (const pid of programs) {
      process.kill(pid, "SIGKILL");
    }
    return programs.length;
  }

  function programPids(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
          const ofThisLab = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`GATEHOUSE_LAB=${lab.stateDir}`);
          return ofThisLab && line.some((part) => part.includes("@pulumi/pulumi/cmd/run"));
        } catch {
          return false;
        }
      })
      .map(Number);
  }

  /** The value of the generated password in a state that shows its secrets. */
  function clientSecretIn(state: string): string {
    const { deployment } = JSON.parse(state) as { deployment: { resources: { type: string; outputs?: { result?: unknown } }[] } };
    const result = deployment.resources.find((resource) => resource.type === "random:index/randomPassword:RandomPassword")?.outputs?.result;
    // A secret is exported as an envelope around its JSON; with --show-secrets some engines leave the envelope off.
    const envelope = (result ?? {}) as { plaintext?: string };
    const text: unknown = envelope.plaintext === undefined ? result : JSON.parse(envelope.plaintext);
    assert.ok(typeof text === "string", "the state holds no generated client secret");
    return text;
  }
}
