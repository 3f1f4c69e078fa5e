/**
 * What Go's libraries make of bytes, to the letter: JSON as `encoding/json` and go-jose read it, base64url, compact signatures, key sets.
 * Most of what is installed around Kubernetes is written in Go, and where two readers of one token disagree somebody gets in or is kept
 * out. Holds no rule of any platform and no message for people beyond the reason of a failure; `api-server/` beside it uses it.
 */
export { decodeBase64Url } from "./base64";
export { GoJsonError, member, parseGoJson, plainValue, type JsonNode, type JsonObject } from "./json";
export { parseCompactSignature, type CompactSignature } from "./compact-signature";
export { readKeySet, type KeySetResult, type VerificationKey } from "./key-set";
export { verifiesWith } from "./signature";
