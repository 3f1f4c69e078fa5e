import { environmentRisks, grantReach, parseEnvironment } from "../../../model";
import { adminReach, sampleRaw, today } from "../../fixtures/sample";

/** K10 and the API server behind one identity provider, with one grant at the API server. */
function beside(role: string, namespaces: string[], k10: Record<string, unknown> = {}) {
  const raw = sampleRaw();
  raw.idp["authorizationServer"] = { existing: "default" };
  Object.assign(raw.platforms.k10, k10);
  raw.platforms["api"] = {
    kind: "kubernetes",
    server: "https://api.example.com:6443",
    insecureClusterAdmin: true,
    access: [{ group: "backup-operators", role, namespaces }],
  };
  return parseEnvironment(raw, today).environment;
}

const reachOfDevelopers = (role: string, namespaces: string[], k10?: Record<string, unknown>) =>
  grantReach(beside(role, namespaces, k10), "api", { group: "backup-operators", role, namespaces });

test("K10's administrators reach everything, and the mitigation is told", () => {
  const { environment } = parseEnvironment(sampleRaw(), today);
  const { sentences, everything, mitigation } = grantReach(environment, "k10", { group: "backup-admins", role: "admin" });
  expect([sentences, everything]).toEqual([[adminReach], true]);
  expect(mitigation).toMatch(/^Cheapest: an admission policy that refuses /);
  expect(grantReach(environment, "k10", { group: "auditors", role: "view" })).toEqual({ sentences: [], everything: false });
  expect(grantReach(environment, "k10", { group: "backup-operators", role: "basic", namespaces: ["shop"] }).everything).toBe(false);
});

test("a custom service account, and a chart with one account for all", () => {
  expect(reachOfDevelopers("edit", ["kasten-io"], { values: { serviceAccount: { name: "backup" } } }).sentences[0]).toContain(
    "and so be kasten-io/backup; kasten-io/backup may do anything in the whole cluster.",
  );
  expect(reachOfDevelopers("edit", ["kasten-io"], { chart: { version: "6.5.14" } }).sentences[0]).toContain("and so be kasten-io/k10-k10;");
});

test("edit in a platform's own namespace is the whole cluster; elsewhere, and to look on, it is not", () => {
  expect(reachOfDevelopers("edit", ["kasten-io"])).toMatchObject({ everything: true });
  expect(reachOfDevelopers("edit", ["shop"])).toEqual({ sentences: [], everything: false });
  expect(reachOfDevelopers("view", ["kasten-io"])).toEqual({ sentences: [], everything: false });
  const risks = environmentRisks(beside("edit", ["kasten-io"]));
  expect(risks.find((risk) => risk.startsWith("api: edit"))).toMatch(
    /^api: edit reaches everything in the cluster: in kasten-io they may /,
  );
});

test("a role that says itself that it may do anything is not told twice", () => {
  const raw = sampleRaw();
  raw.idp["authorizationServer"] = { existing: "default" };
  const grant = { group: "backup-admins", role: "cluster-admin" };
  raw.platforms["api"] = { kind: "kubernetes", server: "https://api.example.com:6443", insecureClusterAdmin: true, access: [grant] };
  expect(grantReach(parseEnvironment(raw, today).environment, "api", grant)).toEqual({ sentences: [], everything: true });
});
