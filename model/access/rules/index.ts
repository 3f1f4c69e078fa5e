/** Rules of RBAC: what one allows, and what can be made of several. Pure; who is bound to them is the verifier's to know (verifier/rbac). */
export {
  isUrlRequest,
  ruleAllows,
  ruleText,
  type AccessRequest,
  type PolicyRule,
  type ResourceRequest,
  type UrlRequest,
} from "./policy-rule";
