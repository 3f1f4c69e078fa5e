/** Okta: its settings and facts (okta), the bounded groups claim (groups-filter), what its API's errors mean (failures). */
export { oktaGroupsFilter } from "./groups-filter";
export { okta, type OktaSpec } from "./okta";
