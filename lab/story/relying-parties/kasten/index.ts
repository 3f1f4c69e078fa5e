/**
 * K10's sign-in service and dashboard: its configuration as the chart rendered it (`configuration`, `deployment`), who a token makes of a
 * person (`identity`, pure), and its pages (`handler`).
 */
import type { RelyingPartyDefinition } from "../contract";
import { startKastenRelyingParty } from "./kasten";

export const kastenRelyingParty: RelyingPartyDefinition = {
  start(platform, surroundings) {
    if (platform.release === undefined) {
      throw new Error(`${platform.title}: expected a Helm release in the environment document, got none.`);
    }
    const { namespace, release } = platform.release;
    return startKastenRelyingParty({ ...surroundings, namespace, release, groupsFromUserInfo: platform.groupsFrom === "userinfo" });
  },
};
