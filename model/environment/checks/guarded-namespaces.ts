import { platformOf } from "../../platforms";
import { describeReceived, type Problem } from "../../text/problems";
import type { WithoutIdentityProvider } from "./check";

/**
 * Whoever may run pods in a platform's own namespace may run them under its service accounts, which administer the cluster:
 * controllermanager-svc of K10, the operator of OpenUnison, KubeSphere's controllers.
 */
export const guardedNamespaces: WithoutIdentityProvider = {
  name: "nobody writes in a platform's own namespace unseen",
  asksIdentityProvider: false,
  find({ platforms }) {
    const guarded = new Map(
      Object.entries(platforms).flatMap(([name, spec]) => {
        const definition = platformOf(spec);
        const { ownNamespaces = [] } = definition;
        const installed = definition.installs(spec)?.namespace;
        return [...ownNamespaces, ...(installed === undefined ? [] : [installed])].map((namespace) => [namespace, name] as const);
      }),
    );
    return Object.entries(platforms).flatMap(([name, spec]) => {
      const { roles } = platformOf(spec);
      const acknowledges = "insecureClusterAdmin" in spec;
      if (acknowledges && spec.insecureClusterAdmin) {
        return [];
      }
      return spec.access.flatMap(({ role, namespaces = [] }, position) =>
        roles[role]?.writes !== true
          ? []
          : namespaces.flatMap((namespace, index): Problem[] => {
              const owner = guarded.get(namespace);
              return owner === undefined
                ? []
                : [
                    {
                      path: ["platforms", name, "access", position, "namespaces", index],
                      expected: `namespaces that are no platform's own: with '${role}' in the one of '${owner}' a person can take cluster-admin`,
                      received: describeReceived(namespace, []),
                      fix: `grant a role there that only reads${acknowledges ? "; or acknowledge with insecureClusterAdmin: true" : ""}`,
                    },
                  ];
            }),
      );
    });
  },
};
