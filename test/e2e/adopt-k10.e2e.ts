/**
 * Kasten K10 installed by hand as the vendor's articles say (`helm install`, the client secret in the values or in a Secret, `kubectl create
 * clusterrolebinding`), then taken over: people sign in all the while, nothing is replaced, access and the client secret stay.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { parseDocument } from "yaml";
import { credentialOf } from "../../lab/story/demo/proofs";
import { startKastenRelyingParty } from "../../lab/story/relying-parties/kasten/kasten";
import type { Lab } from "../../lab/story/session";
import { openDriver } from "../../lab/story/sign-in";
import {
  bindByHand,
  handMadeEntra,
  handMadeOkta,
  holders,
  installByHand,
  ownSecret,
  rbacGroup,
  reviewed,
  type Client,
  type HandMade,
  type SecretForm,
} from "./adopt-k10";
import { makeCheckout, type Checkout, type ScriptResult } from "./checkout";
import { configure, filesBelow, kube, openLab, stackFileOf, up } from "./support";

const rows: readonly (readonly [title: string, by: HandMade, form: SecretForm])[] = [
  ["Okta, the secret in the values", handMadeOkta, "inline"],
  ["Okta, a Secret", handMadeOkta, "secret"],
  ["Entra ID, the secret in the values", handMadeEntra, "inline"],
];

for (const [title, by, form] of rows) {
  suite(title, () => takesOver(by, form));
}

function takesOver(by: HandMade, form: SecretForm): void {
  let lab: Lab;
  let checkout: Checkout;
  let client: Client;

  before(async () => {
    lab = await openLab(by.stack);
    checkout = makeCheckout(lab);
    const built = await checkout.run("npm run build");
    assert.equal(built.status, 0, built.stderr);
    client = await by.makeClient(lab);
    await installByHand(lab, by, client, form);
    await bindByHand(lab, by, client);
  });
  after(() => lab.stop());

  const adopt = (flags = "", variables: Record<string, string> = {}): Promise<ScriptResult> =>
    checkout.run(`node dist/cli/bin.js adopt --idp ${by.idp} --stack "$STACK" ${flags}`, variables);
  const adopted = (name: string): string => join(checkout.folder, "adopted", name);
  const holdsSecret = (file: string): boolean => {
    const text = readFileSync(file, "utf8");
    return text.includes(client.secret) || text.includes(Buffer.from(client.secret).toString("base64"));
  };

  test("without credentials, and with some that nobody takes: refused in words, nothing is written", async () => {
    for (const [variables, expected, words] of by.refused) {
      const { status, stderr } = await adopt("", variables);
      assert.equal(status, expected, stderr);
      assert.match(stderr, words);
    }
    assert.ok(!existsSync(adopted("")));
  });

  test("half of a role is no grant: the group is named, nothing is written", async () => {
    const path = `/apis/${rbacGroup}/v1/namespaces/kasten-io/rolebindings/k10-admin`;
    const { body } = await kube(lab, "GET", path);
    await kube(lab, "DELETE", path);
    const { status, stdout } = await adopt();
    assert.equal(status, 1);
    assert.ok(
      stdout.includes(
        `${by.prefix}${client.carried["Kasten Admins"] ?? ""} holds others, got ClusterRole k10-admin by ClusterRoleBinding k10-admin`,
      ),
      stdout,
    );
    assert.ok(!existsSync(adopted("")));
    const { metadata, ...rest } = body as { metadata: { name: string } };
    assert.equal(
      (await kube(lab, "POST", `/apis/${rbacGroup}/v1/namespaces/kasten-io/rolebindings`, { ...rest, metadata: { name: metadata.name } }))
        .status,
      201,
    );
  });

  test("a stack file, an import file, a report with equal access; the secret is in none of them, and a second run touches nothing", async () => {
    const { status, stdout, stderr } = await adopt();
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /4 before, 4 after: equal\./);
    assert.deepEqual(filesBelow(adopted("")).filter(holdsSecret), []);
    assert.equal(existsSync(adopted("release.json")), form === "inline");
    const again = await adopt();
    assert.equal(again.status, 64);
    assert.match(again.stderr, /Nothing was written/);
  });

  test("taken over: nobody fails to sign in, nothing is replaced, access, client and secret are the same", async () => {
    const access = await reviewed(lab, by, client);
    assert.ok(Object.values(access).flat().includes(true) && Object.values(access).flat().includes(false));
    await useAdoptedStack();
    const relyingParty = await startKastenRelyingParty({
      ...{ kubeconfigPath: lab.cluster.kubeconfigPath, namespace: "kasten-io", release: "k10", ca: lab.authority.certificate },
      certificate: await certificate(),
    });
    const driver = await openDriver({
      ca: lab.authority.certificate,
      hostMap: { [relyingParty.host]: relyingParty.address },
      browser: false,
    });
    const attempts: boolean[] = [];
    const done = new AbortController();
    const trying = (async () => {
      while (!done.signal.aborted) {
        await relyingParty.restartIfRolled();
        for (const login of Object.values(holders)) {
          attempts.push((await driver.signIn({ startUrl: relyingParty.startUrl, ...credentialOf(lab, login) })).outcome === "signed-in");
        }
      }
    })();
    try {
      const started = performance.now();
      await takeOver();
      const imported = performance.now();
      const { stdout } = await lab.engine.run(["preview", "--json"]);
      const operations = (JSON.parse(stdout) as { steps: { op: string; urn: string }[] }).steps.filter(
        ({ op }) => !/^(same|create|update|read)$/.test(op),
      );
      assert.deepEqual(operations, []);
      const planned = performance.now();
      const shown = await up(lab);
      const seconds = [imported - started, planned - imported, performance.now() - planned].map((took) => (took / 1000).toFixed(1));
      console.log(`into the state ${seconds[0]} s, preview ${seconds[1]} s, first update ${seconds[2]} s`);
      assert.doesNotMatch(shown, /replaced|deleted/);
      await relyingParty.restartIfRolled();
    } finally {
      done.abort();
      await trying;
      await driver.close();
      await relyingParty.stop();
    }
    console.log(`sign-ins while it was taken over: ${attempts.length} tried, ${attempts.filter((ok) => !ok).length} failed`);
    assert.ok(attempts.length > 20);
    assert.ok(attempts.every((ok) => ok));
    assert.deepEqual(await reviewed(lab, by, client), access);
    assert.ok(await by.accepts(lab, client, client.secret));
    assert.equal(await by.secrets(lab, client), 1);
    assert.equal(await heldSecret(), client.secret);
    assert.equal((await lab.document()).platforms["k10"]?.clientId, client.id);
    await up(lab, "--expect-no-changes");
  });

  test("the state never had the secret in plain text", () => {
    assert.deepEqual(filesBelow(`${lab.stateDir}/state`).filter(holdsSecret), []);
  });

  test("one rotation, one change of access", async () => {
    configure(lab, ["gatehouse:idp", "secret", "rotatedOn"], [new Date().toISOString().slice(0, 10)]);
    await up(lab);
    assert.equal(await by.secrets(lab, client), 2);
    const fresh = await heldSecret();
    assert.notEqual(fresh, client.secret);
    assert.ok(await by.accepts(lab, client, fresh));
    // Nobody is cut off while pods take it.
    assert.ok(await by.accepts(lab, client, client.secret));

    const before = await reviewed(lab, by, client);
    const holder = removeGrant("view");
    await up(lab);
    // The binding made by hand gives the same until somebody deletes it: the report names it, and so does drift.
    const drift = await checkout.run('node dist/cli/bin.js drift --format json --stack "$STACK"');
    assert.equal(drift.status, 5, drift.stderr);
    const { findings } = JSON.parse(drift.stdout) as { findings: { kind: string; what: string }[] };
    assert.ok(
      findings.some(({ kind, what }) => kind === "shadow-access" && what === "ClusterRoleBinding auditors"),
      drift.stdout,
    );
    assert.deepEqual(await reviewed(lab, by, client), before);
    assert.equal((await kube(lab, "DELETE", `/apis/${rbacGroup}/v1/clusterrolebindings/auditors`)).status, 200);
    const after = await reviewed(lab, by, client);
    assert.deepEqual(after["Security Auditors"], after["Nobody"], holder);
    assert.notDeepEqual(before["Security Auditors"], before["Nobody"]);
    assert.deepEqual({ ...after, "Security Auditors": [] }, { ...before, "Security Auditors": [] });
  });

  /** The client secret that K10's pods read now. */
  async function heldSecret(): Promise<string> {
    const { namespace = "", name = "" } = (await lab.document()).platforms["k10"]?.secret ?? {};
    return secretText(namespace, name);
  }

  async function secretText(namespace: string, name: string): Promise<string> {
    const { body } = await kube(lab, "GET", `/api/v1/namespaces/${namespace}/secrets/${name}`);
    return Buffer.from((body as { data: Record<string, string> }).data["client-secret"] ?? "", "base64").toString("utf8");
  }

  /** Takes the one grant of a role out of the stack file. */
  function removeGrant(role: string): string {
    const document = parseDocument(readFileSync(stackFileOf(lab), "utf8")).toJS() as {
      config: Record<string, Record<string, { access: { group: string; role: string }[] }>>;
    };
    const access = document.config["gatehouse:platforms"]?.["k10"]?.access ?? [];
    const position = access.findIndex((grant) => grant.role === role);
    assert.ok(position >= 0);
    configure(lab, ["gatehouse:platforms", "k10", "access", position], undefined);
    return access[position]?.group ?? "";
  }

  async function certificate(): Promise<{ certPem: string; keyPem: string }> {
    const made = await lab.authority.issueServer({ name: "platform-k10-by-hand", dnsNames: ["k10.example.com"] });
    return { certPem: made.certificate, keyPem: made.key };
  }

  /** The written stack file in place of the lab's, with what only a lab needs. */
  async function useAdoptedStack(): Promise<void> {
    const file = stackFileOf(lab);
    const salt = (parseDocument(readFileSync(file, "utf8")).toJS() as { encryptionsalt: string }).encryptionsalt;
    const document = parseDocument(readFileSync(adopted(`Pulumi.${lab.engine.stack}.yaml`), "utf8"));
    document.set("encryptionsalt", salt);
    document.setIn(["config", "gatehouse:platforms", "k10", "chart", "path"], "lab/story/charts/k10");
    document.setIn(["config", "gatehouse:platforms", "k10", "chart", "wait"], false);
    writeFileSync(file, document.toString());
    const secret = await secretText("kasten-io", form === "inline" ? "k10-oidc-auth" : ownSecret);
    const encoded = Buffer.from(secret).toString("base64");
    const set = await checkout.run(
      'printenv ENCODED | base64 --decode | pulumi config set --secret clients:k10 --stack "$STACK" --config-file "$FILE"',
      {
        ENCODED: encoded,
        FILE: file,
      },
    );
    assert.equal(set.status, 0, set.stderr);
  }

  /** The commands of the report, on the lab's stack. */
  async function takeOver(): Promise<void> {
    await lab.engine.run(["import", "--file", adopted("import.json"), "--protect=false", "--generate-code=false", "--yes"]);
    if (form === "secret") {
      return;
    }
    const { status, stderr } = await checkout.run(
      'pulumi stack export --stack "$STACK" | node dist/cli/bin.js adopt --into-state adopted/release.json | pulumi stack import --stack "$STACK"',
    );
    assert.equal(status, 0, stderr);
  }
}
