/**
 * What is read from a deployed stack as evidence, and what keeps its bindings as they are. One lab for all of it: none of these changes what
 * the stack file says. The audit log begins with the lab, so the suite that counts the uses in it comes first.
 */
import { auditPolicy, evidenceAudit } from "./evidence-audit.suite";
import { evidenceOkta } from "./evidence-okta.suite";
import { protectBindings } from "./protect-bindings.suite";
import { onOneLab } from "./shared-lab";

const suites = { "evidence-audit": evidenceAudit, "protect-bindings": protectBindings, "evidence-okta": evidenceOkta };
onOneLab("lab-k10-okta", suites, { auditPolicy });
