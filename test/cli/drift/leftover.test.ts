import { bindingDrift } from "../../../cli/drift/bindings";
import type { LiveBinding } from "../../../cli/drift/types";
import { deployed } from "../engine-output";

const binding = (name: string, role: string, subjects: LiveBinding["subjects"]): LiveBinding => ({
  ...{ kind: "ClusterRoleBinding", name, subjects },
  roleRef: { kind: "ClusterRole", name: role },
});
const ana = { kind: "User", name: "ana@example.com" };
const ofChart = { kind: "Group", name: "k10:admins" };

test("what is left of a platform that was taken over: its own roles, under names that its people have no longer", () => {
  const { platforms, ...rest } = deployed();
  const taken = Object.fromEntries(Object.entries(platforms).map(([name, one]) => [name, { ...one, adoptedRoles: ["k10-admin"] }]));
  const live = [
    binding("prod-user-crb", "k10-admin", [ana, ofChart]),
    {
      ...binding("chart", "k10-admin", [ofChart, { kind: "ServiceAccount", name: "k10", namespace: "kasten-io" }]),
      helm: { release: { name: "k10", namespace: "kasten-io" }, hook: false, edited: false },
    },
    binding("others", "view", [ana]),
    binding("prefixed", "k10-admin", [{ kind: "Group", name: "okta:Others" }]),
  ];
  const found = bindingDrift({ ...rest, platforms: taken }, live, new Set(), "2026-11-28").filter(({ kind }) => kind !== "missing-binding");
  expect(found).toEqual([
    {
      kind: "leftover-binding",
      what: "ClusterRoleBinding prod-user-crb",
      detail:
        "gives ClusterRole k10-admin to User ana@example.com, names without the platform's prefix, from before the stack took it over",
      fix: expect.stringContaining("delete the binding") as string,
    },
    expect.objectContaining({ kind: "shadow-access", what: "ClusterRoleBinding prefixed" }) as object,
  ]);
  // Of one that the stack installed itself it is no leftover, but somebody's work.
  const others = bindingDrift({ ...rest, platforms }, live.slice(0, 3), new Set(), "2026-11-28").filter(
    ({ kind }) => kind !== "missing-binding",
  );
  expect(others.map(({ kind, what, detail }) => [kind, what, detail])).toEqual([
    [
      "shadow-access",
      "ClusterRoleBinding prod-user-crb",
      "gives ClusterRole k10-admin to User ana@example.com; the stack does not declare it",
    ],
  ]);
});
