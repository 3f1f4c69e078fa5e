/**
 * A stack on a real Keycloak: who may do what, what somebody changes in its admin console, the rotation of a client's secret, and what is
 * left in the realm. Tests of each stack in keycloak-k10.e2e.ts and keycloak-clusters.e2e.ts.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { credentialOf, openRelyingParty, prove } from "../../lab/story/demo/proofs";
import { trustClients, type Lab } from "../../lab/story/session";
import { openDriver } from "../../lab/story/sign-in";
import { dayFromNow } from "./okta-secrets";
import { clientOf, forgetFormerSecrets, keepFormerSecrets, keycloak, presentedBy, realmExport, requestsDuring, secretOf } from "./keycloak";
import { asFound, configure, up } from "./support";

export interface KeycloakStack {
  readonly stack: string;
  /** Key of its platform. */
  readonly platform: string;
  /** How the platform has its client secret; one that watches forgets a provider at once that is gone for a moment. */
  readonly secret: "its pods read at start" | "it watches" | "none";
}

const secretSettings = ["gatehouse:idp", "secret"];
/** What the realm's policy of {@link keepFormerSecrets} gives, to the day. */
const twoSecrets = { rotateEvery: "30d", overlap: "1d", lifetime: "31d" };

/** @param labOf a lab on which nothing is deployed, with the stack's file; nothing is left deployed */
export function keycloakStack({ stack, platform, secret }: KeycloakStack, labOf: () => Lab | Promise<Lab>): void {
  describe(stack, () => {
    let lab: Lab;
    let untouched: string;
    let leave: () => Promise<void>;
    before(async () => {
      lab = await labOf();
      leave = asFound(lab);
      untouched = await realmExport(lab);
    });
    after(() => leave());

    test("people have exactly the rights that were written down, and a second update changes nothing", async () => {
      const requests = await requestsDuring(lab, () => up(lab));
      const document = await lab.document();
      const { results } = await prove(lab, document, { trusted: trustClients(lab, document) });
      assert.deepEqual(
        results.filter((result) => !result.holds),
        [],
      );
      assert.ok(results.some(({ tries, got }) => tries === "sign in" && got.startsWith("refused")));
      const again = await requestsDuring(lab, () => up(lab, "--expect-no-changes"));
      await lab.engine.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
      console.log(`${stack}: ${requests} requests to Keycloak in the first update, ${again} in one that changes nothing`);
    });

    test("what somebody changes in the admin console is in the plan, and the next update takes it back", async () => {
      const made = await realmExport(lab);
      const client = await clientOf(lab, platform);
      await keycloak(lab, "PUT", `/clients/${client.id}`, {
        ...client,
        implicitFlowEnabled: true,
        directAccessGrantsEnabled: true,
        fullScopeAllowed: true,
        redirectUris: [...(client["redirectUris"] as string[]), "https://elsewhere.example.com/*"],
      });
      await addToFirstGroup(lab);
      assert.notEqual(await realmExport(lab), made);
      const { status, stdout } = await lab.engine.run(["preview", "--refresh", "--diff", "--expect-no-changes"], { accept: [7] });
      assert.equal(status, 7, "changes were proposed");
      for (const seen of [
        /implicitFlowEnabled/,
        /directAccessGrantsEnabled/,
        /fullScopeAllowed/,
        /elsewhere\.example\.com/,
        /nils@example\.com/,
      ]) {
        assert.match(stdout, seen);
      }
      await up(lab, "--refresh");
      assert.equal(await realmExport(lab), made);
    });

    if (secret !== "none") {
      test("a new client secret: the old one ends at once, or stays where the realm's policy says so, and then no sign-in fails", async () => {
        const watches = secret === "it watches";
        const { id, ...client } = await clientOf(lab, platform);
        const presented = (value: string): Promise<unknown> => presentedBy(lab, String(client["clientId"]), value);
        const first = await secretOf(lab, id);
        const alone = await signInsDuring(lab, platform, { rotatedOn: [dayFromNow(-1)] }, watches);
        const second = await secretOf(lab, id);
        assert.notEqual(second, first);
        assert.equal(await presented(first), "unauthorized_client");
        assert.equal(await presented(second), "invalid_grant");

        configure(lab, secretSettings, { rotatedOn: [dayFromNow(-1)], ...twoSecrets });
        const { stderr, stdout } = await lab.engine.run(["preview"], { accept: [1, 255] });
        assert.match(stderr + stdout, /gatehouse:idp\.secret\.overlap: expected [^]*got a realm without one\. Nothing was created\./);
        await keepFormerSecrets(lab);
        try {
          const together = await signInsDuring(lab, platform, { rotatedOn: [-1, 0].map(dayFromNow), ...twoSecrets }, watches);
          const third = await secretOf(lab, id);
          assert.notEqual(third, second);
          for (const accepted of [second, third]) {
            assert.equal(await presented(accepted), "invalid_grant");
          }
          console.log(`${stack}: sign-ins across a rotation, one secret: ${alone.text}; two secrets: ${together.text}`);
          assert.equal(together.failed, 0, together.text);
          assert.equal((await lab.document()).platforms[platform]?.secret?.expiresAt, `${dayFromNow(31)}T00:00:00Z`);
          await up(lab, "--expect-no-changes");
          await lab.engine.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
        } finally {
          configure(lab, secretSettings, { rotatedOn: [-1, 0].map(dayFromNow) });
          await forgetFormerSecrets(lab);
        }
      });
    }

    test("destroy leaves the realm as it was", async () => {
      await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
      assert.equal(await realmExport(lab), untouched);
    });
  });
}

