import {
  builtInRules,
  cheapestMitigation,
  mitigationText,
  reachOf,
  reachWords,
  wayCodes,
  type HeldRule,
  type PolicyRule,
  type Scene,
} from "../../../model";

const rule = (verbs: string[], resources: string[], apiGroups = [""], resourceNames?: string[]): PolicyRule => ({
  verbs,
  apiGroups,
  resources,
  ...(resourceNames && { resourceNames }),
});
const wide = (...rules: PolicyRule[]): HeldRule[] => rules.map((one) => ({ rule: one }));
const within = (place: string, ...rules: PolicyRule[]): HeldRule[] => rules.map((one) => ({ rule: one, place }));
const everything = wide(...(builtInRules("cluster-admin") ?? []));

const scene: Scene = {
  accounts: [
    { namespace: "kasten-io", name: "catalog-svc", held: [] },
    { namespace: "kasten-io", name: "controllermanager-svc", held: everything, runs: true },
    { namespace: "shop", name: "cart", held: [] },
  ],
  platforms: [{ namespace: "kasten-io", title: "Kasten K10" }],
};
const codes = (held: HeldRule[], where: Scene = scene) =>
  reachOf(held, where).map(({ code, everything: all }) => `${code}${all ? "!" : ""}`);

const rbac = ["rbac.authorization.k8s.io"];
const admission = ["admissionregistration.k8s.io"];
const certificates = ["certificates.k8s.io"];

test.each<[string, HeldRule[], string[]]>([
  ["everything", everything, ["everything!"]],
  ["reading pods leads nowhere", wide(rule(["get", "list"], ["pods"])), []],
  ["a token of the accounts of a namespace", within("kasten-io", rule(["create"], ["serviceaccounts/token"])), ["account-token!"]],
  ["where no account leads further", within("shop", rule(["create"], ["serviceaccounts/token"])), ["account-token"]],
  [
    "a token of a named account",
    within("kasten-io", rule(["create"], ["serviceaccounts/token"], [""], ["controllermanager-svc"])),
    ["account-token!"],
  ],
  [
    "a token of a named weak account",
    within("kasten-io", rule(["create"], ["serviceaccounts/token"], [""], ["catalog-svc"])),
    ["account-token"],
  ],
  ["a token Secret takes two rights", within("kasten-io", rule(["create", "get"], ["secrets"])), ["token-secret!", "read-secrets"]],
  ["one of them is not enough", within("kasten-io", rule(["create"], ["secrets"])), []],
  [
    "a Secret of a name of their own",
    within("kasten-io", rule(["create"], ["secrets"]), rule(["get"], ["secrets"], [""], ["mine"])),
    ["token-secret!", "read-secrets"],
  ],
  ["create for a name is no create", within("kasten-io", rule(["create", "get"], ["secrets"], [""], ["mine"])), ["read-secrets"]],
  ["rights of the whole cluster reach into each namespace", wide(rule(["create"], ["pods"])), ["run-pod!"]],
  ["workloads", within("kasten-io", rule(["patch"], ["deployments"], ["apps"])), ["run-pod!"]],
  ["jobs", within("kasten-io", rule(["create"], ["cronjobs"], ["batch"])), ["run-pod!"]],
  ["a pod that runs", within("kasten-io", rule(["create"], ["pods/exec"])), ["enter-pod!"]],
  ["a debug container", within("kasten-io", rule(["patch"], ["pods/ephemeralcontainers"])), ["enter-pod!"]],
  ["impersonation of users", wide(rule(["impersonate"], ["users"])), ["impersonate!"]],
  ["of named users", wide(rule(["impersonate"], ["users"], [""], ["bob"])), []],
  ["of the accounts of a namespace", within("kasten-io", rule(["impersonate"], ["serviceaccounts"])), ["impersonate!"]],
  [
    "bind",
    wide(rule(["bind"], ["clusterroles"], rbac), rule(["create"], ["clusterrolebindings"], rbac)),
    ["bind!", "declared-bindings"].slice(0, 1),
  ],
  ["bind alone", wide(rule(["bind"], ["clusterroles"], rbac)), []],
  ["bind of another role", wide(rule(["bind"], ["clusterroles"], rbac, ["view"]), rule(["create"], ["clusterrolebindings"], rbac)), []],
  ["escalate", wide(rule(["escalate", "update"], ["clusterroles"], rbac)), ["escalate!"]],
  ["webhooks", wide(rule(["patch"], ["mutatingwebhookconfigurations"], admission)), ["webhook!"]],
  ["mutating policies", wide(rule(["create"], ["mutatingadmissionpolicies"], admission)), ["mutating-policy!"]],
  ["validating policies taken away", wide(rule(["delete"], ["validatingadmissionpolicies"], admission)), ["validating-policy"]],
  ["nodes/proxy", wide(rule(["get"], ["nodes/proxy"])), ["node-proxy!"]],
  ["nodes/proxy in a namespace is nothing", within("shop", rule(["get"], ["nodes/proxy"])), []],
  [
    "a certificate",
    wide(
      rule(["create"], ["certificatesigningrequests"], certificates),
      rule(["update"], ["certificatesigningrequests/approval"], certificates),
      rule(["approve"], ["signers"], certificates),
    ),
    ["certificate!"],
  ],
  ["an operator's Stack", within("deploy", rule(["update"], ["stacks"], ["pulumi.com"])), ["operator-stack"]],
  ["settings of sign-in, where a platform is", within("kasten-io", rule(["update"], ["configmaps"])), ["sign-in-settings"]],
  ["and nowhere else", within("shop", rule(["update"], ["configmaps"])), []],
  ["declared bindings", wide(rule(["delete"], ["rolebindings"], rbac)), ["declared-bindings"]],
  [
    "constrained impersonation",
    wide(rule(["impersonate:user-info"], ["users"], ["authentication.k8s.io"]), rule(["impersonate-on:user-info:list"], ["pods"])),
    ["impersonate-for"],
  ],
  ["half of it", wide(rule(["impersonate:user-info"], ["users"], ["authentication.k8s.io"])), []],
])("%s", (_, held, wanted) => {
  expect(codes(held)).toEqual(wanted);
});

