import type { Proof, Scenario } from "./scenario";

const platform = "cluster";
const ana = "ana@example.com";
const omar = "omar@example.com";
const ada = "ada@example.com";

const pods = (verb: string, namespace?: string) => ({
  verb,
  group: "",
  resource: "pods",
  ...(namespace === undefined ? {} : { namespace }),
});
const secrets = (namespace: string) => ({ verb: "get", group: "", resource: "secrets", namespace });

const proof = (login: string, expected: Proof["expected"], tries: string, question: Proof["question"]): Proof => ({
  login,
  platform,
  tries,
  question,
  expected,
});

/** The API server itself: people's own ID tokens, judged by the AuthenticationConfiguration that the stack generated. */
export const labApiserverOkta: Scenario = {
  stack: "lab-apiserver-okta",
  namespaces: ["shop", "billing"],
  people: [
    { login: ana, firstName: "Ana", lastName: "Admin", part: "administrator of shop and billing" },
    { login: omar, firstName: "Omar", lastName: "Operator", part: "operator of shop" },
    { login: ada, firstName: "Ada", lastName: "Auditor", part: "auditor", existingGroups: ["Security Auditors"] },
    { login: "nils@example.com", firstName: "Nils", lastName: "Nobody", part: "assigned to nothing" },
  ],
  filledIn: [
    { at: ["gatehouse:platforms", platform, "server"], with: "api-server" },
    { at: ["gatehouse:platforms", platform, "certificateAuthority"], with: "api-server-authority" },
    { at: ["gatehouse:platforms", platform, "issuerCertificateAuthority"], with: "lab-authority" },
  ],
  refused: [{ login: "nils@example.com", platform }],
  proofs: [
    proof(ana, "allowed", "bind a role in namespace billing", {
      verb: "create",
      group: "rbac.authorization.k8s.io",
      resource: "rolebindings",
      namespace: "billing",
    }),
    proof(ana, "denied", "list pods of the whole cluster", pods("list")),
    proof(ana, "denied", "read secrets of namespace kube-system", secrets("kube-system")),
    proof(omar, "allowed", "delete a pod of namespace shop", pods("delete", "shop")),
    proof(omar, "denied", "delete a pod of namespace billing", pods("delete", "billing")),
    proof(ada, "allowed", "list pods of the whole cluster", pods("list")),
    proof(ada, "denied", "delete a pod of namespace shop", pods("delete", "shop")),
    proof(ada, "denied", "read secrets of namespace shop", secrets("shop")),
  ],
};
