import type { Problem } from "../../text/problems";
import type { WithoutIdentityProvider } from "./check";
import { unknownGroup } from "./unknown-group";

export const grants: WithoutIdentityProvider = {
  name: "each grant names a group of the environment",
  asksIdentityProvider: false,
  find({ groups, platforms }) {
    return Object.entries(platforms).flatMap(([name, { access }]) =>
      access.flatMap(({ group }, position): Problem[] =>
        group === undefined ? [] : unknownGroup(groups, group, ["platforms", name, "access", position, "group"]),
      ),
    );
  },
};