test("accounts are followed: a weak one that may take a strong one leads as far", () => {
  const chain: Scene = {
    accounts: [
      { namespace: "shop", name: "cart", held: within("kasten-io", rule(["create"], ["pods"])) },
      { namespace: "kasten-io", name: "controllermanager-svc", held: everything },
    ],
  };
  expect(reachOf(within("shop", rule(["create"], ["pods"])), chain)).toMatchObject([
    {
      code: "run-pod",
      everything: true,
      by: [
        "shop/cart may take kasten-io/controllermanager-svc (run-pod)",
        "kasten-io/controllermanager-svc may do anything in the whole cluster",
      ],
    },
  ]);
});

test("edit in the namespace of Kasten K10 is the whole cluster, in words, with what would close it", () => {
  const findings = reachOf(within("kasten-io", ...(builtInRules("edit") ?? [])), scene);
  const [first = ""] = reachWords(findings, scene);
  expect(first).toMatch(
    /^Reaches everything in the cluster: in kasten-io they may create tokens of service accounts \(create serviceaccounts\/token\), or /,
  );
  expect(first).toMatch(
    /and so be kasten-io\/controllermanager-svc; kasten-io\/controllermanager-svc may do anything in the whole cluster\.$/,
  );
  expect(reachWords(reachOf(within("kasten-io", ...(builtInRules("view") ?? [])), scene), scene)).toEqual([]);
});

test("the cheapest mitigation takes out the fewest rights, and rather writing than reading", () => {
  const findings = reachOf(within("kasten-io", rule(["create", "get"], ["secrets"])), scene);
  const mitigation = cheapestMitigation(findings);
  expect(mitigation && mitigationText(mitigation)).toBe(
    "Cheapest: take create secrets in kasten-io out of the role; or an admission policy that refuses Secrets of type kubernetes.io/service-account-token from anybody but the platform itself.",
  );
  expect(cheapestMitigation(reachOf(within("shop", rule(["create", "get"], ["secrets"])), scene))).toBeUndefined();
});

test("every way has a meaning", () => {
  expect(Object.values(wayCodes).every((meaning) => /^[A-Z].*\.$/.test(meaning))).toBe(true);
});
