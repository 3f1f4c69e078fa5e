/** Okta: its settings and facts (okta), the bounded groups claim (groups-filter), what its API's errors mean (failures). */
export { oktaGroupsFilter } from "./groups-filter";
export { oktaIssuerMode } from "./issuer-mode";
export { okta, type OktaInput, type OktaSpec } from "./okta";
