import { proofsAt, type Proof } from "./scenario";

const platform = "k10";

/** Asked of the roles that the chart makes; see the vendor's chart, templates/rbac.yaml. */
const backup = (namespace: string) => ({ verb: "create", group: "actions.kio.kasten.io", resource: "backupactions", namespace });
const profile = (verb: string) => ({ verb, group: "config.kio.kasten.io", resource: "profiles", namespace: "kasten-io" });
const secrets = (namespace: string) => ({ verb: "get", group: "", resource: "secrets", namespace });

interface People {
  readonly administrator: string;
  readonly operator: string;
  readonly auditor: string;
}

/** What the three people of a K10 stack may and may not do: the same whichever identity provider they come from. */
export function k10Proofs({ administrator, operator, auditor }: People): Proof[] {
  const proof = proofsAt(platform);
  return [
    proof(administrator, "allowed", "start a backup in namespace shop", backup("shop")),
    proof(administrator, "allowed", "start a backup in namespace billing", backup("billing")),
    proof(administrator, "allowed", "create a location profile", profile("create")),
    // A Role of K10's own namespace: it needs the second of the two administrator bindings.
    proof(administrator, "allowed", "read the deployments of K10's namespace", {
      verb: "get",
      group: "apps",
      resource: "deployments",
      namespace: "kasten-io",
    }),
    proof(administrator, "denied", "read secrets of namespace kube-system", secrets("kube-system")),
    proof(operator, "allowed", "start a backup in namespace shop", backup("shop")),
    proof(operator, "denied", "start a backup in namespace billing", backup("billing")),
    proof(operator, "denied", "create a location profile", profile("create")),
    proof(operator, "denied", "read secrets of namespace shop", secrets("shop")),
    proof(auditor, "allowed", "read location profiles", profile("get")),
    proof(auditor, "denied", "create a location profile", profile("create")),
    proof(auditor, "denied", "start a backup in namespace shop", backup("shop")),
    proof(auditor, "denied", "read secrets of K10's namespace", secrets("kasten-io")),
  ];
}
