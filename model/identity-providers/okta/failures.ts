import { takeInOrDelete, type FailureCause } from "../../failure-causes";

/** What Okta's management API says, as its provider passes it on. */
export const oktaFailureCauses: readonly FailureCause[] = [
  // E0000001 of the groups and apps APIs: "An object with this field already exists in the current organization".
  { cause: "exists", types: /^okta:/, sign: /already exists in the current organization/, remedy: takeInOrDelete },
];
