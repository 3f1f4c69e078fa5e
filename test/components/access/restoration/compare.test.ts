import { patchOf, pathOf, placeOf, restorationOf, type DeclaredObject } from "../../../../components/access/restoration/compare";
import type { Json } from "../../../../components/cluster";

const apiGroup = "rbac.authorization.k8s.io";
const group = (name: string): Json => ({ apiGroup, kind: "Group", name });
const role = (name: string): Json => ({ apiGroup, kind: "ClusterRole", name });

const declared: DeclaredObject = {
  apiVersion: `${apiGroup}/v1`,
  kind: "RoleBinding",
  metadata: { name: "b", namespace: "shop", labels: { a: "1" }, annotations: { n: "x" } },
  roleRef: role("k10-basic"),
  subjects: [group("okta:A"), group("okta:B")],
};
const live = (changes: Json = {}): Json => ({
  ...declared,
  metadata: { ...declared.metadata, uid: "u", resourceVersion: "7", labels: { a: "1", team: "blue" }, annotations: { n: "x", other: "y" } },
  ...changes,
});
const words = (changes: Json, before: DeclaredObject | undefined = declared): readonly string[] | undefined =>
  restorationOf(declared, before, live(changes))?.words;

test("an object that is as declared, with more labels and another order of subjects, is left alone", () => {
  expect(restorationOf(declared, declared, live({ subjects: [group("okta:B"), group("okta:A")] }))).toBeUndefined();
});

test.each<[string, Json, string[]]>([
  ["a group at the end", { subjects: [group("okta:A"), group("okta:B"), group("okta:C")] }, ["takes away Group okta:C"]],
  ["a group first", { subjects: [group("okta:C"), group("okta:A"), group("okta:B")] }, ["takes away Group okta:C"]],
  [
    "a person and a service account in between",
    { subjects: [group("okta:A"), { kind: "User", name: "m" }, { kind: "ServiceAccount", name: "s", namespace: "n" }, group("okta:B")] },
    ["takes away User m", "takes away ServiceAccount n/s"],
  ],
  ["another group instead", { subjects: [group("okta:C"), group("okta:B")] }, ["takes away Group okta:C", "gives back Group okta:A"]],
  ["nobody", { subjects: undefined }, ["gives back Group okta:A", "gives back Group okta:B"]],
  ["a label and an annotation", { metadata: { labels: { a: "2" }, annotations: {} } }, ["puts back label a", "puts back annotation n"]],
])("%s", (_what, changes, expected) => {
  expect(restorationOf(declared, declared, live(changes))).toEqual({ how: "patch", words: expected });
});

test("what the stack itself gives or takes with this update is no work of others", () => {
  const before = { ...declared, metadata: { ...declared.metadata, labels: { a: "0" } }, subjects: [group("okta:A"), group("okta:Old")] };
  expect(words({ subjects: before.subjects, metadata: { labels: { a: "0" }, annotations: { n: "x" } } }, before)).toBeUndefined();
  expect(words({ subjects: [...before.subjects, group("okta:C")] }, before)).toEqual(["takes away Group okta:C"]);
});

test("an object of a stack that did not watch it yet: only what gives access counts", () => {
  expect(restorationOf(declared, undefined, undefined)).toBeUndefined();
  expect(restorationOf(declared, undefined, live({ subjects: [group("okta:A"), group("okta:C")], metadata: {} }))?.words).toEqual([
    "takes away Group okta:C",
  ]);
});

test("another role, and an object that is gone, are made again: a roleRef cannot change", () => {
  expect(restorationOf(declared, declared, live({ roleRef: role("cluster-admin") }))).toEqual({
    how: "make again",
    words: ["makes it again, since it binds ClusterRole cluster-admin instead of ClusterRole k10-basic"],
  });
  expect(restorationOf(declared, declared, undefined)).toEqual({ how: "make again", words: ["makes it again, since it is not there"] });
});

test("a User of KubeSphere is compared by what is declared of it", () => {
  const user: DeclaredObject = {
    apiVersion: "iam.kubesphere.io/v1beta1",
    kind: "User",
    metadata: { name: "ana", labels: { "iam.kubesphere.io/origin-uid": "00u1" } },
    spec: { email: "ana@example.com" },
  };
  const found = (spec: Json, uid = "00u1"): Json => ({ metadata: { labels: { "iam.kubesphere.io/origin-uid": uid } }, spec, status: {} });
  expect(restorationOf(user, user, found({ email: "ana@example.com", lang: "en" }))).toBeUndefined();
  expect(restorationOf(user, user, found({ email: "mallory@example.com" }, "00u2"))?.words).toEqual([
    "puts back label iam.kubesphere.io/origin-uid",
    "puts back spec.email",
  ]);
  expect(pathOf(user, "object")).toBe("/apis/iam.kubesphere.io/v1beta1/users/ana");
});

test("paths, places, and a patch that holds only what is declared and the version that it was worked out on", () => {
  expect(pathOf(declared, "collection")).toBe("/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings");
  expect(pathOf(declared, "object")).toBe("/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/b");
  expect(placeOf(declared)).toBe("RoleBinding shop/b");
  expect(JSON.parse(JSON.stringify(patchOf(declared, live())))).toEqual({
    metadata: { resourceVersion: "7", labels: { a: "1" }, annotations: { n: "x" } },
    subjects: [group("okta:A"), group("okta:B")],
  });
});
