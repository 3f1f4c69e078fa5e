import { peopleExpression, protectionExpression } from "../../../components/access/protection";
import { sampleRaw } from "../../fixtures/sample";
import type { EnvironmentInput } from "../../../model";
import { only, settled, simulate } from "../harness";
import { organisation } from "../environment/world";

const type = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";
const protect = { deployers: ["system:serviceaccount:ci:b", "ada"], breakGlassGroup: "okta:Break Glass" };
const described = { ...sampleRaw(), protectBindings: protect } as unknown as EnvironmentInput;

const made = (input: EnvironmentInput) =>
  simulate(async ({ Environment }) => settled(new Environment("Prod_1", input).document), { call: organisation });

test("left out, nothing is protected: no policy is made", async () => {
  const { resources } = await made(sampleRaw() as unknown as EnvironmentInput);
  expect(resources.filter(({ type: one }) => one.includes("admissionregistration"))).toEqual([]);
});

test("one policy for the bindings of all platforms, by what they are and were, bound everywhere; the components of bindings wait for it", async () => {
  const simulation = await made(described);
  expect(only(simulation, type).inputs).toEqual({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: {
      name: "gatehouse-prod-1-bindings",
      labels: { "app.kubernetes.io/managed-by": "gatehouse" },
      annotations: { "pulumi.com/patchForce": "true" },
    },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        objectSelector: {
          matchLabels: { "app.kubernetes.io/managed-by": "gatehouse" },
          matchExpressions: [{ key: "gatehouse.dev/platform", operator: "In", values: Object.keys(described.platforms).sort() }],
        },
        resourceRules: [
          {
            apiGroups: ["rbac.authorization.k8s.io"],
            apiVersions: ["*"],
            operations: ["CREATE", "UPDATE", "DELETE"],
            resources: ["clusterrolebindings", "rolebindings"],
          },
        ],
      },
      validations: [
        {
          expression: protectionExpression(protect),
          message:
            "Gatehouse keeps this binding: expected a change by ada, system:serviceaccount:ci:b, group okta:Break Glass. Fix: change the stack file, and let the deployer update.",
          reason: "Forbidden",
        },
      ],
    },
  });
  const binding = only(simulation, `${type}Binding`);
  expect(binding.inputs).toMatchObject({
    metadata: { name: "gatehouse-prod-1-bindings" },
    spec: { policyName: "gatehouse-prod-1-bindings", validationActions: ["Deny"] },
  });
  for (const access of simulation.resources.filter(({ type: one }) => one === "gatehouse:index:RoleBindings")) {
    expect(access.dependsOn).toContain(binding.name);
  }
  expect(simulation.result.value.bindingsKeptFor).toEqual({ ...protect, deployers: ["ada", "system:serviceaccount:ci:b"] });
});

test("names are texts of CEL whatever they hold", () => {
  expect(protectionExpression({ deployers: ['a" || true || "'], breakGlassGroup: "b\\" })).toBe(
    String.raw`request.userInfo.username in ["a\" || true || \""] || "b\\" in request.userInfo.groups || ` +
      '(request.operation == "DELETE" && request.userInfo.username in ["system:kube-controller-manager","system:serviceaccount:kube-system:generic-garbage-collector","system:serviceaccount:kube-system:namespace-controller"])',
  );
});

test("a platform with people and bindings of its own has a policy for those, under which its own account may note and not decide", async () => {
  const access = [{ user: "ana@example.com", role: "platform-regular" }];
  const people = {
    ...described,
    platforms: { ...described.platforms, ks: { kind: "kubesphere4", host: "https://ks.example.com", access } },
  };
  const { resources } = await made(people as unknown as EnvironmentInput);
  const [bindings, own, ...others] = resources.filter((resource) => resource.type === type);
  expect(others).toEqual([]);
  expect(bindings?.inputs).toMatchObject({ metadata: { name: "gatehouse-prod-1-bindings" } });
  const controller = "system:serviceaccount:kubesphere-system:kubesphere";
  expect(own?.inputs).toMatchObject({
    metadata: { name: "gatehouse-prod-1-bindings-iam-kubesphere-io" },
    spec: {
      matchConstraints: {
        objectSelector: { matchExpressions: [{ values: ["k10", "ks"] }] },
        resourceRules: [
          { apiGroups: ["iam.kubesphere.io"], resources: ["globalrolebindings", "rolebindings", "users", "workspacerolebindings"] },
        ],
      },
      validations: [{ expression: peopleExpression(protect, { group: "iam.kubesphere.io", resources: [], controller }) }],
    },
  });
  const labelled = resources.filter(({ type: one }) => one.startsWith("kubernetes:iam.kubesphere.io/"));
  expect(labelled.length).toBeGreaterThan(1);
  for (const { inputs } of labelled) {
    expect(inputs).toMatchObject({ metadata: { labels: { "app.kubernetes.io/managed-by": "gatehouse", "gatehouse.dev/platform": "ks" } } });
  }
});

test("what the platform's own account may change decides nothing", () => {
  const expression = peopleExpression(protect, { group: "iam.kubesphere.io", resources: [], controller: "ks" });
  expect(
    expression.startsWith(`${protectionExpression(protect)} || (request.operation == "UPDATE" && request.userInfo.username == "ks" && `),
  ).toBe(true);
  for (const field of ["spec", "subjects", "roleRef"]) {
    expect(expression).toContain(`(!has(object.${field}) || object.${field} == oldObject.${field})`);
  }
  for (const field of ["metadata.labels", "metadata.annotations"]) {
    expect(expression).toContain(`oldObject.${field}.all(key, key in object.${field} && object.${field}[key] == oldObject.${field}[key])`);
    expect(expression).toContain(`!key.startsWith("iam.kubesphere.io/")`);
  }
});
