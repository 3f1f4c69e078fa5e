/** Kasten K10 on Entra ID, from its first update to nothing: replicas, second factors, rotation, drift, and what the vendor refuses or fails. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { credentialOf, openRelyingParty, prove } from "../../lab/story/demo/proofs";
import { trustClients, type Lab } from "../../lab/story/session";
import { openDriver } from "../../lab/story/sign-in";
import {
  clientToken,
  control,
  firstUp,
  graph,
  heldSecret,
  inventory,
  listOf,
  requestsDuring,
  rotatedOn,
  signInAt,
  withoutPermission,
} from "./entra";
import { ended, gatehouse, login } from "./login";
import { dayFromNow } from "./okta-secrets";
import { againWhile, asFound, becomes, configure, namesOf, stackFileOf, up } from "./support";

let lab: Lab;
let clean: Record<string, unknown>;

const applicationName = "k10 (lab-k10-entra)";
const omar = "omar@example.com";
const policies = "/v1.0/identity/conditionalAccess/policies";

/** The next new principal is not known at its first change, however long the update takes to get there. */
const unknownPrincipal = (): Promise<unknown> =>
  control(lab, "POST", "faults", { method: "PATCH", path: "/v1.0/servicePrincipals/", times: 1, with: { status: 404 } });

/** `pulumi up` that must fail; gives back all that it said. */
async function failingUp(): Promise<string> {
  const { status, stdout, stderr } = await lab.engine.run(["up", "--yes", "--skip-preview"], { accept: [1, 255] });
  assert.notEqual(status, 0, stdout);
  return stdout + stderr;
}

/** Signs Omar in before, while and after something runs, with whichever secret K10's pods hold at that moment. */
async function signInsDuring(work: () => Promise<unknown>): Promise<{ attempts: string[]; rolled: string[] }> {
  const relyingParty = await openRelyingParty(lab, await lab.document(), "k10");
  const driver = await openDriver({
    ca: lab.authority.certificate,
    hostMap: { [relyingParty.host]: relyingParty.address },
    browser: false,
  });
  const attempts: string[] = [];
  const rolled = new Set<string>();
  const once = async (): Promise<void> => {
    (await relyingParty.restartIfRolled()).forEach((name) => rolled.add(name));
    const outcome = await driver.signIn({ startUrl: relyingParty.startUrl, ...credentialOf(lab, omar) });
    attempts.push(outcome.outcome === "refused" ? outcome.reason : outcome.outcome);
  };
  try {
    await againWhile(once, work);
  } finally {
    await driver.close();
    await relyingParty.stop();
  }
  return { attempts, rolled: [...rolled].sort() };
}