/** Somebody gives a person the rights of the stack's first group, in which they are not. */
async function addToFirstGroup(lab: Lab): Promise<void> {
  const [name] = Object.values((await lab.document()).groups)
    .filter(({ members }) => members?.includes("ana@example.com"))
    .map(({ displayName }) => displayName);
  const groups = (await keycloak(lab, "GET", `/groups?search=${encodeURIComponent(name ?? "")}&exact=true`)) as { id: string }[];
  const [person] = (await keycloak(lab, "GET", "/users?username=nils@example.com&exact=true")) as { id: string }[];
  await keycloak(lab, "PUT", `/users/${person?.id ?? ""}/groups/${groups[0]?.id ?? ""}`);
}

/**
 * One person signs in again and again while an update makes a new secret.
 * @param watches whether the platform forgets its provider as soon as the Secret is gone; another one's pods run on until the next ones can start
 */
async function signInsDuring(
  lab: Lab,
  platform: string,
  secret: Readonly<Record<string, unknown>>,
  watches: boolean,
): Promise<{ failed: number; text: string }> {
  const relyingParty = await openRelyingParty(lab, await lab.document(), platform);
  const driver = await openDriver({
    ca: lab.authority.certificate,
    hostMap: { [relyingParty.host]: relyingParty.address },
    browser: false,
  });
  const credentials = { startUrl: relyingParty.startUrl, ...credentialOf(lab, "omar@example.com") };
  const attempts: { readonly at: number; readonly ok: boolean }[] = [];
  const attempt = async (): Promise<void> => {
    const at = Date.now();
    const read = await relyingParty.restartIfRolled().then(
      () => true,
      () => false,
    );
    attempts.push({ at, ok: (read || !watches) && (await driver.signIn(credentials)).outcome === "signed-in" });
  };
  try {
    configure(lab, secretSettings, secret);
    const done = new AbortController();
    const update = up(lab).finally(() => done.abort());
    while (!done.signal.aborted) {
      await attempt();
    }
    await update;
    await attempt();
    assert.equal(attempts.at(-1)?.ok, true, "the platform has the new secret when the update has ended");
  } finally {
    await driver.close();
    await relyingParty.stop();
  }
  const failed = attempts.filter(({ ok }) => !ok);
  const window = (failed.at(-1)?.at ?? 0) - (failed[0]?.at ?? 0);
  return { failed: failed.length, text: `${attempts.length} tried, ${failed.length} failed, within ${window} ms` };
}
