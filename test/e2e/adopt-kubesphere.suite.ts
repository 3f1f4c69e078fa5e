/**
 * KubeSphere on Okta, set up by hand as the vendor's article says (an entry in the ClusterConfiguration, in release 4 a Secret; people who
 * registered a user name; roles given in the console), then taken over: people sign in all the while, nothing is replaced, access, accounts
 * and the client secret stay.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { parseDocument } from "yaml";
import { startKubeSphere } from "../../lab/story/relying-parties/kubesphere/kubesphere";
import type { Lab } from "../../lab/story/session";
import {
  answers,
  configureByHand,
  configured,
  deleteGiven,
  identities,
  makeClient,
  passwordHash,
  provider,
  redirectUri,
  registerPeople,
  usernames,
  type Release,
} from "./adopt-kubesphere";
import { firstUpdate, signingInWhile, takeOver, type HandMadeApp } from "./adoption";
import { makeCheckout, type Checkout } from "./checkout";
import { acceptedSecretsOf } from "./okta-secrets";
import { configure, filesBelow, stackFileOf, up } from "./support";

/**
 * @param shared a lab of lab-kubesphere3-okta or lab-kubesphere4-okta on which nothing is deployed; what was made by hand stays there, so
 *   that the suite is the last one on its lab
 */
export function adoptedKubeSphere(release: Release, shared: () => Lab): void {
  suite(`KubeSphere ${release}, taken over`, () => takesOver(release, shared));
}

function takesOver(release: Release, shared: () => Lab): void {
  let lab: Lab;
  let checkout: Checkout;
  let app: HandMadeApp;

  before(async () => {
    lab = shared();
    checkout = makeCheckout(lab);
    await checkout.build();
    app = await makeClient(lab, release);
    await configureByHand(lab, release, app);
    await registerPeople(lab, release);
  });

  const secret = (): string => app.credentials.oauthClient.client_secret;
  const withSecrets = (folder: string): string[] =>
    filesBelow(folder).filter((file) => {
      const text = readFileSync(file, "utf8");
      return [secret(), Buffer.from(secret()).toString("base64"), passwordHash].some((value) => text.includes(value));
    });

  test("a stack file, an import file, a report with equal access; no secret is in any of them", async () => {
    const { status, stdout, stderr } = await checkout.run('node dist/cli/bin.js adopt --idp okta --stack "$STACK"');
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /7 before, 7 after: equal\./);
    assert.match(stdout, /The account nils, which holds no role that a grant can give, stays as it is/);
    assert.match(stdout, /RoleBinding shop\/auditors: the stack's own bindings give the same; delete it/);
    assert.match(stdout, /scopes today: openid, email, profile, of which KubeSphere asks for openid alone/);
    assert.deepEqual(withSecrets(join(checkout.folder, "adopted")), []);
  });

  test("taken over: nobody fails to sign in, nothing is replaced, access, accounts, client and secret are the same", async () => {
    const [held, made, before] = [await answers(lab, release), await identities(lab, release), await configured(lab, release)];
    assert.ok(Object.values(held).flat().includes(true) && Object.values(held).flat().includes(false));
    const issued = await lab.authority.issueServer({ name: "console-by-hand", dnsNames: ["console.example.com"] });
    const relyingParty = await startKubeSphere({
      ...{ kubeconfigPath: lab.cluster.kubeconfigPath, ca: lab.authority.certificate, release, redirectUri },
      certificate: { certPem: issued.certificate, keyPem: issued.key },
      trust: () => Promise.resolve(),
    });
    const counted = await signingInWhile(lab, relyingParty, {
      logins: Object.keys(usernames),
      work: async () => {
        await takeOver({ lab, checkout }, []);
        await firstUpdate(lab);
      },
    }).finally(() => relyingParty.stop());
    console.log(`sign-ins while it was taken over: ${counted.tried} tried, ${counted.failed} failed`);
    // Each of them at least once, however slow the machine is.
    assert.ok(counted.tried >= Object.keys(usernames).length);
    assert.equal(counted.failed, 0);
    assert.deepEqual(await answers(lab, release), held);
    const afterwards = await identities(lab, release);
    assert.deepEqual(
      Object.keys(made).filter((path) => made[path] !== afterwards[path]),
      [],
    );
    const { names, text } = await configured(lab, release);
    assert.deepEqual(names, before.names);
    assert.ok(text.includes(secret()) && text.includes(app.id) && !text.includes("openid"));
    assert.deepEqual(await acceptedSecretsOf(lab, app.id), [secret()]);
    assert.equal((await lab.document()).platforms["kubesphere"]?.clientId, app.id);
    await up(lab, "--expect-no-changes");
  });

  test("the state never had a secret, or a password, in plain text", () => {
    const state = `${lab.stateDir}/state`;
    assert.ok(filesBelow(state).some((file) => readFileSync(file, "utf8").includes("kubesphere-people-omar")));
    assert.deepEqual(withSecrets(state), []);
  });

  test("one rotation: the client secret is a new one, in the entry that was there", async () => {
    configure(lab, ["gatehouse:idp", "secret", "rotatedOn"], [new Date().toISOString().slice(0, 10)]);
    await up(lab);
    const [first, second] = await acceptedSecretsOf(lab, app.id);
    assert.equal(first, secret());
    assert.ok(second !== undefined && second !== first);
    const { text } = await configured(lab, release);
    assert.ok(text.includes(second) && text.includes(provider));
  });

  test("one change of access: the role goes that somebody had given by hand, and nothing else", async () => {
    if (release === 4) {
      await deleteGiven(lab);
    }
    const held = await answers(lab, release);
    const stack = parseDocument(readFileSync(stackFileOf(lab), "utf8")).toJS() as {
      config: { "gatehouse:platforms": { kubesphere: { access: { user: string; role: string }[] } } };
    };
    const { access } = stack.config["gatehouse:platforms"].kubesphere;
    const position = access.findIndex(({ user, role }) => user === "omar@example.com" && role === "namespace-operator");
    assert.notEqual(position, -1);
    configure(lab, ["gatehouse:platforms", "kubesphere", "access", position], undefined);
    await up(lab);
    const answered = await answers(lab, release);
    assert.ok(held["omar"]?.includes(true));
    assert.deepEqual(answered, { ...held, omar: answered["omar"] });
    assert.deepEqual(answered["omar"], held["nils"]);
  });
}
