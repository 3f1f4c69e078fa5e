/**
 * The Pulumi engine as the commands ask it: how it is started (`run.ts`) and what its JSON says (`output.ts`). Holds nothing that
 * knows what an environment is; what a plan means for access is in preview/ and reports/, what a refresh means is in drift/.
 */
export { readConfiguration, type Configuration } from "./configuration";
export { engineArguments, errorText, runEngine, type EngineOptions } from "./run";
export { isStack, nameOf, operationOf, readEngineDigest, readEnginePreview, typeOf, type EngineDigest, type EnginePreview } from "./output";
export { isUnknown, type ResourceState } from "./states";
