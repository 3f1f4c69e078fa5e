/**
 * What people and pipelines do with a deployed stack. One lab for all of it: the first suite ends with the stack as it is written, which is
 * where each of the others begins.
 */
import { killed } from "./killed.suite";
import { noNewAccess } from "./no-new-access.suite";
import { oktaLogin } from "./okta-login.suite";
import { reviews } from "./reviews.suite";
import { onOneLab } from "./shared-lab";

onOneLab("lab-k10-okta", { killed, "no-new-access": noNewAccess, "okta-login": oktaLogin, reviews });
