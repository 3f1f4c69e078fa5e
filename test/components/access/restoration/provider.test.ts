import type { DeclaredObject } from "../../../../components/access/restoration/compare";
import { restorationProvider, type RestorationInputs, type RestorationState } from "../../../../components/access/restoration/provider";
import type { Json } from "../../../../components/cluster";
import { kubeconfigOf, startApiServer } from "../../api-server";

// A few answers of an API server for one object: it refuses (409) what was worked out on an older version.

const apiGroup = "rbac.authorization.k8s.io";
const group = (name: string): Json => ({ apiGroup, kind: "Group", name });
const declared: DeclaredObject = {
  apiVersion: `${apiGroup}/v1`,
  kind: "ClusterRoleBinding",
  metadata: { name: "b", labels: { a: "1" } },
  roleRef: { apiGroup, kind: "ClusterRole", name: "k10-admin" },
  subjects: [group("okta:A")],
};
const news: RestorationInputs = { objects: [declared] };

let stop: () => void;
let kubeconfig: string;
let object: Json | undefined;
let calls: string[];
/** Runs before a write is judged: somebody else's write. */
let between: (() => void) | undefined;
let refuse: number | undefined;

const versionOf = (value: Json | undefined): unknown => (value?.["metadata"] as Json | undefined)?.["resourceVersion"];

function handle(method: string, body: Json | undefined): { status: number; answer: Json } {
  if (refuse !== undefined) {
    return { status: refuse, answer: { message: "forbidden: no such right" } };
  }
  if (method !== "GET") {
    between?.();
  }
  if (object === undefined && method !== "POST") {
    return { status: 404, answer: { message: "not found" } };
  }
  const asked = method === "DELETE" ? (body?.["preconditions"] as Json)["resourceVersion"] : versionOf(body);
  if (asked !== undefined && asked !== versionOf(object)) {
    return { status: 409, answer: { message: "the object has been modified" } };
  }
  if (method === "DELETE") {
    object = undefined;
  } else if (method !== "GET") {
    object = { ...object, ...body, metadata: { ...(object?.["metadata"] as Json), ...(body?.["metadata"] as Json), resourceVersion: "9" } };
  }
  return { status: method === "POST" ? 201 : 200, answer: object ?? {} };
}

beforeAll(async () => {
  ({ kubeconfig, stop } = await startApiServer(({ method, url, body }) => {
    calls.push(`${method} ${url}`);
    return handle(method, body);
  }));
  calls = [];
  // The first call loads the Kubernetes client.
  await looked();
});

afterAll(() => stop());

beforeEach(() => {
  [calls, between, refuse] = [[], undefined, undefined];
  object = { ...declared, metadata: { ...declared.metadata, uid: "u", resourceVersion: "7" } };
});

async function provider(config = kubeconfig) {
  const made = restorationProvider();
  await made.configure?.({ config: { get: (key: string) => ({ "kubernetes:kubeconfig": config })[key], require: (key: string) => key } });
  return made;
}

async function looked(olds: RestorationInputs = news, wanted: RestorationInputs = news, config = kubeconfig) {
  const result = await (await provider(config)).check?.(olds, wanted);
  return { restores: (result?.inputs as RestorationState).restores, failures: result?.failures ?? [] };
}

const update = async (): Promise<RestorationState | undefined> =>
  (await (await provider()).update?.("restored", { ...news, restores: [] }, news))?.outs;

test("a plan shows what was added, and only then is there a change", async () => {
  expect(await looked()).toEqual({ restores: [], failures: [] });
  object = { ...object, subjects: [group("okta:A"), group("okta:C")] };
  const found = await looked();
  expect(found).toEqual({ restores: ["ClusterRoleBinding b: takes away Group okta:C"], failures: [] });
  const made = await provider();
  const olds: RestorationState = { ...news, restores: [] };
  expect(await made.diff?.("restored", olds, { ...news, restores: found.restores } as RestorationInputs)).toEqual({ changes: true });
  expect(await made.diff?.("restored", olds, { ...news, restores: [] } as RestorationInputs)).toEqual({ changes: false });
});

test("the component's own provider says which cluster, not the stack's configuration", async () => {
  object = { ...object, subjects: [group("okta:A"), group("okta:C")] };
  const elsewhere = kubeconfigOf("https://127.0.0.1:1", "");
  const found = await looked(news, { ...news, cluster: { kubeconfig } }, elsewhere);
  expect(found).toEqual({ restores: ["ClusterRoleBinding b: takes away Group okta:C"], failures: [] });
  await (await provider(elsewhere)).update?.("restored", { ...news, restores: [] }, { ...news, cluster: { kubeconfig } });
  expect(object["subjects"]).toEqual([group("okta:A")]);
});

test("a cluster that is made in the same update is not looked at in the plan, and no other one is", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9" as unknown as RestorationInputs["cluster"];
  object = { ...object, subjects: [] };
  expect(await looked(news, { ...news, cluster: unknown })).toEqual({ restores: [], failures: [] });
  expect(calls).toEqual([]);
});

test("an update patches it where it is, and once more when somebody wrote in between", async () => {
  object = { ...object, subjects: [group("okta:A"), group("okta:C")] };
  between = () => {
    between = undefined;
    object = { ...object, subjects: [group("okta:D")], metadata: { ...(object?.["metadata"] as Json), resourceVersion: "8" } };
  };
  expect(await update()).toEqual({ ...news, restores: [] });
  expect(object["subjects"]).toEqual([group("okta:A")]);
  const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/b";
  const patch = `PATCH ${path}?fieldManager=pulumi-kubernetes`;
  expect(calls).toEqual([`GET ${path}`, patch, `GET ${path}`, patch]);
  calls = [];
  await update();
  expect(calls).toEqual([`GET ${path}`]);
});

test("who writes all the time ends in words", async () => {
  object = { ...object, subjects: [] };
  between = () => {
    object = { ...object, metadata: { resourceVersion: String(Math.random()) } };
  };
  await expect(update()).rejects.toThrow("ClusterRoleBinding b: others wrote to it 5 times in a row; run the update again.");
});

test("another role is deleted and the declared one made; an interrupted one is made by the next update", async () => {
  object = { ...object, roleRef: { apiGroup, kind: "ClusterRole", name: "cluster-admin" } };
  await update();
  expect(calls.map((call) => call.split(" ")[0])).toEqual(["GET", "DELETE", "POST"]);
  expect(object["roleRef"]).toEqual(declared.roleRef);
  object = undefined;
  expect((await looked()).restores).toEqual(["ClusterRoleBinding b: makes it again, since it is not there"]);
  await update();
  expect(object).toMatchObject({ subjects: [group("okta:A")] });
});

test("what may not be read fails the plan with the missing right; a cluster out of reach is no finding", async () => {
  refuse = 403;
  expect((await looked()).failures.map(({ reason }) => reason)).toEqual([
    "ClusterRoleBinding b: expected to read it (200), got 403: forbidden: no such right. Fix: let the deployer get it, as the update itself must.",
  ]);
  expect(await looked(news, news, kubeconfigOf("https://127.0.0.1:1", ""))).toEqual({ restores: [], failures: [] });
});

test("what a plan does not know yet is not compared", async () => {
  object = { ...object, subjects: [group("okta:C")] };
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  expect((await looked(news, { objects: unknown as never })).restores).toEqual([]);
  expect((await looked(news, { objects: [{ ...declared, subjects: [group(unknown)] }] })).restores).toEqual([]);
});

test("a destroy leaves the objects to their own deletion", async () => {
  await (await provider()).delete?.("restored", { ...news, restores: [] });
  expect(calls).toEqual([]);
});
