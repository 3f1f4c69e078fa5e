import { authenticationConfiguration } from "../../../lab/machine/cluster";
import type { ParityPart } from "../part";
import { rbacParity, rbacParityLine } from "./";

/** RBAC against the real API server; see the folder's index. */
export const rbac: ParityPart = {
  name: "rbac",
  run: async ({ count, seed, startServer, say }) => {
    const server = await startServer({ authenticationConfiguration: authenticationConfiguration([]) });
    try {
      const result = await rbacParity({ kubeconfigPath: server.kubeconfigPath, cases: count, seed });
      result.disagreements.forEach(say);
      say(rbacParityLine(result));
      return {
        agreement: {
          decision: { agreed: result.agreed, of: result.cases },
          "aggregated roles": { agreed: result.aggregated.agreed, of: result.aggregated.roles },
          impersonation: { agreed: result.impersonated.agreed, of: result.impersonated.cases },
        },
      };
    } finally {
      await server.stop();
    }
  },
};
