import {
  importedInputs,
  kindOf,
  liveState,
  objectDifference,
  objectId,
  refreshedInputs,
  withData,
  withName,
  withNamespace,
} from "../../../pulumi/kubernetes/objects";
import { resourceNames } from "../../../pulumi/kubernetes/release";
import { unknownValue, type Properties } from "../../../pulumi/provider/values";

const fixed = { configMap: false, secret: false };
const secretKind = { apiVersion: "v1", kind: "Secret", isPatch: false };
const binding = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", isPatch: false };
const named = (fields: Properties = {}, annotations?: Properties): Properties => ({
  metadata: { name: "oidc", namespace: "k10", ...(annotations ? { annotations } : {}) },
  ...fields,
});

test.each([
  ["kubernetes:core/v1:Secret", {}, { apiVersion: "v1", kind: "Secret", isPatch: false }],
  ["kubernetes:core/v1:ConfigMapPatch", { kind: "ConfigMap" }, { apiVersion: "v1", kind: "ConfigMap", isPatch: true }],
  [
    "kubernetes:example.com/v1:Thing",
    { apiVersion: "example.com/v1", kind: "Thing" },
    { apiVersion: "example.com/v1", kind: "Thing", isPatch: false },
  ],
])("%s", (token, inputs, expected) => {
  expect(kindOf(token, inputs)).toEqual(expected);
});

test("an object without a name gets one, marks it, and keeps it", () => {
  const first = withName({}, {}, "auto", () => "0123abcd");
  expect(first).toEqual({ metadata: { name: "auto-0123abcd", annotations: { "pulumi.com/autonamed": "true" } } });
  expect(withName({}, first, "auto", () => "ffffffff")).toEqual(first);
  expect(withName(named(), {}, "auto", () => "ffffffff")).toEqual(named());
  expect(withName({ metadata: { name: unknownValue } }, {}, "auto", () => "ffffffff")).toEqual({ metadata: { name: unknownValue } });
});

test("namespace and id", () => {
  expect(objectId(withNamespace({ metadata: { name: "a" } }, "default"))).toBe("default/a");
  expect(objectId({ metadata: { name: "shop" } })).toBe("shop");
});

test("a Secret's data, a binding's role and a name replace; labels and subjects do not", () => {
  const secret = objectDifference(secretKind, named({ stringData: { a: "1" } }), named({ stringData: { a: "1", b: "2" } }), fixed);
  expect(secret).toEqual({ detailed: { "stringData.b": "add-replace" }, replaces: ["stringData"], deleteBeforeReplace: true });
  const mutable = objectDifference(secretKind, named({ stringData: { a: "1" } }), named({ stringData: { a: "2" } }), {
    configMap: false,
    secret: true,
  });
  expect(mutable.detailed).toEqual({ "stringData.a": "update" });
  const role = objectDifference(binding, named({ roleRef: { name: "view" } }), named({ roleRef: { name: "edit" } }), fixed);
  expect(role).toEqual({ detailed: { "roleRef.name": "update-replace" }, replaces: ["roleRef"], deleteBeforeReplace: true });
  const subjects = objectDifference(
    binding,
    named({ subjects: [{ name: "a" }] }),
    named({ subjects: [{ name: "a" }, { name: "b" }] }),
    fixed,
  );
  expect(subjects).toEqual({ detailed: { "subjects[1]": "add" }, replaces: [], deleteBeforeReplace: false });
});

test("a patch is updated where it is, whatever its object would need; another object is another patch", () => {
  const patch = { ...secretKind, isPatch: true };
  const content = objectDifference(patch, named({ data: { a: "MQ==" } }), named({ data: { a: "Mg==" } }), fixed);
  expect(content).toEqual({ detailed: { "data.a": "update" }, replaces: [], deleteBeforeReplace: false });
  const elsewhere = objectDifference(patch, named(), { metadata: { name: "oidc-2", namespace: "k10" } }, fixed);
  expect(elsewhere.replaces).toEqual(["metadata"]);
});

