/** A stack of KubeSphere on Okta: what it makes, what it leaves alone, and what is refused. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { credentialOf, openRelyingParty } from "../../lab/story/demo/proofs";
import type { Lab } from "../../lab/story/session";
import { earlierProvider } from "../../lab/story/scenarios/kubesphere";
import { openDriver } from "../../lab/story/sign-in";
import type { Release } from "./adopt-kubesphere";
import { asFound, configure, kube, namesOf, proved, proveStack, up } from "./support";

const configurationPath = "/apis/installer.kubesphere.io/v1alpha1/namespaces/kubesphere-system/clusterconfigurations/ks-installer";

interface Configuration {
  readonly metadata: { readonly annotations?: Record<string, string> };
  readonly spec: { readonly authentication: { readonly oauthOptions: { identityProviders: { readonly name: string }[] } } };
}

async function configuration(lab: Lab): Promise<Configuration> {
  return (await kube(lab, "GET", configurationPath)).body as Configuration;
}

async function providers(lab: Lab): Promise<string[]> {
  return (await configuration(lab)).spec.authentication.oauthOptions.identityProviders.map(({ name }) => name);
}

/** Signs a person in; what the page told her where she was refused. */
async function signIn(lab: Lab, login: string): Promise<string> {
  const relyingParty = await openRelyingParty(lab, await lab.document(), "console");
  const driver = await openDriver({
    ca: lab.authority.certificate,
    hostMap: { [relyingParty.host]: relyingParty.address },
    browser: false,
  });
  try {
    const outcome = await driver.signIn({ startUrl: relyingParty.startUrl, ...credentialOf(lab, login) });
    return outcome.outcome === "signed-in" ? (relyingParty.session(login)?.account ?? "nobody") : outcome.reason;
  } finally {
    await driver.close();
    await relyingParty.stop();
  }
}

/** The Secret that KubeSphere 4 reads, and what is in it. */
async function providerSecret(lab: Lab): Promise<{ readonly metadata: { readonly uid: string }; readonly content: string }> {
  const { body } = await kube(lab, "GET", "/api/v1/namespaces/kubesphere-system/secrets/identity-provider-okta");
  const secret = body as { metadata: { uid: string }; data: Record<string, string> };
  return { metadata: secret.metadata, content: Buffer.from(secret.data["configuration.yaml"] ?? "", "base64").toString("utf8") };
}

/** The state of a stack whose program did not have a resource yet. */
async function forget(lab: Lab, name: string): Promise<void> {
  const file = join(lab.stateDir, "state.json");
  await lab.engine.run(["stack", "export", "--file", file]);
  interface Resource {
    readonly urn: string;
    dependencies?: string[];
  }
  const state = JSON.parse(readFileSync(file, "utf8")) as { deployment: { resources: Resource[] } };
  const others = (urns: readonly string[] | null | undefined): string[] => (urns ?? []).filter((urn) => !urn.endsWith(`::${name}`));
  state.deployment.resources = state.deployment.resources
    .filter(({ urn }) => others([urn]).length > 0)
    .map((resource) => ({ ...resource, dependencies: others(resource.dependencies) }));
  writeFileSync(file, JSON.stringify(state));
  await lab.engine.run(["stack", "import", "--file", file]);
}

