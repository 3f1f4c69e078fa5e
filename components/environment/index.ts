/**
 * A whole environment: the identity provider, the platforms, and who may do what, from one typed description. Holds the component
 * (environment), and what it and the program in stacks/ share: look-ups first (make), then everything that the description asks for
 * (deploy). Never how one kind of identity provider or platform is made; those stand beside this folder.
 */
export { Environment, type EnvironmentArgs } from "./environment";
export { makeEnvironment, type Place } from "./make";
