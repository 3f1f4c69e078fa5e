import { deployEnvironment } from "../../../components/environment/deploy";
import { programScope } from "../../../components/scope";
import { parseEnvironment } from "../../../model";
import { settled, simulate } from "../harness";

const today = "2026-11-23";

/** OpenUnison on Entra ID, with bindings of object ids or of display names. */
async function bound(groupNames: "ids" | "displayNames") {
  const chain = groupNames === "ids" ? {} : { "orchestra-login-azuread": { version: "1.0.10" } };
  const { environment } = parseEnvironment(
    {
      idp: { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0" },
      groups: { admins: { displayName: "k8s-admins" } },
      platforms: {
        portal: {
          kind: "openunison",
          hosts: { portal: "k8sou.example.com", dashboard: "k8sdb.example.com" },
          direct: { apiServerUrl: "https://api.example.com:6443" },
          charts: {
            "openunison-operator": { version: "3.0.23" },
            orchestra: { version: "3.1.31" },
            "orchestra-login-portal": { version: "2.3.82" },
            ...chain,
          },
          groupNames,
          access: [{ group: "admins", role: "view", namespaces: ["shop"] }],
        },
      },
    },
    today,
  );
  const { resources, result } = await simulate(() => deployEnvironment({ environment, scope: programScope, stack: "lab", today }), {
    call: () => ({ objectId: "found" }),
    computed: (_type, name) => ({ objectId: `guid-of-${name}`, clientId: "client-1", result: "r", value: "v" }),
  });
  const binding = resources.find(({ type }) => type === "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding");
  const document = (await settled(result)).value;
  return {
    names: resources.map(({ name }) => name),
    subjects: (binding?.inputs["subjects"] as { name: string }[]).map(({ name }) => name),
    documented: document.access.map(({ subject }) => subject.name),
  };
}

test("with the group chain bindings and document name groups as people call them, and the app may read the directory", async () => {
  const { names, subjects, documented } = await bound("displayNames");
  expect(subjects).toEqual(["entra:k8s-admins"]);
  expect(documented).toEqual(subjects);
  expect(names).toEqual(expect.arrayContaining(["portal-group-names", "portal-app-reads-users"]));
});

test("without it both name the object id, and the app may read nothing", async () => {
  const { names, subjects, documented } = await bound("ids");
  expect(subjects).toEqual(["entra:guid-of-groups-admins"]);
  expect(documented).toEqual(subjects);
  expect(names.filter((name) => /-reads-|group-names/.test(name))).toEqual([]);
});
