/** Programs of the lab that are started again and again: each is one JavaScript file in the user's cache folder, since a start-up counts. */
export { cachedBundle } from "./cached-bundle";
