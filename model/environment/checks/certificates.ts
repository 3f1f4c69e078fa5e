import { platformOf } from "../../platforms";
import { certificateLifetimeFault } from "../../text/certificates";
import type { Problem } from "../../text/problems";
import type { WithoutIdentityProvider } from "./check";

export const certificates: WithoutIdentityProvider = {
  name: "no certificate that a stack hands out ends soon",
  asksIdentityProvider: false,
  find: ({ platforms }, today) =>
    Object.entries(platforms).flatMap(([name, spec]) =>
      (platformOf(spec).certificates?.(spec) ?? []).flatMap(({ path, pem }): Problem[] => {
        const fault = certificateLifetimeFault(pem, today);
        return fault === undefined ? [] : [{ path: ["platforms", name, ...path], ...fault, fix: "renew it first" }];
      }),
    ),
};
