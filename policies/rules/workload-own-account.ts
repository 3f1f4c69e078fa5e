import { matchesGlob } from "../../model/text/glob";
import { objectsOf } from "../reading/objects";
import { mismatch, stackRule, type Finding, type Subject } from "../rule";
import { serviceAccountTypes, workloadTypes } from "../types";
import { at, text, unknownValue, type Value } from "../value";
import { rbacNoClusterAdmin } from "./rbac-no-cluster-admin";

export const workloadOwnAccount = stackRule({
  id: "workload-own-account",
  title: "A workload runs under an account of its own, not under one that rules the cluster",
  severity: "critical",
  level: "mandatory",
  rationale:
    "A pod that names a service account is that account. In K10's, OpenUnison's or KubeSphere's namespace, or in kube-system, such an account is cluster-admin by another name, and no binding of the program shows it: what runs in the pod, and whoever may enter it, rules the cluster.",
  remediation: "Make a ServiceAccount in the program, with a role of its own, or run the workload in another namespace.",
  controls: ["cis-5.1.1"],
  unknowns:
    "An account or namespace that is unknown is judged at the update. Accounts count as the workload's own where the program makes them; the default account has what is bound to it (rbac-no-system-groups). Workloads inside charts are not seen.",
  types: [workloadTypes, serviceAccountTypes],
  settings: { guardedNamespaces: rbacNoClusterAdmin.settings.guardedNamespaces },
  check(resources, { guardedNamespaces }) {
    const own = resources
      .filter(({ type }) => serviceAccountTypes.test(type))
      .flatMap((account) => objectsOf(account).map(({ object }) => ({ ...placeOf(object, account), called: account.name })));
    return resources
      .filter(({ type }) => workloadTypes.test(type))
      .flatMap((workload) =>
        objectsOf(workload).flatMap(({ object, path }): Finding[] => {
          const { namespace } = placeOf(object, workload);
          const [place, account] = accountOf(object);
          if (account === undefined || account === "default" || typeof namespace !== "string") {
            return [];
          }
          // What is not known yet of an account may be what the workload names.
          const made = own.some((each) => isOrMayBe(each.name ?? each.called, account) && isOrMayBe(each.namespace ?? "", namespace));
          return made || !guardedNamespaces.some((glob) => matchesGlob(glob, namespace))
            ? []
            : [{ urn: workload.urn, ...mismatch(`${path}${place}`, "an account that the program makes", `${account} in ${namespace}`) }];
        }),
      );
  },
});

function isOrMayBe(value: Value, name: string): boolean {
  return value === name || value === unknownValue;
}

interface Place {
  readonly name: Value | undefined;
  readonly namespace: Value | undefined;
}

/** What an object is called, and in which namespace: where it names none, in its provider's. */
function placeOf(object: Value, { provider }: Subject): Place {
  return { name: at(object, "metadata", "name"), namespace: at(object, "metadata", "namespace") ?? at(provider, "namespace") };
}

/** The account of the pods, with its path: a pod's own, or that of the template which pods are made from. */
function accountOf(object: Value): [string, string | undefined] {
  for (const path of ["spec.jobTemplate.spec.template.spec", "spec.template.spec", "spec"]) {
    for (const name of ["serviceAccountName", "serviceAccount"]) {
      const account = text(object, ...path.split("."), name);
      if (account !== undefined && account !== "") {
        return [`${path}.${name}`, account];
      }
    }
  }
  return ["spec", undefined];
}