test("what a program ignores is no change, in whichever direction a refresh compares", () => {
  const [before, after] = [named({ data: { a: "MQ==" } }), named({ data: { a: "Mg==" } })];
  expect(objectDifference(secretKind, before, after, fixed, ["data"])).toEqual({ detailed: {}, replaces: [], deleteBeforeReplace: false });
  const labelled = { ...after, metadata: { name: "oidc", namespace: "k10", labels: { b: "c" } } };
  expect(objectDifference(secretKind, before, labelled, fixed, ["data"]).detailed).toEqual({ "metadata.labels": "add" });
  expect(() => objectDifference(secretKind, before, after, fixed, ['data["a"]'])).toThrow(`got 'data["a"]'`);
});

test("another name is made before the old one goes, and so is an automatic one", () => {
  const renamed = objectDifference(secretKind, named(), { metadata: { name: "oidc-2", namespace: "k10" } }, fixed);
  expect(renamed).toEqual({ detailed: { "metadata.name": "update-replace" }, replaces: ["metadata"], deleteBeforeReplace: false });
  const automatic = { "pulumi.com/autonamed": "true" };
  const changed = objectDifference(secretKind, named({ data: { a: "1" } }, automatic), named({ data: { a: "2" } }, automatic), fixed);
  expect(changed).toMatchObject({ replaces: ["data"], deleteBeforeReplace: false });
});

test("a refresh sees what others changed, not what the server writes differently, fills in or has at the end of a list", () => {
  const inputs = named({ cpu: "1000m", subjects: [{ name: "a" }], gone: "x" });
  const known = named({ cpu: "1", subjects: [{ name: "a", apiGroup: "g" }], gone: "x", filled: true });
  expect(refreshedInputs(inputs, known, known)).toEqual(inputs);
  const live = named({ cpu: "1", subjects: [{ name: "a", apiGroup: "g" }, { name: "intruder" }], filled: true });
  expect(refreshedInputs(inputs, known, live)).toEqual(named({ cpu: "1000m", subjects: [{ name: "a" }] }));
  const first = named({ cpu: "1", subjects: [{ name: "intruder" }, { name: "a", apiGroup: "g" }], filled: true });
  expect(refreshedInputs(inputs, known, first)).toEqual(named({ cpu: "1000m", subjects: [{ name: "intruder" }] }));
});

test("the state has the live object and what was asked for, and shows a Secret's data as the text that was given", () => {
  const live = { apiVersion: "v1", metadata: { name: "oidc", managedFields: [{}] }, data: { a: "aHVudGVyMg==", other: "eA==" } };
  expect(liveState(live, { stringData: { a: "x" } }, "pulumi-kubernetes-1", undefined)).toEqual({
    apiVersion: "v1",
    metadata: { name: "oidc", managedFields: [{}] },
    data: { a: "aHVudGVyMg==", other: "eA==" },
    stringData: { a: "hunter2" },
    __inputs: { stringData: { a: "x" } },
    __fieldManager: "pulumi-kubernetes-1",
    __initialApiVersion: "v1",
  });
});

test("an import takes which object it is, and nothing of its content", () => {
  const live = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "a", uid: "u", managedFields: [], labels: { x: "y" } },
    status: {},
    data: {},
  };
  expect(importedInputs(live)).toEqual({ apiVersion: "v1", kind: "Secret", metadata: { name: "a" } });
});

test("rendered objects are listed by kind, sorted", () => {
  const manifests =
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: n}\n---\n# empty\n";
  expect(resourceNames(manifests)).toEqual({ "ConfigMap/v1": ["b", "n/a"] });
});

test("a Secret's text becomes the data that the server makes of it, once all of it is known", () => {
  const secret = kindOf("kubernetes:core/v1:Secret", {});
  const plain = { stringData: { a: "x" }, data: { b: "eQ==" } };
  expect(withData(plain, secret)).toEqual({ data: { a: "eA==", b: "eQ==" } });
  expect(withData({ ...plain, metadata: { name: unknownValue } }, secret)).toHaveProperty("stringData");
  expect(withData(plain, kindOf("kubernetes:core/v1:ConfigMap", {}))).toBe(plain);
});
