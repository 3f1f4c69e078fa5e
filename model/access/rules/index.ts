/** Rules of RBAC: what one allows, and those of Kubernetes' own roles. Pure; who is bound to them is the verifier's to know (verifier/rbac). */
export { builtInRoles, builtInRules, type BuiltInRole } from "./built-in-roles";
export {
  isUrlRequest,
  ruleAllows,
  ruleText,
  type AccessRequest,
  type PolicyRule,
  type ResourceRequest,
  type UrlRequest,
} from "./policy-rule";
