/**
 * What somebody changes by hand in KubeSphere's own objects, the Users and bindings of people: the plan says that it goes, and the next
 * update takes it away.
 */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { clusterApi, type Identity } from "../../lab/story/relying-parties/cluster-api";
import type { Lab } from "../../lab/story/session";
import { asFound, becomes, configure, kube, up } from "./support";

const iam = "/apis/iam.kubesphere.io/v1beta1";

interface Subject {
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}

interface KubeSphereObject {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly roleRef: Record<string, string>;
  readonly subjects: readonly Subject[];
  readonly spec: Record<string, unknown>;
}

let lab: Lab;
const collections = ["globalrolebindings", "workspacerolebindings", "namespaces/shop/rolebindings"];
/** The person's binding in each collection that the stack made, by its path. */
const bindings: string[] = [];

/** @param shared a lab of lab-kubesphere4-okta on which nothing is deployed; it is left so */
export function handMadeKubeSphere(shared: () => Lab): void {
  suite("KubeSphere 4, changed by hand", () => {
    let leave: () => Promise<void>;
    before(async () => {
      lab = shared();
      leave = asFound(lab);
      await up(lab);
      for (const collection of collections) {
        const { body } = await kube(lab, "GET", `${iam}/${collection}`);
        const made = (body as { items: KubeSphereObject[] }).items.find(
          ({ metadata }) => metadata.labels["app.kubernetes.io/managed-by"] === "gatehouse",
        );
        assert.ok(made !== undefined, collection);
        bindings.push(`${iam}/${collection}/${made.metadata.name}`);
      }
    });
    after(() => leave());

    test("a person in a binding of somebody else, in the whole platform, a workspace and a project", async () => {
      const declared = await Promise.all(bindings.map(read));
      const mallory = (subjects: readonly Subject[]): Subject => ({
        apiGroup: "iam.kubesphere.io",
        kind: "User",
        ...subjects[0],
        name: "mallory",
      });
      const places: readonly ((subjects: readonly Subject[]) => Subject[])[] = [
        (subjects) => [...subjects, mallory(subjects)],
        (subjects) => [mallory(subjects), ...subjects],
        (subjects) => [mallory(subjects)],
      ];
      for (const [index, path] of bindings.entries()) {
        await edit(path, (binding) => ({ ...binding, subjects: places[index]?.(binding.subjects) }));
      }
      const planned = await plan();
      for (const { metadata } of declared) {
        assert.ok(planned.includes(`${metadata.name}: takes away User mallory`), `${metadata.name}\n${planned}`);
      }
      await up(lab);
      for (const [index, path] of bindings.entries()) {
        assert.deepEqual((await read(path)).subjects, declared[index]?.subjects);
      }
      await up(lab, "--expect-no-changes");
    });

    test("another role under the same name, and a binding that is gone, are made again", async () => {
      const [everywhere = "", , inProject = ""] = bindings;
      const { metadata, roleRef, ...rest } = await read(everywhere);
      assert.equal((await kube(lab, "DELETE", everywhere)).status, 200);
      const other = {
        ...rest,
        metadata: { name: metadata.name, labels: metadata.labels },
        roleRef: { ...roleRef, name: "platform-self-provisioner" },
      };
      assert.equal((await kube(lab, "POST", `${iam}/globalrolebindings`, other)).status, 201);
      assert.equal((await kube(lab, "DELETE", inProject)).status, 200);
      const planned = await plan();
      assert.match(planned, new RegExp(`${metadata.name}: makes it again, since it binds GlobalRole platform-self-provisioner instead of`));
      assert.match(planned, /RoleBinding shop\/[a-z0-9-]+: makes it again, since it is not there/);
      await up(lab);
      assert.deepEqual((await read(everywhere)).roleRef, roleRef);
      assert.equal((await kube(lab, "GET", inProject)).status, 200);
      await up(lab, "--expect-no-changes");
    });

    test("a User whose sign-in is turned to another person", async () => {
      const path = `${iam}/users/ana`;
      const { metadata, spec } = await read(path);
      await edit(path, (user) => ({
        ...user,
        metadata: { ...user.metadata, labels: { ...user.metadata.labels, "iam.kubesphere.io/origin-uid": "00u-mallory" } },
        spec: { ...user.spec, email: "mallory@example.com" },
      }));
      const planned = await plan();
      assert.ok(planned.includes("User ana: puts back label iam.kubesphere.io/origin-uid"), planned);
      assert.ok(planned.includes("User ana: puts back spec.email"), planned);
      await up(lab);
      const after = await read(path);
      assert.deepEqual([after.metadata.labels, after.spec], [metadata.labels, spec]);
      await up(lab, "--expect-no-changes");
    });

    test("a User and a binding are replaced when asked for: the old one goes first, since both have one name", async () => {
      const { deployment } = JSON.parse((await lab.engine.run(["stack", "export"])).stdout) as {
        deployment: { resources: { urn: string; type: string; outputs?: { metadata?: { name: string } } }[] };
      };
      const names = [...bindings, `${iam}/users/ana`].map((path) => path.split("/").at(-1));
      const made = deployment.resources.filter(
        ({ type, outputs }) => type.includes("iam.kubesphere.io") && names.includes(outputs?.metadata?.name),
      );
      assert.equal(made.length, names.length);
      assert.equal(made.filter(({ type }) => type.endsWith(":User")).length, 1);
      // The User by itself, so that bindings meet one that has just been made again.
      for (const urns of [made.filter(({ type }) => !type.endsWith(":User")), made.filter(({ type }) => type.endsWith(":User"))]) {
        await up(lab, ...urns.flatMap(({ urn }) => ["--replace", urn]));
      }
      await up(lab, "--expect-no-changes");
    });

    test("protectBindings keeps Users and their bindings, from KubeSphere's own console too, and its controllers go on", async () => {
      configure(lab, ["gatehouse:protectBindings"], { deployers: ["gatehouse-lab-admin"], breakGlassGroup: "okta:Break Glass" });
      await up(lab);
      await up(lab, "--expect-no-changes");
      const ana = `${iam}/users/ana`;
      const mail = (user: KubeSphereObject): unknown => ({ ...user, spec: { ...user.spec, email: "mallory@example.com" } });
      // The API server takes a policy up a moment after it is there.
      await becomes(async () => (await as(operator, "PUT", `${ana}?dryRun=All`, mail(await read(ana)))).status === 200, false);
      const user = await read(ana);
      const marked = (labels: Record<string, string>, annotations: Record<string, string> = {}): unknown => ({
        ...user,
        metadata: {
          ...user.metadata,
          labels: { ...user.metadata.labels, ...labels },
          annotations: { ...user.metadata.annotations, ...annotations },
        },
      });
      const refused: (readonly [string, string, string, unknown?])[] = [
        ["another address", "PUT", ana, mail(user)],
        ["a password", "PUT", ana, { ...user, spec: { ...user.spec, password: "Passw0rd!" } }],
        ["another person's mark", "PUT", ana, marked({ "iam.kubesphere.io/origin-uid": "00u-mallory" })],
        ["a second provider's mark", "PUT", ana, marked({}, { "iam.kubesphere.io/identity-provider.other": "mallory" })],
        ["the labels taken off", "PUT", ana, { ...user, metadata: { ...user.metadata, labels: {} } }],
        ["a deletion", "DELETE", ana],
      ];
      for (const path of bindings) {
        const binding = await read(path);
        const [subject] = binding.subjects;
        refused.push(["another subject", "PUT", path, { ...binding, subjects: [...binding.subjects, { ...subject, name: "mallory" }] }]);
        refused.push(["a deletion", "DELETE", path]);
      }
      for (const [what, method, path, body] of refused) {
        for (const who of [operator, kubesphere]) {
          const { status, message } = await as(who, method, path, body);
          assert.equal(status, 403, `${what} by ${who.username}: ${message}`);
          assert.match(message, /Gatehouse keeps this binding: expected a change by gatehouse-lab-admin, group okta:Break Glass\./);
        }
      }
      const { metadata, ...rest } = marked({ "kubefed.io/managed": "false" }) as KubeSphereObject;
      const noted = { ...rest, metadata: { ...metadata, finalizers: ["finalizers.kubesphere.io/users"] } };
      assert.equal((await as(operator, "PUT", ana, noted)).status, 403);
      const written = await as(kubesphere, "PUT", ana, noted);
      assert.equal(written.status, 200, written.message);
      const held = await read(ana);
      assert.equal((await as(kubesphere, "PUT", ana, { ...held, metadata: { ...held.metadata, finalizers: [] } })).status, 200);
      await up(lab, "--expect-no-changes");

      assert.equal((await as(rescuer, "PUT", ana, mail(await read(ana)))).status, 200);
      await up(lab);
      assert.deepEqual((await read(ana)).spec, user.spec);
    });

    test("switched off, others may change them again", async () => {
      configure(lab, ["gatehouse:protectBindings"], undefined);
      await up(lab);
      const [path = ""] = bindings;
      await becomes(async () => (await as(operator, "PUT", `${path}?dryRun=All`, await read(path))).status, 200);
    });
  });
}