/** @param shared a lab of lab-k10-entra on which nothing is deployed, whose calendar is quiet; it is left so */
export function k10Entra(shared: () => Lab): void {
  suite("K10 on Entra ID", () => {
    let leave: () => Promise<void>;
    before(async () => {
      lab = shared();
      leave = asFound(lab);
      clean = await inventory(lab);
    });
    after(async () => {
      await control(lab, "PUT", "clock", { aheadMilliseconds: 0 });
      await control(lab, "DELETE", "faults");
      await leave();
    });

    test("the first update stops at a principal that is not known everywhere yet, says so, and the second one goes on from there", async () => {
      await unknownPrincipal();
      const said = await failingUp();
      assert.match(said, /Timed out whilst waiting for new service principal to be replicated in Azure AD/);
      const log = join(lab.stateDir, "up.log");
      writeFileSync(log, said);
      const explained = await ended(gatehouse(lab, ["explain", log]));
      assert.match(explained.stdout, /^k10-app-principal: .* Run the update again: it goes on where it stopped\.$/m);
      await up(lab);
      await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
      await becomes(() => inventory(lab), clean);
    });

    test("requests: a whole update, and a plan without changes", async () => {
      const created = await requestsDuring(lab, () => firstUp(lab));
      const planned = await requestsDuring(lab, () => lab.engine.run(["preview", "--expect-no-changes"]));
      console.log(`requests of a first up: ${created.graph} to Graph, ${created.other} for metadata and tokens`);
      console.log(`requests of a preview without changes: ${planned.graph} to Graph, ${planned.other} for metadata and tokens`);
      assert.ok(created.graph > 20);
      assert.ok(planned.graph <= 12, "a plan looks up existing groups and people, nothing else");
    });

    test("a second update changes nothing, and neither does a refresh", async () => {
      await up(lab, "--expect-no-changes");
      await lab.engine.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
    });

    test("people sign in with exactly the rights that were written down", async () => {
      const document = await lab.document();
      const { results } = await prove(lab, document, { trusted: trustClients(lab, document) });
      assert.deepEqual(
        results.filter((result) => !result.holds),
        [],
      );
      assert.equal(results.length, 39);
    });

    test("the second factor: refused without it, not asked of the break-glass group, not asked while reporting only", async () => {
      const refused = await signInAt(lab, omar, { otp: false });
      assert.equal(refused.outcome, "refused");
      assert.equal((await signInAt(lab, omar)).outcome, "signed-in");

      // Nils is in the break-glass group; with a grant he gets in by his password alone.
      configure(lab, ["gatehouse:groups", "backup-operators", "members"], [omar, "nils@example.com"]);
      await up(lab);
      assert.equal((await signInAt(lab, "nils@example.com", { otp: false })).outcome, "signed-in");

      configure(lab, ["gatehouse:idp", "conditionalAccess", "state"], "report-only");
      await up(lab);
      assert.equal((await signInAt(lab, omar, { otp: false })).outcome, "signed-in");

      configure(lab, ["gatehouse:idp", "conditionalAccess", "state"], "enforced");
      configure(lab, ["gatehouse:groups", "backup-operators", "members"], [omar]);
      await up(lab);
      assert.equal((await signInAt(lab, omar, { otp: false })).outcome, "refused");
    });

    test("a rotation by hand: no sign-in fails, the old secret holds for the overlap, and is refused after its end", async () => {
      const document = await lab.document();
      const { clientId = "" } = document.platforms["k10"] ?? {};
      const old = await heldSecret(lab);
      const day = dayFromNow(-1);
      const command = await ended(gatehouse(lab, ["secret", "rotate", stackFileOf(lab), "--today", day]));
      assert.equal(command.status, 0, command.stderr);
      assert.deepEqual(rotatedOn(lab), [day]);

      const { attempts, rolled } = await signInsDuring(() => up(lab));
      const failed = attempts.filter((outcome) => outcome !== "signed-in");
      console.log(`sign-ins across a rotation: ${attempts.length} tried, ${failed.length} failed`);
      assert.deepEqual(failed, []);
      assert.deepEqual(rolled, ["auth-svc", "controllermanager-svc", "dashboardbff-svc"]);

      const fresh = await heldSecret(lab);
      assert.notEqual(fresh.name, old.name);
      assert.notEqual(fresh.value, old.value);
      assert.equal((await clientToken(lab, clientId, old.value)).status, 200, "the old secret holds while the overlap lasts");
      assert.equal((await clientToken(lab, clientId, fresh.value)).status, 200);
      await up(lab, "--expect-no-changes");

      // After its end date the directory itself refuses it, whether or not anybody ran an update.
      await control(lab, "PUT", "clock", { aheadMilliseconds: 181 * 86_400_000 });
      const expired = await clientToken(lab, clientId, old.value);
      await control(lab, "PUT", "clock", { aheadMilliseconds: 0 });
      assert.equal(expired.status, 401);
      assert.deepEqual(expired.body["error_codes"], [7000222]);

      // And the first update after the overlap removes it.
      configure(lab, ["gatehouse:idp", "secret", "overlap"], "1d");
      await up(lab);
      const retired = await clientToken(lab, clientId, old.value);
      assert.equal(retired.status, 401);
      assert.deepEqual(retired.body["error_codes"], [7000215]);
      assert.equal((await signInAt(lab, omar)).outcome, "signed-in");
      const [application] = await listOf(lab, `/v1.0/applications?$filter=displayName eq '${applicationName}'`);
      assert.deepEqual(
        (application?.["passwordCredentials"] as { displayName: string }[]).map(({ displayName }) => displayName),
        [`gatehouse ${day}`],
      );
      const mounted = (await namesOf(lab, "/api/v1/namespaces/kasten-io/secrets")).filter((name) => /^k10-oidc-(?!auth$)/.test(name));
      assert.deepEqual(mounted, [fresh.name]);
    });

    test("gatehouse login names the overage of a person in more than 200 groups, and is content once the claim is bounded", async () => {
      const [person] = await listOf(lab, `/v1.0/users?$filter=userPrincipalName eq '${omar}'`);
      const { graph: address } = { graph: `https://${lab.identityProvider.environment["ARM_METADATA_HOSTNAME"] ?? ""}` };
      const made: string[] = [];
      for (let number = 0; number < 201; number += 1) {
        const { body, status } = await graph(lab, "POST", "/v1.0/groups", {
          displayName: `Many ${number}`,
          mailNickname: `many-${number}`,
          mailEnabled: false,
          securityEnabled: true,
          "members@odata.bind": [`${address}/v1.0/directoryObjects/${String(person?.["id"])}`],
        });
        assert.equal(status, 201, JSON.stringify(body));
        made.push(String(body["id"]));
      }
      configure(lab, ["gatehouse:idp", "diagnosticRedirect"], true);
      configure(lab, ["gatehouse:idp", "groupClaims"], "all");
      assert.match(await up(lab), /groupClaims: all: people in more than 200 security groups cannot sign in/);
      const overfull = await login(lab, omar);
      assert.equal(overfull.status, 2, overfull.stderr);
      assert.ok((overfull.verdict["causes"] as { code: string }[]).some(({ code }) => code === "overage"));
      assert.match(overfull.stderr, /Remedy: Bound the claim to the groups that are assigned to the application \(groupClaims: assigned\)/);

      configure(lab, ["gatehouse:idp", "groupClaims"], "assigned");
      await up(lab);
      const bounded = await login(lab, omar);
      assert.equal(bounded.status, 0, bounded.stderr);
      assert.deepEqual(
        (bounded.verdict["grants"] as { role: string }[]).map(({ role }) => role),
        ["basic"],
      );
      await Promise.all(made.map((id) => graph(lab, "DELETE", `/v1.0/groups/${id}`)));
    });

    test("drift: what somebody changed in the portal is seen by refresh, and mended by the next update", async () => {
      const [application] = await listOf(lab, `/v1.0/applications?$filter=displayName eq '${applicationName}'`);
      const [policy] = await listOf(lab, policies);
      const changed = await graph(lab, "PATCH", `/v1.0/applications/${String(application?.["id"])}`, { groupMembershipClaims: "All" });
      assert.equal(changed.status, 204);
      assert.equal((await graph(lab, "PATCH", `${policies}/${String(policy?.["id"])}`, { state: "disabled" })).status, 204);
      const seen = await lab.engine.run(["refresh", "--yes", "--skip-preview"]);
      assert.match(seen.stdout, /Application k10-app updated/);
      assert.match(seen.stdout, /ConditionalAccessPolicy k10-app-mfa updated/);
      await up(lab);
      const { body } = await graph(lab, "GET", `/v1.0/applications/${String(application?.["id"])}`);
      assert.equal(body["groupMembershipClaims"], "ApplicationGroup");
      assert.equal((await listOf(lab, policies))[0]?.["state"], "enabled");
    });

    test("destroy leaves nothing in the tenant and the cluster", async () => {
      await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
      await becomes(() => inventory(lab), clean);
    });

    test("a missing permission is named; what was made before stays, and the next update goes on from there", async () => {
      const restore = await withoutPermission(lab, "Policy.ReadWrite.ConditionalAccess");
      await unknownPrincipal();
      assert.match(await failingUp(), /waiting for new service principal to be replicated/);
      const said = await failingUp();
      await restore();
      assert.match(said, /ConditionalAccessPolicy \(k10-app-mfa\):\s+error: .*403/);
      const log = join(lab.stateDir, "up.log");
      writeFileSync(log, said);
      const explained = await ended(gatehouse(lab, ["explain", log]));
      assert.match(explained.stdout, /^k10-app-mfa: .* Policy\.Read\.All and Policy\.ReadWrite\.ConditionalAccess/m);
      await up(lab);
      await up(lab, "--expect-no-changes");
      assert.equal((await listOf(lab, `/v1.0/applications?$filter=displayName eq '${applicationName}'`)).length, 1);
      await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
    });

    test("429 with Retry-After and 5xx are waited out; a dropped connection is an error, and the next update converges", async () => {
      await control(lab, "POST", "faults", {
        method: "POST",
        path: "/v1.0/applications",
        times: 2,
        with: { status: 429, retryAfterSeconds: 1 },
      });
      await control(lab, "POST", "faults", { method: "POST", path: "/beta/groups", times: 2, with: { status: 503 } });
      await control(lab, "POST", "faults", { method: "POST", path: policies, times: 1, with: { status: 500 } });
      await firstUp(lab);
      const counts = await control(lab, "GET", "requests");
      assert.equal(counts["POST /v1.0/applications 429"], 2);
      assert.equal(counts["POST /beta/groups 503"], 2);
      await lab.engine.run(["destroy", "--yes", "--skip-preview"]);

      await control(lab, "POST", "faults", { method: "POST", path: "/v1.0/servicePrincipals", times: 1, with: { drop: true } });
      assert.match(await failingUp(), /k10-app-principal/);
      await firstUp(lab);
      assert.equal((await signInAt(lab, omar)).outcome, "signed-in");
      await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
      await becomes(() => inventory(lab), clean);
    });
  });
}
