import { addProblem, describeReceived } from "../text/problems";
import { dnsLabelSchema } from "../text/names";

/** Namespaces that are in every cluster. Kubernetes keeps those that begin with `kube-` for itself. */
const alwaysThere = /^(default|kube-.+)$/;

/** A namespace that the stack makes. One that is there already would stop the update half-way, with the registration made. */
export const newNamespaceSchema = dnsLabelSchema.superRefine((name, context) => {
  if (alwaysThere.test(name)) {
    addProblem(context, [], {
      expected: "a namespace of the platform's own, which the stack makes: default and kube-* are there already",
      received: describeReceived(name, []),
      fix: "leave it out, or write another name",
    });
  }
});
