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
function objectName(stack: string): string {
  return `gatehouse-${stack
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")}-bindings`;
}

/**
 * Refuses changes to the bindings of these platforms by anybody but the deployers and the break-glass group. A binding counts by what it
 * is and by what it was, so that neither a new one under Gatehouse's labels nor one whose labels are taken off passes by.
 *
 * The API server asks no admission policy about admission policies: whoever may change those may take this one away.
 * @returns what the bindings wait for, so that a name that is wrong shows before one of them is made
 */
export function protectBindings(
  protect: ProtectBindings,
  { scope, stack, platforms }: { readonly scope: Scope; readonly stack: string; readonly platforms: readonly string[] },
): pulumi.Resource {
  const name = objectName(stack);
  const metadata = { name, labels: { "app.kubernetes.io/managed-by": "gatehouse" }, annotations: { "pulumi.com/patchForce": "true" } };
  const allowed = [...[...protect.deployers].sort(compareText), `group ${protect.breakGlassGroup}`].join(", ");
  // A fixed name: `pulumi up --replace` would otherwise make the new one first, under a name that is taken.
  const options = { ...scope.options, deleteBeforeReplace: true };
  const policy = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
    scope.name("binding-protection"),
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
            message: `Gatehouse keeps this binding: expected a change by ${allowed}. Fix: change the stack file, and let the deployer update.`,
            reason: "Forbidden",
          },
        ],
      },
    },
    options,
  );
  return new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
    scope.name("binding-protection-everywhere"),
    { metadata, spec: { policyName: policy.metadata.name, validationActions: ["Deny"] } },
    { ...options, parent: policy },
  );
}