async function read(path: string): Promise<KubeSphereObject> {
  const { status, body } = await kube(lab, "GET", path);
  assert.equal(status, 200, path);
  return body as KubeSphereObject;
}

async function edit(path: string, change: (object: KubeSphereObject) => unknown): Promise<void> {
  const { status, body } = await kube(lab, "PUT", `${path}?fieldManager=kubectl-edit`, change(await read(path)));
  assert.equal(status, 200, JSON.stringify(body));
}

const plan = async (): Promise<string> => (await lab.engine.run(["preview", "--diff"])).stdout;

// What RBAC lets do everything: the policy alone decides.
const masters = ["system:masters", "system:authenticated"];
const operator: Identity = { username: "mallory", groups: masters };
const rescuer: Identity = { username: "eve", groups: ["okta:Break Glass", ...masters] };
/** KubeSphere's controllers and its console: whatever people ask the console for, it is this account that writes. */
const kubesphere: Identity = { username: "system:serviceaccount:kubesphere-system:kubesphere", groups: masters };

async function as(who: Identity, method: string, path: string, body?: unknown): Promise<{ status: number; message: string }> {
  const answer = await clusterApi(lab.cluster.kubeconfigPath).callAs(who, method, path, body);
  return { status: answer.status, message: (JSON.parse(answer.body) as { message?: string }).message ?? "" };
}
