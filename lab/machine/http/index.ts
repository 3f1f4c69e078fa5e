/**
 * What every small server of the lab does with HTTP: vendors, relying parties and tests alike. It knows no vendor, no platform and no
 * OpenID Connect; routes stand with whoever serves them.
 */
export { cookieOf, escapeHtml, readBody, readText, redirect, replayRequest, requestTarget, sameText, sendHtml, sendJson } from "./messages";
export { close, listen, serve } from "./server";
export { authority, send, type Answer, type HostMap, type Route, type SendOptions } from "./client";