/** @param shared a lab of lab-kubesphere3-okta or lab-kubesphere4-okta on which nothing is deployed; it is left so */
export function kubeSphereStack(release: Release, shared: () => Lab): void {
  const users = `/apis/iam.kubesphere.io/${release === 3 ? "v1alpha2" : "v1beta1"}/users`;
  const refused = async (lab: Lab, command: "preview" | "up"): Promise<string> => {
    const flags = command === "up" ? ["--yes", "--skip-preview"] : [];
    const { status, stdout, stderr } = await lab.engine.run([command, ...flags], { accept: [1, 255] });
    assert.notEqual(status, 0);
    return stdout + stderr;
  };

  describe(`KubeSphere ${release}`, () => {
    let lab: Lab;
    let untouched: Configuration["spec"] | undefined;
    let leave: () => Promise<void>;
    before(async () => {
      lab = shared();
      leave = asFound(lab);
      untouched = release === 3 ? (await configuration(lab)).spec : undefined;
    });
    after(async () => {
      await leave();
      if (untouched !== undefined) {
        const put = await kube(lab, "PUT", configurationPath, { ...(await configuration(lab)), spec: untouched });
        assert.equal(put.status, 200);
      }
    });

    test(proved(`lab-kubesphere${release}-okta`), () => proveStack(lab));

    test("a workspace that is not there ends the plan", async () => {
      configure(lab, ["gatehouse:platforms", "console", "access", 1, "workspaces"], ["retial"]);
      assert.match(await refused(lab, "preview"), /console-people-workspace-retial[\s\S]*'retial' does not exist/);
      configure(lab, ["gatehouse:platforms", "console", "access", 1, "workspaces"], ["retail"]);
    });

    test("a second update changes nothing", async () => {
      await up(lab);
      assert.match(await up(lab, "--expect-no-changes"), /unchanged/);
      assert.equal(await signIn(lab, "omar@example.com"), "omar");
    });

    test("a person removed from her group has nothing left, and is refused", async () => {
      configure(lab, ["gatehouse:groups", "shop-operators", "members"], ["ana@example.com"]);
      await up(lab);
      assert.deepEqual(await namesOf(lab, users), ["admin", "ana", "nora", "nora-okta", "wim"]);
      assert.match(await signIn(lab, "omar@example.com"), /User is not assigned to the client application/);
      assert.equal(await signIn(lab, "ana@example.com"), "ana");
    });

    test("a local account of the same name stays as it was", async () => {
      const account = (await kube(lab, "GET", `${users}/nora`)).body;
      configure(lab, ["gatehouse:platforms", "console", "usernames"], {});
      assert.match(await refused(lab, "up"), /"nora" already exists/);
      configure(lab, ["gatehouse:platforms", "console", "usernames"], { "nora@example.com": "nora-okta" });
      await up(lab);
      assert.deepEqual((await kube(lab, "GET", `${users}/nora`)).body, account);
    });

    if (release === 4) {
      test("another content is written into the Secret that is there; a stack from before, which knows no patch, takes it up so", async () => {
        const before = await providerSecret(lab);
        await forget(lab, "console-provider-content");
        configure(lab, ["gatehouse:platforms", "console", "displayName"], "Our people");
        const log = await up(lab);
        assert.match(log, /console-provider-content created/);
        const after = await providerSecret(lab);
        assert.equal(after.metadata.uid, before.metadata.uid);
        assert.match(after.content, /displayName: Our people/);
        assert.match(await up(lab, "--expect-no-changes"), /unchanged/);
        await lab.engine.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
        assert.equal(await signIn(lab, "ana@example.com"), "ana");
      });

      test("what somebody writes into it by hand is in the plan, and goes with the update", async () => {
        const path = "/api/v1/namespaces/kubesphere-system/secrets/identity-provider-okta";
        const secret = (await kube(lab, "GET", path)).body as { data: Record<string, string> };
        const { content } = await providerSecret(lab);
        const edited = Buffer.from(content.replace("mappingMethod: lookup", "mappingMethod: auto")).toString("base64");
        assert.equal((await kube(lab, "PUT", path, { ...secret, data: { "configuration.yaml": edited } })).status, 200);
        const { status } = await lab.engine.run(["preview", "--refresh", "--expect-no-changes"], { accept: [7, 255] });
        assert.notEqual(status, 0);
        await up(lab, "--refresh");
        assert.equal((await providerSecret(lab)).content, content);
      });
    }

    test("a renamed provider is replaced, the old one first", async () => {
      configure(lab, ["gatehouse:platforms", "console", "provider"], "corp");
      const log = await up(lab);
      const deleted = log.search(/console-provider deleted original/);
      const created = log.search(/console-provider created replacement/);
      assert.ok(deleted > 0 && created > deleted, log);
      assert.equal(await signIn(lab, "ana@example.com"), "ana");
    });

    if (release === 3) {
      test("others' entries stay, are shown in the plan, and are never taken over", async () => {
        const live = await configuration(lab);
        live.spec.authentication.oauthOptions.identityProviders.unshift({ name: "ldap" });
        assert.equal((await kube(lab, "PUT", configurationPath, live)).status, 200);
        const { stdout } = await lab.engine.run(["preview", "--diff"]);
        assert.match(stdout, /identityProviders[\s\S]*ldap/);
        await up(lab);
        assert.deepEqual(await providers(lab), ["ldap", "github", "corp"]);
        configure(lab, ["gatehouse:platforms", "console", "provider"], "github");
        assert.match(await refused(lab, "preview"), /'github'[\s\S]*written by hand or by another tool/);
        configure(lab, ["gatehouse:platforms", "console", "provider"], "corp");
      });
    }

    test("destroy takes away what the stack made, and nothing else", async () => {
      await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
      assert.deepEqual(await namesOf(lab, users), ["admin", "nora"]);
      if (release === 4) {
        const secrets = await namesOf(lab, "/api/v1/namespaces/kubesphere-system/secrets");
        assert.deepEqual(
          secrets.filter((name) => name.startsWith("identity-provider-")),
          [],
        );
        return;
      }
      const { metadata, spec } = await configuration(lab);
      const list = spec.authentication.oauthOptions.identityProviders;
      assert.deepEqual(list, [{ name: "ldap" }, earlierProvider]);
      spec.authentication.oauthOptions.identityProviders = list.slice(1);
      assert.deepEqual(spec, untouched);
      assert.deepEqual(
        Object.keys(metadata.annotations ?? {}).filter((key) => key.startsWith("gatehouse.dev/")),
        [],
      );
    });
  });
}
