import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { compareText, type ProtectBindings } from "../../model";
import type { Scope } from "../scope";

/**
 * What Kubernetes itself takes away with its owner or namespace, under either name of its controllers (with and without
 * --use-service-account-credentials). Refused, a namespace would stay in Terminating for ever.
 */
const cleaners = [
  "system:serviceaccount:kube-system:namespace-controller",
  "system:serviceaccount:kube-system:generic-garbage-collector",
  "system:kube-controller-manager",
];

/** Whom the policy lets through, in CEL; a text of CEL is written as in JSON (cel-spec, langdef.md, "String and Bytes Values"). */
export function protectionExpression({ deployers, breakGlassGroup }: ProtectBindings): string {
  const list = (names: readonly string[]): string => JSON.stringify([...names].sort(compareText));
  return [
    `request.userInfo.username in ${list(deployers)}`,
    `${JSON.stringify(breakGlassGroup)} in request.userInfo.groups`,
    `(request.operation == "DELETE" && request.userInfo.username in ${list(cleaners)})`,
  ].join(" || ");
}

/** A stack's name as part of an object's (RFC 1123 subdomain). */
function objectName(stack: string, key: string): string {
  return `gatehouse-${stack
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")}-${key}`;
}

/**
 * The same for objects that a platform's own controllers write to as well, to note finalizers, states and labels of their own. Its console
 * writes under the same account whatever its people ask for, so that account may change nothing that decides about access: not what is
 * bound, not the account's data, no label or annotation that ties a person to a sign-in.
 */
export function peopleExpression(protect: ProtectBindings, { group, controller }: PeopleApi): string {
  const own = JSON.stringify(`${group}/`);
  const part = (field: string): string =>
    `(has(object.${field}) == has(oldObject.${field}) && (!has(object.${field}) || object.${field} == oldObject.${field}))`;
  const kept = (field: string): string =>
    `(!has(oldObject.${field}) || (has(object.${field}) && oldObject.${field}.all(key, key in object.${field} && object.${field}[key] == oldObject.${field}[key])))`;
  const noneMore = (field: string): string =>
    `(!has(object.${field}) || object.${field}.all(key, !key.startsWith(${own}) || (has(oldObject.${field}) && key in oldObject.${field})))`;
  const marks = ["metadata.labels", "metadata.annotations"];
  const same = [...["spec", "subjects", "roleRef"].map(part), ...marks.map(kept), ...marks.map(noneMore)];
  return [
    protectionExpression(protect),
    `(request.operation == "UPDATE" && request.userInfo.username == ${JSON.stringify(controller)} && ${same.join(" && ")})`,
  ].join(" || ");
}

/** Where a platform keeps its people and their bindings, and under which name it writes to them itself. */
export interface PeopleApi {
  readonly group: string;
  readonly resources: readonly string[];
  readonly controller: string;
}

interface Protected {
  readonly scope: Scope;
  readonly stack: string;
  readonly platforms: readonly string[];
  /** Of platforms that bind people by objects of their own. */
  readonly apis?: readonly PeopleApi[];
}

/**
 * Refuses changes to the bindings of these platforms by anybody but the deployers and the break-glass group. A binding counts by what it
 * is and by what it was, so that neither a new one under Gatehouse's labels nor one whose labels are taken off passes by.
 *
 * The API server asks no admission policy about admission policies: whoever may change those may take this one away.
 * @returns what the bindings wait for, so that a name that is wrong shows before one of them is made
 */
export function protectBindings(protect: ProtectBindings, protectedObjects: Protected): pulumi.Resource[] {
  const { apis = [] } = protectedObjects;
  const expression = protectionExpression(protect);
  const rbac = { group: "rbac.authorization.k8s.io", resources: ["clusterrolebindings", "rolebindings"], expression };
  return [
    createPolicy("bindings", protect, protectedObjects, rbac),
    ...apis.map((api) =>
      createPolicy(`bindings-${api.group.replace(/[^a-z0-9]+/g, "-")}`, protect, protectedObjects, {
        ...api,
        expression: peopleExpression(protect, api),
      }),
    ),
  ];
}

function createPolicy(
  key: string,
  protect: ProtectBindings,
  { scope, stack, platforms }: Protected,
  { group, resources, expression }: { readonly group: string; readonly resources: readonly string[]; readonly expression: string },
): pulumi.Resource {
  const metadata = {
    name: objectName(stack, key),
    labels: { "app.kubernetes.io/managed-by": "gatehouse" },
    annotations: { "pulumi.com/patchForce": "true" },
  };
  const allowed = [...[...protect.deployers].sort(compareText), `group ${protect.breakGlassGroup}`].join(", ");
  // A fixed name: `pulumi up --replace` would otherwise make the new one first, under a name that is taken.
  const options = { ...scope.options, deleteBeforeReplace: true };
  const resource = key.replace(/^bindings/, "binding-protection");
  const policy = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
    scope.name(resource),
    {
      metadata,
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          objectSelector: {
            matchLabels: { "app.kubernetes.io/managed-by": "gatehouse" },
            matchExpressions: [{ key: "gatehouse.dev/platform", operator: "In", values: [...platforms].sort(compareText) }],
          },
          resourceRules: [
            { apiGroups: [group], apiVersions: ["*"], operations: ["CREATE", "UPDATE", "DELETE"], resources: [...resources] },
          ],
        },
        validations: [
          {
            expression,
            message: `Gatehouse keeps this binding: expected a change by ${allowed}. Fix: change the stack file, and let the deployer update.`,
            reason: "Forbidden",
          },
        ],
      },
    },
    options,
  );
  return new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
    scope.name(`${resource}-everywhere`),
    { metadata, spec: { policyName: policy.metadata.name, validationActions: ["Deny"] } },
    { ...options, parent: policy },
  );
}
