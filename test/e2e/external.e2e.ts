/**
 * Kasten K10 behind issuers that somebody else looks after, each of which words its tokens in its own way: one lab, whose stack file moves
 * from one to the next. The people, the client and the grants stay the same.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { prove } from "../../lab/story/demo/proofs";
import { trustClients, type Lab } from "../../lab/story/session";
import { send } from "../../lab/story/sign-in";
import { groupId, manners, type MannerName } from "../../lab/vendors";
import { configure, kube, namesOf, openLab, up } from "./support";

const idp = "gatehouse:idp";
const groups = { "backup-admins": "Kasten Admins", "backup-operators": "Kasten Operators", auditors: "Security Auditors" };
const access = ["gatehouse:platforms", "k10", "access"];

let lab: Lab;
before(async () => {
  lab = await openLab("lab-k10-external");
});
after(() => lab.stop());

/** Every proof of the scenario that does not hold: who is allowed, denied, and refused at sign-in. */
async function notHeld(browser?: false): Promise<unknown[]> {
  const document = await lab.document();
  const { results } = await prove(lab, document, { trusted: trustClients(lab, document), browser });
  assert.ok(results.some(({ tries, got }) => tries === "sign in" && got.startsWith("refused")));
  return results.filter((result) => !result.holds);
}

/** The stack file names another issuer, and what its owner says of its tokens. */
function moveTo(name: MannerName, settings: Readonly<Record<string, unknown>>): void {
  const issuer = new URL(lab.identityProvider.issuer).origin + manners[name].path;
  for (const [key, value] of Object.entries({ preset: undefined, groups: undefined, scopes: undefined, ...settings, issuer })) {
    configure(lab, [idp, key], value);
  }
}

async function refusal(): Promise<string> {
  const { status, stdout, stderr } = await lab.engine.run(["up", "--yes", "--skip-preview"], { accept: [1, 255] });
  assert.notEqual(status, 0);
  return stdout + stderr;
}

test("authentik: people have exactly the rights that were written down, and a second update changes nothing", async () => {
  await up(lab);
  assert.deepEqual(await notHeld(), []);
  await up(lab, "--expect-no-changes");
});

test("an issuer without the slash that its discovery document has is refused with the right one, and nothing changes", async () => {
  const { issuer } = lab.identityProvider;
  configure(lab, [idp, "issuer"], issuer.slice(0, -1));
  assert.match(await refusal(), /idp\.issuer: expected an issuer of authentik .*Fix: write https:\/\/.*\/application\/o\/k10\/\./);
  configure(lab, [idp, "preset"], undefined);
  assert.match(await refusal(), /idp\.issuer: expected .* byte for byte.*Fix: write https:\/\/.*\/application\/o\/k10\/\./);
  configure(lab, [idp, "preset"], "authentik");
  configure(lab, [idp, "issuer"], issuer);
  await up(lab, "--expect-no-changes");
});

const makes: readonly [name: MannerName, what: string, settings: Readonly<Record<string, unknown>>][] = [
  ["memberOf", "one group comes as a text, under another name", { groups: { claim: "memberOf", shape: "list-or-text" } }],
  ["many", "150 groups beside the granted one, without a limit", {}],
  ["pairwise", "another subject for each client, groups by a scope", { preset: "dex", pairwiseSubject: true }],
  ["ids", "ids in place of names, a URL as the claim", { groups: { claim: "https://example.com/groups", values: "id" } }],
];

for (const [name, what, settings] of makes) {
  test(`${name}: ${what}`, async () => {
    moveTo(name, settings);
    for (const [key, existing] of Object.entries(groups)) {
      configure(lab, ["gatehouse:groups", key, "existing"], name === "ids" ? groupId(existing) : existing);
    }
    await up(lab);
    // Whoever counts roles by the scenario's names cannot know ids: there, what people may do is the proof.
    const failed = (await notHeld(false)) as { tries: string }[];
    assert.deepEqual(name === "ids" ? failed.filter(({ tries }) => tries !== "have the ID token verified") : failed, []);
    await up(lab, "--expect-no-changes");
  });
}

test("no groups: grants to groups are refused, and single people are granted to by their subject", async () => {
  moveTo("none", { groups: "none", pairwiseSubject: undefined });
  assert.match(await refusal(), /access\[0\]\.group: expected an issuer whose tokens carry groups/);
  const subjectOf = (login: string): string => manners.none.subject({ login, firstName: "", lastName: "", groups: [] });
  const [ana, omar, ada] = ["ana@example.com", "omar@example.com", "ada@example.com"] as const;
  configure(lab, [idp, "people"], Object.fromEntries([ana, omar, ada].map((login) => [login, subjectOf(login)])));
  configure(lab, ["gatehouse:groups"], {});
  configure(lab, access, [
    { user: ana, role: "admin" },
    { user: omar, role: "basic", namespaces: ["shop"] },
    { user: ada, role: "view", until: "2027-03-31" },
  ]);
  await up(lab);
  assert.deepEqual(await notHeld(false), []);
});

test("the owner makes a new secret: whoever deploys sets it, here by a Secret that is there, and people sign in again", async () => {
  const secret = "made by the owner, handed over";
  const { url = "", token = "" } = lab.identityProvider.control ?? {};
  const { clientId } = (await lab.document()).platforms["k10"] ?? {};
  const handle = `${url}/clients/${clientId ?? ""}/secrets`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const replaced = await send(
    new URL(handle),
    { ca: lab.authority.certificate },
    { method: "PUT", headers, body: JSON.stringify([secret]) },
  );
  assert.equal(replaced.status, 200);
  assert.ok((await notHeld(false)).length > 0, "the platform's secret is not the client's any more");
  const stringData = { "client-secret": secret };
  const made = await kube(lab, "POST", "/api/v1/namespaces/shop/secrets", { metadata: { name: "k10-client" }, stringData });
  assert.equal(made.status, 201);
  configure(lab, [idp, "clients", "k10", "secret"], { kubernetesSecret: { namespace: "shop", name: "k10-client" } });
  const log = await up(lab);
  assert.ok(!log.includes(secret));
  assert.deepEqual(await notHeld(false), []);
});

test("destroy leaves what the owners made: the Secret that was handed over, and the client", async () => {
  await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
  assert.ok((await namesOf(lab, "/api/v1/namespaces/shop/secrets")).includes("k10-client"));
});
