/**
 * The toolbox of the tree: names, addresses, days of the calendar, certificates, problems in words, stable order, what a terminal may
 * show. Each is about text alone: nothing here knows an environment, an identity provider or a platform.
 */
export { chartRepositorySchema, hostNameOf, hostUrlSchema, originSchema } from "./addresses";
export { addDays, addDaysTo, dayOf, days, daysBetween, endOfDay, isDay, startOfDay, startOfDayText } from "./calendar";
export { failureExits, GatehouseError, type ErrorCause, type FailureExit } from "./errors";
export { guidPattern } from "./guid";
export { isMapping, mappingOf } from "./mapping";
export { inOneLine, isPlain, jsonOrNothing, jsonText, printable, textLine, textLines } from "./printable";
export {
  describeReceived,
  formatPath,
  formatProblem,
  InvalidEnvironmentError,
  onePerPlace,
  problemsFromZod,
  valueAt,
  withheld,
  type Problem,
} from "./problems";
export { compareText, contentHash, sortKeys, stableJson } from "./stable-order";
export { isReservedName, isTrustedName, prefixFault } from "./trusted-names";
