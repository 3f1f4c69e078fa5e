/**
 * `gatehouse:protectBindings` on a real API server: whoever else may change bindings is refused, whatever the change, and the deployer,
 * the break-glass group and Kubernetes' own cleaners are not.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { clusterApi, type Identity } from "../../lab/story/relying-parties/cluster-api";
import type { Lab } from "../../lab/story/session";
import { deployed } from "./shared-lab";
import { configure, kube, up } from "./support";

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const admin = `${rbac}/clusterrolebindings/gatehouse-k10-k10-admin`;
const basic = `${rbac}/namespaces/shop/rolebindings/gatehouse-k10-k10-basic`;
const policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";

// What RBAC lets do everything: the policy alone decides.
const operator: Identity = { username: "mallory", groups: ["system:masters", "system:authenticated"] };
const rescuer: Identity = { username: "eve", groups: ["okta:Break Glass", "system:masters", "system:authenticated"] };

interface Binding {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly subjects: readonly unknown[];
}

export function protectBindings(shared: () => Lab): void {
  let lab: Lab;

  before(async () => {
    lab = shared();
    await deployed(lab);
  });

  async function as(who: Identity, method: string, path: string, body?: unknown): Promise<{ status: number; message: string }> {
    const answer = await clusterApi(lab.cluster.kubeconfigPath).callAs(who, method, path, body);
    return { status: answer.status, message: (JSON.parse(answer.body) as { message?: string }).message ?? "" };
  }

  const read = async (path: string): Promise<Binding> => (await kube(lab, "GET", path)).body as Binding;
  const withIntruder = ({ subjects, ...binding }: Binding): unknown => ({
    ...binding,
    subjects: [...subjects, { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "okta:Intruders" }],
  });

  test("off by default: whoever may change bindings may change these", async () => {
    assert.deepEqual(
      ((await kube(lab, "GET", policies)).body as { items: { metadata: { name: string } }[] }).items.filter(({ metadata }) =>
        metadata.name.startsWith("gatehouse"),
      ),
      [],
    );
    assert.equal((await as(operator, "PUT", basic, withIntruder(await read(basic)))).status, 200);
    // The update of the next test puts it back.
  });

  test("switched on, each change by anybody else is refused with the remedy", async () => {
    configure(lab, ["gatehouse:protectBindings"], { deployers: ["gatehouse-lab-admin"], breakGlassGroup: "okta:Break Glass" });
    await up(lab);
    await up(lab, "--expect-no-changes");
    // The API server takes a policy up a moment after it is there.
    for (let attempt = 0; (await as(operator, "PUT", `${basic}?dryRun=All`, withIntruder(await read(basic)))).status === 200; attempt++) {
      assert.ok(attempt < 3_000, "the policy never came into force");
      await sleep(100);
    }
    const { metadata, ...rest } = await read(admin);
    const bare = { ...rest, metadata: { ...metadata, labels: {} } };
    const another = { ...rest, metadata: { name: "gatehouse-k10-intruders", labels: metadata.labels } };
    const refused: readonly (readonly [string, string, string, unknown?])[] = [
      ["another subject", "PUT", admin, withIntruder(await read(admin))],
      ["another subject in a namespace", "PUT", basic, withIntruder(await read(basic))],
      ["the labels taken off", "PUT", admin, bare],
      ["a new one under the same labels", "POST", `${rbac}/clusterrolebindings`, another],
      ["a deletion", "DELETE", admin],
    ];
    for (const [what, method, path, body] of refused) {
      const { status, message } = await as(operator, method, path, body);
      assert.equal(status, 403, `${what}: ${message}`);
      assert.match(
        message,
        /Gatehouse keeps this binding: expected a change by gatehouse-lab-admin, group okta:Break Glass\. Fix: change the stack file/,
      );
    }
    assert.deepEqual((await read(admin)).subjects, rest.subjects);
  });

  test("bindings of others are nobody's business here", async () => {
    const { metadata: _metadata, ...rest } = await read(admin);
    assert.equal((await as(operator, "POST", `${rbac}/clusterrolebindings`, { ...rest, metadata: { name: "of-others" } })).status, 201);
    assert.equal((await as(operator, "DELETE", `${rbac}/clusterrolebindings/of-others`)).status, 200);
  });

  test("the break-glass group may, and the deployer's next update puts back what it changed", async () => {
    assert.equal((await as(rescuer, "PUT", admin, withIntruder(await read(admin)))).status, 200);
    await up(lab);
    assert.equal((await read(admin)).subjects.length, 1);
    await up(lab, "--expect-no-changes");
  });

  test("a namespace that goes takes the binding in it along: Kubernetes' own cleaner is let through", async () => {
    const { metadata, ...rest } = await read(basic);
    const namespace = "protected-for-a-while";
    await kube(lab, "POST", "/api/v1/namespaces", { metadata: { name: namespace } });
    const copy = { ...rest, metadata: { name: metadata.name, labels: metadata.labels } };
    const bindings = `${rbac}/namespaces/${namespace}/rolebindings`;
    assert.equal((await as(rescuer, "POST", bindings, copy)).status, 201);
    assert.equal((await as(operator, "DELETE", `${bindings}/${metadata.name}`)).status, 403);
    assert.equal((await as(operator, "DELETE", `/api/v1/namespaces/${namespace}`)).status, 200);
    // The namespace itself stays in the lab: K10's own API, which no pod serves there, cannot be asked what else is in it.
    for (let attempt = 0; (await kube(lab, "GET", `${bindings}/${metadata.name}`)).status !== 404; attempt++) {
      assert.ok(attempt < 3_000, "the binding stays");
      await sleep(100);
    }
  });

  test("switched off, nothing is left of it", async () => {
    configure(lab, ["gatehouse:protectBindings"], undefined);
    await up(lab);
    assert.deepEqual(
      ((await kube(lab, "GET", policies)).body as { items: { metadata: { name: string } }[] }).items.filter(({ metadata }) =>
        metadata.name.startsWith("gatehouse"),
      ),
      [],
    );
  });
}
