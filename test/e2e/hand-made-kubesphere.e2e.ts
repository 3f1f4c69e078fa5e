/**
 * What somebody changes by hand in KubeSphere's own objects, the Users and bindings of people: the plan says that it goes, and the next
 * update takes it away.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Lab } from "../../lab/story/session";
import { kube, openLab, up } from "./support";

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

before(async () => {
  lab = await openLab("lab-kubesphere4-okta");
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
after(() => lab.stop());

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
