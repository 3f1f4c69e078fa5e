/**
 * Kasten K10 installed by hand as the vendor's articles say (`helm install`, the client secret in the values or in a Secret, `kubectl create
 * clusterrolebinding`), then taken over: people sign in all the while, nothing is replaced, access and the client secret stay.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { parseDocument } from "yaml";
import { startKastenRelyingParty } from "../../lab/story/relying-parties/kasten/kasten";
import type { Lab } from "../../lab/story/session";
import {
  access,
  bindByHand,
  handMadeEntra,
  handMadeKeycloak,
  handMadeOkta,
  holders,
  installByHand,
  type Client,
  type HandMade,
  type SecretForm,
} from "./adopt-k10";
import { firstUpdate, rbac, signingInWhile, takeOver } from "./adoption";
import { makeCheckout, type Checkout, type ScriptResult } from "./checkout";
import { configure, filesBelow, kube, openLab, stackFileOf, up } from "./support";

const rows: readonly (readonly [title: string, by: HandMade, form: SecretForm])[] = [
  ["Okta, the secret in the values", handMadeOkta, "inline"],
  ["Okta, a Secret", handMadeOkta, "secret"],
  ["Entra ID, the secret in the values", handMadeEntra, "inline"],
  ["Keycloak, the secret in the values", handMadeKeycloak, "inline"],
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
    await checkout.build();
    client = await by.makeClient(lab);
    await installByHand(lab, by, client, form);
    await bindByHand(lab, by, client);
  });
  after(() => lab.stop());

  const adopt = (flags = "", variables: Record<string, string> = {}): Promise<ScriptResult> =>
    checkout.run(`node dist/cli/bin.js adopt --idp ${by.idp} --stack "$STACK" ${flags}`, { ...by.reader, ...variables });
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
    const path = `${rbac}/namespaces/kasten-io/rolebindings/k10-admin`;
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
      (await kube(lab, "POST", `${rbac}/namespaces/kasten-io/rolebindings`, { ...rest, metadata: { name: metadata.name } })).status,
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
    const held = await access(lab, by, client);
    assert.ok(Object.values(held).flat().includes(true) && Object.values(held).flat().includes(false));
    const relyingParty = await startKastenRelyingParty({
      ...{ kubeconfigPath: lab.cluster.kubeconfigPath, namespace: "kasten-io", release: "k10", ca: lab.authority.certificate },
      certificate: await certificate(),
    });
    const logins = Object.values(holders);
    const work = async (): Promise<void> => {
      const started = performance.now();
      await takeOver({ lab, checkout }, [
        [["k10", "chart", "path"], "lab/story/charts/k10"],
        [["k10", "chart", "wait"], false],
      ]);
      const imported = (performance.now() - started) / 1000;
      const { preview, update } = await firstUpdate(lab);
      console.log(`into the state ${imported.toFixed(1)} s, preview ${preview.toFixed(1)} s, first update ${update.toFixed(1)} s`);
    };
    const counted = await signingInWhile(lab, relyingParty, { logins, work }).finally(() => relyingParty.stop());
    console.log(`sign-ins while it was taken over: ${counted.tried} tried, ${counted.failed} failed`);
    assert.equal(counted.failed, 0);
    assert.deepEqual(await access(lab, by, client), held);
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
    const before = await access(lab, by, client);
    configure(lab, ["gatehouse:idp", "secret", "rotatedOn"], [new Date().toISOString().slice(0, 10)]);
    const holder = removeGrant("view");
    await up(lab);
    assert.equal(await by.secrets(lab, client), by.secretsAtRotation);
    const fresh = await heldSecret();
    assert.notEqual(fresh, client.secret);
    assert.ok(await by.accepts(lab, client, fresh));
    // Where the provider keeps two, nobody is cut off while pods take the new one.
    assert.equal(await by.accepts(lab, client, client.secret), by.secretsAtRotation === 2);

    // The binding made by hand gives the same until somebody deletes it: the report names it, and so does drift.
    const drift = await checkout.run('node dist/cli/bin.js drift --format json --stack "$STACK"');
    assert.equal(drift.status, 5, drift.stderr);
    const { findings } = JSON.parse(drift.stdout) as { findings: { kind: string; what: string }[] };
    assert.ok(
      findings.some(({ kind, what }) => kind === "shadow-access" && what === "ClusterRoleBinding auditors"),
      drift.stdout,
    );
    assert.deepEqual(await access(lab, by, client), before);
    assert.equal((await kube(lab, "DELETE", `${rbac}/clusterrolebindings/auditors`)).status, 200);
    const after = await access(lab, by, client);
    assert.deepEqual(after["Security Auditors"], after["Nobody"], holder);
    assert.notDeepEqual(before["Security Auditors"], before["Nobody"]);
    assert.deepEqual({ ...after, "Security Auditors": [] }, { ...before, "Security Auditors": [] });
  });

  /** The client secret that K10's pods read now. */
  async function heldSecret(): Promise<string> {
    const { namespace = "", name = "" } = (await lab.document()).platforms["k10"]?.secret ?? {};
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
}
